"""How features of several rules become one: key by key, in rule order, and the later value wins.

A mapping by header name, status code or variable name is merged name by name. What several rules may each
add to (`add_response_headers`, a ``+name``, names to remove) is gathered: nothing is overridden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.features import (
    Features,
    Section,
    ShieldedDuration,
    ShieldedFlag,
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
    ShieldedTreatment,
    items,
    written,
)
from prefetchrouter.rules.features.phases import BEFORE_RESPONSE
from prefetchrouter.rules.rule import Apply
from prefetchrouter.rules.rule_json import EDGE_FUNCTION_VERSION
from prefetchrouter.source import Source

if TYPE_CHECKING:
    from prefetchrouter.evaluation.compile import Leaf

Made = TypeVar("Made")

_BY_NAME = frozenset(
    {
        "headers.add_response_headers",
        "headers.set_origin_response_headers",
        "headers.set_request_headers",
        "headers.set_response_headers",
        "caching.default_internal_max_age",
        "caching.max_age",
        "caching.revalidate_after_origin_unavailable",
        "set_variables",
    }
)
_LISTS = frozenset({"headers.remove_origin_response_headers", "headers.remove_response_headers"})
_WITH_STATUS = frozenset({"max_age", "default_internal_max_age", "revalidate_after_origin_unavailable"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that a rule sets.

    Args:
        key: Where it belongs, such as ``"caching.max_age.200"``; header names are in lower case.
        value: The value as the model holds it.
        gathers: Whether it stands beside earlier values, rather than in their place.
    """

    key: str
    value: object
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value that applies to a request.

    Args:
        key: The feature, such as ``"caching.bypass_cache"`` or ``"caching.max_age.200"``.
        value: The value as the rule holds it.
        source: The line that set it.
        rule: The features object that set it.
        overrode: The values of earlier rules in whose place it stands, the latest first.
        late: Whether a condition on the response decided it.
    """

    key: str
    value: Any
    source: Source | None
    rule: Apply
    overrode: tuple[Value, ...] = ()
    late: bool = False

    @property
    def has_effect(self) -> bool:
        """Whether it acts: a feature that acts before there is a response cannot be chosen by one."""
        return not (self.late and ".".join(split_key(self.key)[:2]) in BEFORE_RESPONSE)


def entries_of(apply: Apply) -> tuple[Entry, ...]:
    """Return what a features object sets, value by value.

    Example:
        >>> apply = Apply(features=Features(caching={"max_age": "1h", "bypass_cache": False}))
        >>> [(entry.key, entry.value) for entry in entries_of(apply)]
        [('caching.max_age.200', '1h'), ('caching.bypass_cache', False)]
    """
    return tuple(_entries(apply.features))


def _entries(features: Features) -> Iterator[Entry]:
    for name, part in items(features):
        if name == "comment":
            continue
        if isinstance(part, Section):
            for own, value in items(part):
                yield from _feature(f"{name}.{own}", own, value, part)
        else:
            yield from _feature(name, name, part, features)


def _feature(key: str, own: str, value: object, section: Section) -> Iterator[Entry]:
    if isinstance(value, ShieldedFlag | ShieldedTreatment | ShieldedDuration):
        value = value.value
    elif isinstance(value, ShieldedRequestHeaders | ShieldedResponseHeaders | ShieldedHeaderNames):
        value = value.headers
    if own in _WITH_STATUS and isinstance(value, str):
        extra = getattr(section, "cacheable_status_codes", None) if own == "max_age" else None
        value = dict.fromkeys(["200", *map(str, extra or ())], value)
    if key in _BY_NAME and isinstance(value, Mapping):
        is_header = key.startswith("headers.")
        for name, part in value.items():
            spelt = name.lower() if is_header else name
            yield Entry(
                f"{key}.{spelt}", part, own == "add_response_headers" or (is_header and spelt[:1] == "+")
            )
    elif key in _LISTS and isinstance(value, tuple):
        yield from (Entry(f"{key}.{name.lower()}", True) for name in value)
    elif key == "edge_function" and isinstance(value, str):
        yield Entry(key, {"js_path": value, "version": EDGE_FUNCTION_VERSION})
    else:
        yield Entry(key, value)


@dataclass(slots=True)
class Setting:
    """A value in the making: who set it, and the one before it."""

    entry: Entry
    leaf: Leaf
    before: Setting | None


class Merged(dict[str, Setting]):
    """The last setting of each key, and with them what has been made of them."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[Callable[[Merged], Any], Any] = {}

    def made(self, make: Callable[[Merged], Made]) -> Made:
        """Return what a function makes of these settings, each time the same object.

        Args:
            make: The function; it may look at nothing else.
        """
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

    def value(self, key: str) -> Any:
        """Return the value of a key, None when nothing sets it."""
        found = self.get(key)
        return None if found is None else found.entry.value


