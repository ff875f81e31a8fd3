"""`RequestPlan`: a request with the decision of the rules, made once for all requests that are alike."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from prefetchrouter.catalog import keys
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.evaluation.dependencies import HeaderPairs, dependencies_of, relevant_headers
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.http.message import Fact, HeaderFields, Request, Response
from prefetchrouter.http.named_facts import checked_facts
from prefetchrouter.http.request_target import RequestTarget
from prefetchrouter.http_cache.prefetches import Announced, foreign_prefetch, guards, is_cached_only
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule_set import RuleSet

MOST_DECISIONS = 8192
BYTES_OF_A_DECISION = 3 * 1024
"""The approximate size of a decision, in bytes: measured (`tests/edge/cache/test_memory.py`)."""

_MOST_CHARACTERS = 2048
"""Decisions on longer requests are not shared: thousands of them would fill the memory."""


class SharedDecision:
    """The decision on all requests that are alike in everything that rules depend on.

    It is made from nothing else of a request, so that it carries nothing from one client to another.

    Args:
        request: The parts of the request that rules depend on.
        evaluator: The rules.
        needs_response: Whether any rule depends on the response.
    """

    def __init__(self, request: Request, evaluator: Evaluator, *, needs_response: bool = True) -> None:
        self.request = request
        self.evaluator = evaluator
        self.decision = evaluator.evaluate(request)
        self._needs_response = needs_response

    def with_response(self, response: Response) -> Decision:
        """Return the decision with the origin's response: conditions on the response count."""
        if not self._needs_response:
            return self.decision
        return self.evaluator.evaluate(self.request.with_response(response))

    @lazy
    def lines(self) -> tuple[str, ...]:
        """The lines of the rules that apply, each once."""
        return self.decision.lines

    @lazy
    def target(self) -> str:
        """Path and query for the origin: rewritten, and without the parameters of prefetching."""
        path, _, query = self.decision.path.partition("?")
        forwarded = without_own(query)
        return f"{path}?{forwarded}" if forwarded else path

    @lazy
    def key_text(self) -> str:
        """The cache key for people."""
        return " | ".join(self.decision.cache_key)

    @lazy
    def may_fetch(self) -> bool:
        """Whether the request may be forwarded: not for a prefetch that is to be answered from the cache."""
        return not is_cached_only(self.request.query) or self.is_on(
            keys.response.allow_prefetching_uncached_content
        )

    def is_on(self, feature: str) -> bool:
        """Return whether a feature is switched on."""
        return self.decision.setting(feature) is True

    def seconds(self, feature: str) -> float | None:
        """Return the seconds of a feature that is a duration, or None if no rule sets it."""
        value = self.decision.setting(feature)
        return None if value is None else float(getattr(value, "seconds", value))

    def size(self, feature: str, default: int) -> int:
        """Return the bytes of a feature that is a size, the default when no rule sets it."""
        value = self.decision.setting(feature)
        return default if value is None else int(value.bytes)


class RequestPlan(NamedTuple):
    """A request and the decision on it, before there is a response.

    Args:
        request: The request.
        shared: The decision, shared by all requests like this one.
        foreign: How a prefetch that is not by this project's scripts announces itself; None for others.
        is_guarded: Whether it is such a prefetch and must not be forwarded.
    """

    request: EdgeRequest
    shared: SharedDecision
    foreign: Announced | None = None
    is_guarded: bool = False

    @property
    def may_fetch(self) -> bool:
        """Whether the request may be forwarded to an origin."""
        return self.shared.may_fetch and not self.is_guarded

    @property
    def may_refresh(self) -> bool:
        """Whether it may start a refresh of the stored response that answers it: not if it is a prefetch."""
        return not self.is_guarded and not is_cached_only(self.request.query)

    @property
    def origin_headers(self) -> HeaderFields:
        """The headers for the origin: those of this very request, changed by the rules."""
        return self.shared.decision.upstream.headers_for(self.request.headers)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that the edge serves: redirects of an origin to these may be followed."""
        served = self.shared.evaluator.property
        names = (found.hostname.lower() for found in (served and served.hostnames) or ())
        return frozenset((self.request.host, *names))


class Planner:
    """Evaluates the rules for requests, once for all requests that are alike.

    Args:
        rules: The rules.
        facts: Facts about every visitor, such as ``{"location.country": "DE"}``.
        most: How many decisions are remembered, at least one.
    """

    def __init__(
        self, rules: RuleSet, facts: Mapping[str, Fact] | None = None, *, most: int = MOST_DECISIONS
    ) -> None:
        self.rules = rules
        self._most = most
        self._evaluator = Evaluator(rules)
        self._facts = checked_facts(facts or {})
        self._sources = facts_of(rules.property)
        dependencies = dependencies_of(rules)
        self._is_shared = not dependencies.draws
        self._needs_response = dependencies.response
        self._relevant_headers = relevant_headers(dependencies)
        self._draws = {
            name: int(name.removeprefix("random."))
            for name in dependencies.facts - self._facts.keys()
            if name.startswith("random.") and "random" not in self._facts
        }
        self._known: dict[tuple[Hashable, ...], SharedDecision] = {}

    def plan(self, request: EdgeRequest, *, is_guarded: bool = False) -> RequestPlan:
        """Return a request with the decision on it.

        Args:
            request: The request.
            is_guarded: Whether it must not be forwarded whatever its own headers say, since a guarded request
                carried it.
        """
        shared = self._shared_decision(request)
        foreign = foreign_prefetch(request.headers, request.query)
        if foreign is None:
            return RequestPlan(request, shared, None, is_guarded)
        is_guarded = is_guarded or guards(shared.decision, self._evaluator.property)
        return RequestPlan(request, shared, foreign, is_guarded)

    def is_current(self, plan: RequestPlan) -> bool:
        """Return whether a plan was made by these rules."""
        return plan.shared.evaluator is self._evaluator

    def _shared_decision(self, request: EdgeRequest) -> SharedDecision:
        headers = self._relevant_headers(request.headers)
        if not self._is_shared:
            return self._decide(request, headers)
        key = (request.method, request.scheme, request.host, request.path, request.query, headers)
        known = self._known.get(key)
        if known is None:
            known = self._decide(request, headers)
            if _characters(request, headers) <= _MOST_CHARACTERS:
                if len(self._known) >= self._most:
                    del self._known[next(iter(self._known))]
                self._known[key] = known
        return known

    def _decide(self, request: EdgeRequest, headers: HeaderPairs) -> SharedDecision:
        facts = self._facts
        if not self._is_shared:
            drawn = {name: str(random.randint(0, most)) for name, most in self._draws.items()}
            facts = FrozenDict({**request.address_fact(self._sources), **facts, **drawn})
        relevant = Request.from_parts(
            request.scheme,
            request.host,
            RequestTarget(request.path, request.query),
            request.method,
            FrozenDict(headers),
            facts,
        )
        return SharedDecision(relevant, self._evaluator, needs_response=self._needs_response)


def _characters(request: EdgeRequest, headers: HeaderPairs) -> int:
    own = len(request.method) + len(request.host) + len(request.path) + len(request.query)
    return own + sum([len(text) for _, text in headers])
