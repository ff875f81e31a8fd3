"""`Decision`: what a rule set makes of one request, and which line decided each part of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.features import key_of
from prefetchrouter.catalog.key import Key, NamedKey
from prefetchrouter.evaluation import headers as header_rules
from prefetchrouter.evaluation.cache_key import cache_key
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.merge import Merged, Value, as_features, merge, value_by_name, values_of
from prefetchrouter.evaluation.prefetch import reason_against
from prefetchrouter.evaluation.redirects import leads_to_itself, location_of
from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.evaluation.variables import filled, with_query
from prefetchrouter.http.header_fields import HeaderFields, header_fields
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import TargetRefusal
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.features import UrlRedirect
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.rule import Apply, Branch
from prefetchrouter.rules.variable_tables import Phase
from prefetchrouter.source import Source

if TYPE_CHECKING:
    from prefetchrouter.evaluation.compile import Test
    from prefetchrouter.evaluation.engine import Evaluator

T = TypeVar("T")
Made = TypeVar("Made")

_ANSWERING = frozenset(
    {
        keys.access.deny_access, keys.url.url_redirect, keys.response.set_done,
        keys.response.set_response_body, keys.response.set_status_code,
    }
)  # fmt: skip
_COOKIES = (
    keys.headers.set_response_headers.entry("set-cookie"),
    keys.headers.add_response_headers.entry("set-cookie"),
)


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

    Args:
        branch: The branch, with its condition and line.
        facts: The unknown facts that it asks for, such as ``("location.country",)``.
    """

    branch: Branch
    facts: tuple[str, ...]
    _decision: Decision = field(repr=False, compare=False)
    _test: Test = field(repr=False, compare=False)

    @property
    def source(self) -> Source | None:
        """The line of the branch."""
        return self.branch.source

    @property
    def condition(self) -> Condition:
        """The condition."""
        return self.branch.condition

    def when_true(self) -> Decision:
        """Return the decision for the same request if the condition is true."""
        return self._decision.assuming(self._test)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another address to which the client is sent.

    Args:
        status: The status code.
        location: The address, absolute or relative.
    """

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A response that the edge makes itself.

    Args:
        status: The status code; None when the origin's stays.
        body: The text of the body; None when no rule sets one.
        asks_origin: Whether the origin is asked all the same, for status and headers.
    """

    status: int | None
    body: str | None
    asks_origin: bool


