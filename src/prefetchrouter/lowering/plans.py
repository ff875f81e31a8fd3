"""Plans: what rules set, with each value in the form in which targets print it.

A plan is what one `Set` writes, or what several write together, merged by the code with which `evaluate`
merges. Rules that set the same share one, so that a target prints it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.key import Key
from prefetchrouter.evaluation.entries import FeatureEntry
from prefetchrouter.evaluation.leaf import Leaf, leaf_of
from prefetchrouter.evaluation.merge import merge
from prefetchrouter.lowering.header_operations import HeaderOperation, Message, header_operations
from prefetchrouter.lowering.parts import Parts, parts
from prefetchrouter.lowering.phases import Phase, acts_in
from prefetchrouter.lowering.substitution import (
    LoweredRedirect,
    Substitution,
    redirect_of,
    rewrites_of,
    substitution,
)
from prefetchrouter.rules.rule import Apply

T = TypeVar("T")

_PHASE_OF_HEADERS: Mapping[Message, Phase] = {
    "request": "early",
    "origin_response": "keep",
    "response": "client",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What applies to a request, value by value.

    Args:
        values: Each value by its key, such as ``"caching.max_age.200"``, as the model has it: a `Duration`
            has `seconds`, a `Size` has `bytes`. Headers by name are here too; `headers` has them in order.
        applied: The features that were merged, in the order of the rules.
        facts: The mapping of the property from facts to headers.
        phase: The phase that it is reduced to; None for all.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> (plan,) = lower(Router().always(caching={"max_age": "1h"})).plans
        >>> plan.value(keys.caching.max_age.entry(200)).seconds
        3600
    """

    values: Mapping[str, Any]
    applied: tuple[Apply, ...] = field(repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    phase: Phase | None = None

    def value(self, key: Key[T]) -> T | None:
        """Return a value by its key, or None if nothing sets it.

        Args:
            key: A key of `prefetchrouter.catalog.keys`, of one name where it is merged by name.
        """
        return cast("T | None", self.values.get(key))

    def by_name(self, key: str) -> dict[str, Any]:
        """Return the values of a feature that is merged by name or status, such as ``caching.max_age``.

        Example:
            >>> from prefetchrouter.rules.features import Features
            >>> features = Features(caching={"max_age": {"200": "1h", "404": "1m"}})
            >>> plan_of([Apply(features)]).by_name("caching.max_age")
            {'200': '1h', '404': '1m'}
        """
        start = f"{key}."
        return {name[len(start) :]: value for name, value in self.values.items() if name.startswith(start)}

    def headers(self, message: Message) -> tuple[HeaderOperation, ...]:
        """Return what is done to the headers of a message, in order.

        Args:
            message: ``"request"`` to the origin, ``"origin_response"`` before it is stored, or ``"response"``
                to the client.
        """
        if self.phase not in (None, _PHASE_OF_HEADERS[message]):
            return ()
        return tuple(
            operation
            for apply in self.applied
            for operation in header_operations(leaf_of(apply).header_changes, message, self.facts)
        )

    @property
    def rewrites(self) -> tuple[Substitution, ...] | None:
        """The rewrites, which are done one after the other, or None if nothing sets any."""
        wanted = self.value(keys.url.url_rewrite)
        return None if wanted is None else rewrites_of(wanted, self.facts)

    @property
    def redirect(self) -> LoweredRedirect | None:
        """The redirect; None without one."""
        wanted = self.value(keys.url.url_redirect)
        return None if wanted is None else redirect_of(wanted, self.facts)

    @property
    def body(self) -> Parts | None:
        """The text of the response, or None if nothing sets it; it is plain text, as users wrote it."""
        text = self.value(keys.response.set_response_body)
        return None if text is None else parts(text, self.facts)

    @property
    def status(self) -> int | Parts | None:
        """The status of the response: a number, or a text whose variables may give one of three digits."""
        status = self.value(keys.response.set_status_code)
        return parts(status, self.facts) if isinstance(status, str) else status

    @property
    def key_rewrite(self) -> Substitution | None:
        """What the cache key has in the place of path and query, or None if nothing sets it.

        It is tried on the path after rewrites and the query that counts; what it gives is not encoded.
        """
        wanted = self.value(keys.caching.cache_key_rewrite)
        if wanted is None or wanted.source is None or wanted.destination is None:
            return None
        return substitution(wanted.source, wanted.destination, "regexp", self.facts)

    @property
    def key_expressions(self) -> tuple[Parts, ...]:
        """The texts that are further parts of the cache key."""
        wanted = self.value(keys.caching.cache_key)
        texts = (wanted.include_expressions if wanted is not None else None) or ()
        return tuple(parts(text, self.facts) for text in texts)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing in its phase."""
        return not self.values

    def reduced(self, phase: Phase) -> Plan:
        """Return the plan with the values that act in one phase."""
        values = {key: value for key, value in self.values.items() if acts_in(key, phase)}
        return Plan(values, self.applied if values else (), self.facts, phase)

    @property
    def identity(self) -> tuple[object, ...]:
        """What two plans have in common that are one."""
        return (
            self.phase,
            tuple((key, repr(value)) for key, value in self.values.items()),
            *(self.headers(message) for message in _PHASE_OF_HEADERS),
        )


def plan_of(applied: Iterable[Apply], facts: Mapping[str, str] | None = None) -> Plan:
    """Return the plan of features that apply together, merged in their order.

    Args:
        applied: The features objects, in the order of the rules.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> rules = [Apply(Features(caching={"max_age": age})) for age in ("1h", "1d")]
        >>> dict(plan_of(rules).values)
        {'caching.max_age.200': '1d'}
    """
    leaves: tuple[Leaf, ...] = tuple(map(leaf_of, applied))
    if len(leaves) == 1 and not any(entry.gathers for entry in leaves[0].entries):
        values = {entry.key: entry.value for entry in leaves[0].entries}
    else:
        values = {key: setting.value for key, setting in merge(leaves).items()}
    return Plan(values, tuple(leaf.apply for leaf in leaves), facts or {})


def writes(plan: Plan) -> tuple[FeatureEntry, ...]:
    """Return what the features of a plan write, one by one, for targets that assign them in order.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> plan = plan_of([Apply(Features(caching={"bypass_cache": True}))])
        >>> [(entry.key, entry.value) for entry in writes(plan)]
        [('caching.bypass_cache', True)]
    """
    return tuple(
        entry
        for apply in plan.applied
        for entry in leaf_of(apply).entries
        if plan.phase is None or acts_in(entry.key, plan.phase)
    )
