"""`Decision`: what rules say about one request, and which line decided each part of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from prefetchrouter.catalog.feature_specs import key_of
from prefetchrouter.catalog.key import Key, NamedKey
from prefetchrouter.evaluation.compile import Findings
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.downstream import Downstream, Redirect, Synthetic
from prefetchrouter.evaluation.edge_caching import CachingRules
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.leaf import Leaf
from prefetchrouter.evaluation.merge import Merged, Value, as_features, value_by_name, values_of
from prefetchrouter.evaluation.origin_request import UpstreamRequest
from prefetchrouter.evaluation.prefetch import PrefetchRefusal, prefetch_refusal
from prefetchrouter.evaluation.site_settings import SiteSettings
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import TargetRefusal
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.rule import Apply, Branch
from prefetchrouter.rules.variable_tables import Phase
from prefetchrouter.source import Source

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

T = TypeVar("T")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Matched:
    """Features that apply to the request.

    Args:
        rule: The features, with their comment.
        branch: The branch that led to them; None for an else, and for rules without a condition.
        phase: ``"response"`` when a condition on the response decided it.
    """

    rule: Apply
    branch: Branch | None
    phase: Phase

    @property
    def source(self) -> Source | None:
        """The line that wrote them."""
        return self.rule.source


@dataclass(frozen=True, slots=True)
class Dependency:
    """A branch that could not be decided; the decision is what holds when its condition is false.

    `Evaluator.evaluate` with ``assuming=[dependency.branch]`` returns what holds when it is true.

    Args:
        branch: The branch, with its condition and line.
        facts: The unknown facts that it depends on, such as ``("location.country",)``.
    """

    branch: Branch
    facts: tuple[str, ...]

    @property
    def source(self) -> Source | None:
        """The line of the branch."""
        return self.branch.source

    @property
    def condition(self) -> Condition:
        """The condition."""
        return self.branch.condition

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)  # fails again, now with the error from inside
            raise _moved(self, name)


class Decision:
    """What rules say about one request; made by `evaluate`.

    It is data: the features that apply, their merged values, and what was left open. Three parts read them:
    `caching`, `upstream` (towards the origin) and `downstream` (towards the client); the most
    common questions have a name here, too. Everything is worked out when it is first needed.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().get("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "10m"})
        >>> decision = evaluate(router, Request("https://shop.example/pages/1"))
        >>> decision.prefetchable, decision.ttl(), decision.response_headers()["x-sw-cache-control"]
        (True, '1h', 'max-age=600')
    """

    def __init__(
        self, context: RequestContext, found: Findings, merged: Merged, early: Merged, site: SiteSettings
    ) -> None:
        self.request: Request = context.request
        self._context = context
        self._found = found
        self._merged = merged
        self._early = early
        self._site = site

    def __repr__(self) -> str:
        count = len(self._found.taken)
        return f"<Decision on {self.request.method} {self.request.url}: {count} rules apply>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)  # fails again, now with the error from inside
            raise _moved(self, name)

    # Which rules apply, and what they set

    @property
    def site(self) -> Property | None:
        """The settings of the site, or None."""
        return self._site.property

    @property
    def host(self) -> str:
        """The requested host: that of the request, else the first of the site."""
        return self._context.host

    @property
    def refusal(self) -> TargetRefusal | None:
        """Why the edge answers 400 without evaluating the rules, or None if it does not.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> evaluate(Router(), Request("/a/../b")).refusal.message
            'the path holds a dot segment'
        """
        return self._context.refusal

    @property
    def matches(self) -> bool:
        """Whether any rule matches."""
        return bool(self._found.taken)

    @lazy
    def rules(self) -> tuple[Matched, ...]:
        """The features objects that apply, in rule order."""
        late = self._found.late
        return tuple(
            Matched(leaf.apply, leaf.branch, "response" if leaf in late else "request")
            for leaf in self._found.taken
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of these rules, each once, such as ``"routes.py:12"``."""
        return self._merged.made(_lines)

    @property
    def late_lines(self) -> tuple[str, ...]:
        """Those of them that apply because of the response."""
        late = self._found.late
        return _lines_of(leaf for leaf in self._found.taken if leaf in late) if late else ()

    @lazy
    def values(self) -> Mapping[str, Value]:
        """Every value that applies by its key, such as ``"caching.max_age.200"``, in the order first set."""
        return MappingProxyType(values_of(self._merged, self._found.late))

    @lazy
    def features(self) -> dict[str, Any]:
        """The merged features as plain data, section by section."""
        return as_features(self.values)

    def get(self, key: Key[T]) -> T | None:
        """Return the merged value of a feature, or None if no matching rule sets it.

        Args:
            key: A key of `prefetchrouter.catalog`, such as ``caching.bypass_cache``. What is merged name by
                name has a key for all of it and one for each name: ``caching.max_age`` gives a mapping by
                status code, ``caching.max_age.entry(404)`` one duration.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> from prefetchrouter.catalog import caching
            >>> decision = evaluate(Router().always(caching={"max_age": "1h"}), Request("/"))
            >>> decision.get(caching.max_age), decision.get(caching.bypass_cache)
            ({'200': '1h'}, None)

        Raises:
            FeatureError: No feature has that key; type checkers refuse it earlier.
        """
        return self._merged.value(_checked(key))

    def value(self, key: str) -> Value | None:
        """Return the value of a key with the line that set it, or None if no matching rule sets it.

        Args:
            key: A key of `prefetchrouter.catalog`, or its text: ``"caching.bypass_cache"``,
                ``"caching.max_age.200"`` or ``"headers.set_response_headers.x-frame-options"``;
                ``"caching.max_age"`` alone gives the ages of all statuses as a mapping.

        Raises:
            FeatureError: No feature has that key.
        """
        key = _checked(key)
        if isinstance(key, NamedKey):
            return value_by_name(key, self.values, [leaf.apply for leaf in self._merged.leaves])
        return self.values.get(key)

    def setting(self, key: str) -> Any:
        """Return what `get` returns, for a key that is known only as text.

        Args:
            key: Such as ``"caching.bypass_cache"`` or ``"caching.max_age.200"``.

        Raises:
            FeatureError: No feature has that key.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> evaluate(Router(), Request("/")).setting("caching.bypas_cache")
            Traceback (most recent call last):
            ...
            prefetchrouter.errors.FeatureError: "caching.bypas_cache" is not the key of a feature; \
did you mean "caching.bypass_cache"? [unknown-feature]
        """
        return self.get(_checked(key))

    def decided_by(self, key: str) -> Apply | None:
        """Return the features object that decides a value before there is a response, or None if none does.

        Args:
            key: Such as ``"url.url_redirect"``.
        """
        found = self._early.get(key)
        return None if found is None else found.leaf.apply

    def of_settings(self, make: Callable[[Merged], Made]) -> Made:
        """Return what a function makes of the settings; worked out once where the same features apply.

        Args:
            make: The function; it may look at nothing else.
        """
        return self._merged.made(make)

    @property
    def keys(self) -> Collection[str]:
        """The key of every value that applies, as `values` has them."""
        return self._merged.keys()

    # What could not be decided

    @lazy
    def depends_on(self) -> tuple[Dependency, ...]:
        """The branches that depend on unknown facts; empty when the decision is certain."""
        return tuple(Dependency(test.branch, facts) for test, facts in self._found.undecided)

    @lazy
    def awaiting_response(self) -> tuple[Dependency, ...]:
        """The branches that wait for a response; empty when the request has one."""
        return tuple(Dependency(test.branch, test.predicate.late_names()) for test in self._found.awaiting)

    # The parts that read it

    @lazy
    def caching(self) -> CachingRules:
        """What rules say about caching at the edge."""
        return CachingRules(self._context, self._merged, self._early)

    @lazy
    def upstream(self) -> UpstreamRequest:
        """Where the request goes when no stored response answers it."""
        return UpstreamRequest(self._context, self._early, self._site)

    @lazy
    def downstream(self) -> Downstream:
        """What the client gets."""
        return Downstream(self._context, self._merged, self._early)

    # The most common questions, in one word

    @lazy
    def prefetch_refusal(self) -> PrefetchRefusal | None:
        """The first reason why browsers may not prefetch the URL, or None if they may."""
        return prefetch_refusal(self._context, self._merged)

    @property
    def not_prefetchable_because(self) -> str | None:
        """That reason in words, with its line."""
        return None if self.prefetch_refusal is None else self.prefetch_refusal.text

    @property
    def prefetchable(self) -> bool:
        """Whether the rules allow browsers to prefetch the URL."""
        return self.prefetch_refusal is None

    def ttl(self, status: int = 200) -> Duration | None:
        """Return how long rules let a response of a status stay fresh, or None if they do not say."""
        return self.caching.ttl(status)

    @property
    def ttls(self) -> Mapping[int, Duration]:
        """How long rules let a response stay fresh at the edge, by its status."""
        return self.caching.ttls

    @property
    def stale_while_revalidate(self) -> Duration | None:
        """How long a stale response may still be used while it is validated."""
        return self.caching.stale_while_revalidate

    @property
    def cache_key(self) -> tuple[str, ...]:
        """The cache key: host, path and query, then each further part that counts."""
        return self.caching.key

    @property
    def origin(self) -> str | None:
        """The name of the origin that gets a miss, or None."""
        return self.upstream.origin

    @property
    def path(self) -> str:
        """The path and query under which the edge looks the request up, after rewrites."""
        return self.upstream.path

    @property
    def request_headers(self) -> HeaderFields:
        """The headers that the origin gets."""
        return self.upstream.headers

    @property
    def denied(self) -> bool:
        """Whether `deny_access` refuses the request."""
        return self.downstream.denied

    @property
    def redirect(self) -> Redirect | None:
        """Where the client is sent, or None if nowhere."""
        return self.downstream.redirect

    @property
    def status(self) -> int | None:
        """The status code that the client gets, or None if the origin's is not known."""
        return self.downstream.status

    @property
    def synthetic(self) -> Synthetic | None:
        """The response that the edge makes itself, or None if it makes none."""
        return self.downstream.synthetic

    def response_headers(
        self, origin_headers: Mapping[str, str | Sequence[str]] | HeaderFields | None = None
    ) -> HeaderFields:
        """Return the headers that the client gets, as far as rules say; see `Downstream.headers`."""
        return self.downstream.headers(origin_headers)


def _lines(merged: Merged) -> tuple[str, ...]:
    return _lines_of(merged.leaves)


def _lines_of(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    sources = (leaf.apply.source for leaf in leaves)
    return tuple(dict.fromkeys(str(source) for source in sources if source is not None))


def _checked(key: str) -> Key[Any]:
    # A `Key` comes from the catalog, which has only keys that exist.
    return key if isinstance(key, Key) else key_of(key)


_MOVED = {
    "Decision.manifest": "prefetchrouter.evaluate_in_browser(rules, decision.request)",
    "Decision.prefetch_doubts": "prefetchrouter.explain(rules, decision.request).verdict.doubts",
    "Decision.without_response": "evaluator.before_response(decision)",
    "Dependency.when_true": "evaluate(rules, decision.request, assuming=[dependency.branch])",
}


def _moved(owner: object, name: str) -> AttributeError:
    """Return the error about an attribute that is not there; where it was once, what to write instead.

    These need the rules again, and a decision holds none.
    """
    kind = type(owner).__name__
    instead = _MOVED.get(f"{kind}.{name}")
    hint = f"; write {instead}" if instead else ""
    return AttributeError(f"{kind!r} object has no attribute {name!r}{hint}", name=name, obj=owner)