class Decision:
    """What a rule set makes of one request; made by `evaluate`.

    Everything is worked out when it is first asked for.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().get("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "10m"})
        >>> decision = evaluate(router, Request("https://shop.example/pages/1"))
        >>> decision.prefetchable, decision.ttl(), decision.response_headers()["x-sw-cache-control"]
        (True, '1h', 'max-age=600')
    """

    def __init__(self, evaluator: Evaluator, situation: Situation) -> None:
        self.request: Request = situation.request
        self._evaluator = evaluator
        self._situation = situation

    def __repr__(self) -> str:
        count = len(self._situation.taken)
        return f"<Decision on {self.request.method} {self.request.url}: {count} rules apply>"

    @property
    def site(self) -> Property | None:
        """What the rules say of the site, None when they say nothing."""
        return self._evaluator.property

    # Which rules apply, and what they set

    @lazy
    def rules(self) -> tuple[Matched, ...]:
        """The features objects that apply, in rule order."""
        late = self._situation.late
        return tuple(
            Matched(leaf.apply, leaf.branch, "response" if leaf in late else "request")
            for leaf in self._situation.taken
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of these rules, each once, such as ``"routes.py:12"``."""
        return self._evaluator.lines(self._situation.taken)

    @property
    def late_lines(self) -> tuple[str, ...]:
        """Those of them that apply because of the response."""
        late = self._situation.late
        return self._evaluator.lines(leaf for leaf in self._situation.taken if leaf in late) if late else ()

    @lazy
    def _merged(self) -> Merged:
        return self._evaluator.merged(self._situation.taken)

    @lazy
    def _early(self) -> Merged:
        """What is merged before there is a response: it decides where the request goes."""
        late = self._situation.late
        return merge(leaf for leaf in self._situation.taken if leaf not in late) if late else self._merged

    @lazy
    def values(self) -> Mapping[str, Value]:
        """Every value that applies by its key, such as ``"caching.max_age.200"``, in the order first set."""
        return MappingProxyType(values_of(self._merged, self._situation.late))

    def get(self, key: Key[T]) -> T | None:
        """Return the merged value of a feature, None when no matching rule sets it.

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
        """
        return self._merged.value(key)

    def value(self, key: str) -> Value | None:
        """Return the value of a key with the line that set it, None when no matching rule sets it.

        Args:
            key: A key of `prefetchrouter.catalog`, or its text: ``"caching.bypass_cache"``,
                ``"caching.max_age.200"`` or ``"headers.set_response_headers.x-frame-options"``;
                ``"caching.max_age"`` alone gives the ages of all statuses as a mapping.

        Raises:
            FeatureError: No feature has that key.
        """
        key = key if isinstance(key, Key) else key_of(key)
        if isinstance(key, NamedKey):
            return value_by_name(key, self.values, [leaf.apply for leaf in self._situation.taken])
        return self.values.get(key)

    @lazy
    def features(self) -> dict[str, Any]:
        """The merged features as plain data, section by section."""
        return as_features(self.values)

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
        return self.get(key if isinstance(key, Key) else key_of(key))

    def _early_get(self, key: Key[T]) -> T | None:
        return self._early.value(key)

    def of_settings(self, make: Callable[[Merged], Made]) -> Made:
        """Return what a function makes of the settings; worked out once where the same features apply.

        Args:
            make: The function; it may look at nothing else.
        """
        return self._merged.made(make)

    def sets_any(self, feature: NamedKey[Any, Any]) -> bool:
        """Return whether a matching rule sets any part of a feature that is merged name by name."""
        start = f"{feature}."
        return any(key.startswith(start) for key in self._merged)

    @property
    def keys(self) -> Collection[str]:
        """The key of every value that applies, as `values` has them."""
        return self._merged.keys()

    @property
    def refusal(self) -> TargetRefusal | None:
        """Why the edge answers 400 without asking the rules; None when it does not.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> evaluate(Router(), Request("/a/../b")).refusal.message
            'the path holds a dot segment'
        """
        return self._situation.refusal

    @property
    def matches(self) -> bool:
        """Whether any rule matches."""
        return bool(self._situation.taken)

    # What could not be decided

    @lazy
    def depends_on(self) -> tuple[Dependency, ...]:
        """The branches that hang on unknown facts; empty when the decision is certain."""
        return tuple(Dependency(test.branch, facts, self, test) for test, facts in self._situation.undecided)

    @lazy
    def awaiting_response(self) -> tuple[Dependency, ...]:
        """The branches that wait for a response; empty when the request has one."""
        return tuple(
            Dependency(test.branch, test.predicate.late_names(), self, test)
            for test in self._situation.awaiting
        )

    def assuming(self, test: Test) -> Decision:
        """Return the decision if one more branch is taken."""
        return self._evaluator.evaluate_assuming(self.request, self._situation.assumed | {test})

    @lazy
    def without_response(self) -> Decision:
        """The decision before there is a response: what the edge knows when the request comes."""
        if self.request.response is None:
            return self
        return self._evaluator.evaluate(replace(self.request, response=None))

    # Prefetching

    @lazy
    def not_prefetchable_because(self) -> str | None:
        """The first reason why browsers may not prefetch the URL, with its line; None when they may."""
        return reason_against(self)

    @property
    def prefetchable(self) -> bool:
        """Whether the rules allow browsers to prefetch the URL."""
        return self.not_prefetchable_because is None

    # Caching at the edge

    @lazy
    def ttls(self) -> Mapping[int, Duration]:
        """How long the edge keeps a response by its status; empty when it keeps none."""
        start = f"{keys.caching.max_age}."
        return MappingProxyType(
            {
                int(key[len(start) :]): cast("Duration", setting.entry.value)
                for key, setting in self._merged.items()
                if key.startswith(start) and self._is_kept
            }
        )

    @property
    def _is_kept(self) -> bool:
        method = self.request.method
        return (
            (method in ("GET", "HEAD") or method in (self.get(keys.caching.enable_caching_for_methods) or ()))
            and self.get(keys.caching.bypass_cache) is not True
            and not self.denied
        )

    def ttl(self, status: int = 200) -> Duration | None:
        """Return how long the edge keeps a response of a status, None when rules do not make it keep any."""
        return self.get(keys.caching.max_age.entry(status)) if self._is_kept else None

    @property
    def stale_while_revalidate(self) -> Duration | None:
        """How long an expired copy may still serve while a fresh one is fetched."""
        return self.get(keys.caching.stale_while_revalidate)

    @lazy
    def cache_key(self) -> tuple[str, ...]:
        """What tells the edge's copies apart: host, path and query, then each further part that counts."""
        return cache_key(
            self._situation,
            self._early_get(keys.origin.set_origin),
            self._early_get(keys.caching.cache_key),
            self._early_get(keys.caching.cache_key_query_string),
            self._early_get(keys.caching.cache_key_rewrite),
        )

    # Where the request goes

    @lazy
    def origin(self) -> str | None:
        """The name of the origin that is asked when no cache answers; None when there is none."""
        if self.refusal is not None:
            return None
        name = self._early_get(keys.origin.set_origin)
        return name if name is not None else self._evaluator.default_origin(self._situation.host)

    @property
    def path(self) -> str:
        """The path and query under which the edge looks the request up, after rewrites."""
        return with_query(self._situation.sent_path, self._situation.origin_query)

    @lazy
    def request_headers(self) -> HeaderFields:
        """The headers that the origin gets."""
        return self.headers_for_origin(self._situation.headers)

    def headers_for_origin(self, headers: Mapping[str, str]) -> HeaderFields:
        """Return the headers that the origin gets of a request that may have more than rules can see.

        Args:
            headers: The headers of the request by their names in lower case. Those that rules ask for are as
                in the request of this decision.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().always(headers={"set_request_headers": {"x-a": "%{http_x_b}"}})
            >>> decision = evaluate(router, Request("/", headers={"x-b": "1"}))
            >>> decision.headers_for_origin({"x-b": "1", "accept": "*/*"})
            HeaderFields({'host': 'localhost', 'x-b': '1', 'accept': '*/*', 'x-a': '1'})
        """
        late = self._situation.late
        leaves = [leaf for leaf in self._situation.taken if leaf not in late]
        return header_rules.request_headers(self._situation, headers, leaves)

    # What the client gets

    @property
    def denied(self) -> bool:
        """Whether `deny_access` refuses the request."""
        return self.get(keys.access.deny_access) is True

    @property
    def may_answer(self) -> bool:
        """Whether the request or any feature could make the edge answer by itself; mostly nothing does."""
        return self.refusal is not None or not _ANSWERING.isdisjoint(self._merged)

    @lazy
    def redirect(self) -> Redirect | None:
        """Where the client is sent, None when nowhere."""
        if self.denied:
            return None
        return self._url_redirect or self._header_redirect

    @lazy
    def _url_redirect(self) -> Redirect | None:
        wanted = self._early_get(keys.url.url_redirect)
        if wanted is None or not wanted.destination:
            return None
        location = location_of(wanted, self._situation)
        if location is None:
            return None
        found = Redirect(wanted.code or 302, location)
        leads_back = leads_to_itself(self.request, self._situation.host, found.status, found.location)
        return None if leads_back and not self.sets_cookie else found

    @property
    def host(self) -> str:
        """The host that is asked."""
        return self._situation.host

    def location_of(self, redirect: UrlRedirect) -> str | None:
        """Return where a redirect leads this request; None if its source does not match, or without host."""
        return location_of(redirect, self._situation)

    def decided_by(self, key: str) -> Apply | None:
        """Return the features object that decides a value before there is a response; None when none does.

        Args:
            key: Such as ``"url.url_redirect"``.
        """
        found = self._early.get(key)
        return None if found is None else found.leaf.apply

    @property
    def sets_cookie(self) -> bool:
        """Whether the same request will be another one the next time, as it then has a cookie."""
        return any(key in self._early for key in _COOKIES)

    @lazy
    def _header_redirect(self) -> Redirect | None:
        status = self._set_status
        if status is None or not 300 <= status < 400:
            return None
        location = self.response_headers().get("location")
        return Redirect(status, location) if location else None

    @lazy
    def _set_status(self) -> int | None:
        status = self.get(keys.response.set_status_code)
        if isinstance(status, str):
            text = filled(status, self._situation)
            return int(text) if len(text) == 3 and text.isascii() and text.isdigit() else None
        return status

    @lazy
    def status(self) -> int | None:
        """The status code that the client gets; None when the origin's is not known."""
        if self.refusal is not None:
            return 400
        if self.denied:
            return 403
        if self._url_redirect is not None:
            return self._url_redirect.status
        if self._set_status is not None:
            return self._set_status
        if self.get(keys.response.set_done):
            return 200
        return self.request.response.status if self.request.response else None

    @lazy
    def synthetic(self) -> Synthetic | None:
        """The response that the edge makes itself, None when it makes none."""
        if self.refusal is not None:
            return Synthetic(400, f"{self.refusal.message}\n", asks_origin=False)
        if self.denied:
            return Synthetic(403, None, asks_origin=False)
        done = self.get(keys.response.set_done) is True
        body = self.get(keys.response.set_response_body)
        if not done and body is None:
            return None
        text = None if body is None else filled(body, self._situation, self.response_headers())
        return Synthetic(self.status, text, asks_origin=not done)

    def response_headers(
        self, origin_headers: Mapping[str, str | Sequence[str]] | HeaderFields | None = None
    ) -> HeaderFields:
        """Return the headers that the client sees, as far as rules tell.

        Args:
            origin_headers: What the origin answered; those of the request's response when not given. They
                count only where an origin is asked.

        Raises:
            RequestError: A header is not valid (RFC 9110, section 5).
        """
        if self.refusal is not None:
            return HeaderFields()
        if self.denied or self._url_redirect is not None or self.get(keys.response.set_done):
            given = HeaderFields()
        elif origin_headers is None:
            given = self._situation.response_headers
        else:
            given = header_fields(origin_headers)
        return self.client_headers(self.kept_headers(given))

    def kept_headers(self, origin_headers: HeaderFields) -> HeaderFields:
        """Return the headers with which the edge keeps an answer: the origin's, changed as rules say.

        Args:
            origin_headers: What the origin answered.

        Example:
            >>> from prefetchrouter import Router, evaluate
            >>> router = Router().always(headers={"remove_origin_response_headers": ["set-cookie"]})
            >>> headers = HeaderFields({"etag": '"1"', "set-cookie": "a=1"})
            >>> evaluate(router, Request("/")).kept_headers(headers)
            HeaderFields({'etag': '"1"'})
        """
        return header_rules.kept_headers(self._situation, origin_headers)

    def client_headers(self, kept: HeaderFields) -> HeaderFields:
        """Return the headers that the client sees of an answer that the edge keeps, or has just got.

        Args:
            kept: What `kept_headers` returned when the answer came.
        """
        location = self._url_redirect.location if self._url_redirect and not self.denied else None
        return header_rules.client_headers(self._situation, kept, self.of_settings(_caching), location)


def _caching(settings: Merged) -> Mapping[str, Any]:
    """Return the values of the section ``caching``."""
    start = "caching."
    return {key[len(start) :]: setting.value for key, setting in settings.items() if key.startswith(start)}