def merge(leaves: Iterable[Leaf]) -> Merged:
    """Return the last setting of each key, linked to those before it."""
    merged = Merged()
    for leaf in leaves:
        for entry in leaf.entries:
            merged[entry.key] = Setting(entry, leaf, merged.get(entry.key))
    return merged


def values_of(merged: Merged, late: frozenset[Leaf]) -> dict[str, Value]:
    """Return the values with what they overrode; a gathered one has all its texts as a tuple."""
    return {key: _value(key, setting, late) for key, setting in merged.items()}


def _value(key: str, setting: Setting, late: frozenset[Leaf]) -> Value:
    chain: list[Setting] = []
    link: Setting | None = setting
    while link is not None:
        chain.append(link)
        link = link.before
    if setting.entry.gathers:
        own: object = tuple(link.entry.value for link in reversed(chain))
        chain = chain[:1]
    else:
        own = setting.entry.value
    overrode = tuple(
        Value(key, link.entry.value, link.leaf.apply.source, link.leaf.apply, (), link.leaf in late)
        for link in chain[1:]
    )
    return Value(key, own, setting.leaf.apply.source, setting.leaf.apply, overrode, setting.leaf in late)


def value_by_name(key: str, values: Mapping[str, Value], rules: list[Apply]) -> Value | None:
    """Return a feature that is merged name by name as one value, of the last rule that set any part of it.

    Args:
        key: The feature, such as ``"caching.max_age"``.
        values: All values by their keys.
        rules: The features objects that apply, in order.
    """
    found = {name[len(key) + 1 :]: value for name, value in values.items() if name.startswith(f"{key}.")}
    if key not in _BY_NAME | _LISTS or not found:
        return None
    order = {id(rule): number for number, rule in enumerate(rules)}
    last = max(found.values(), key=lambda value: order[id(value.rule)])
    overrode = tuple(old for value in found.values() for old in value.overrode)
    whole = (
        tuple(found) if key in _LISTS else FrozenDict({name: value.value for name, value in found.items()})
    )
    return Value(key, whole, last.source, last.rule, overrode, last.late)


def as_features(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return merged values as the plain mapping that a rule set's JSON would hold."""
    features: dict[str, Any] = {}
    for key, value in values.items():
        place, names = features, split_key(key)
        for name in names[:-1]:
            place = place.setdefault(name, {})
        place[names[-1]] = written(value.value)
    headers = features.get("headers", {})
    for name in ("remove_origin_response_headers", "remove_response_headers"):
        if name in headers:
            headers[name] = list(headers[name])
    return features


def split_key(key: str) -> list[str]:
    """Return the names that lead to a value: section, feature, and name where it is merged name by name.

    Example:
        >>> split_key("headers.set_response_headers.x-a.b"), split_key("edge_function")
        (['headers', 'set_response_headers', 'x-a.b'], ['edge_function'])
    """
    return key.split(".", 1) if key.startswith("set_variables.") else key.split(".", 2)
