"""`Plan`: what the rules make of a request, and of each answer to it."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from prefetchrouter.catalog import keys
from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.evaluation.cache_key import without_own
from prefetchrouter.evaluation.dependencies import HeaderPairs, dependencies_of, relevant_headers
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.http.message import Fact, HeaderFields, Request, Response
from prefetchrouter.http.named_facts import checked_facts
from prefetchrouter.http.request_target import Target
from prefetchrouter.http_cache.prefetches import Announced, foreign_prefetch, guards, is_cached_only
from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.rule_set import RuleSet

MOST_REMEMBERED = 8192
BYTES_OF_A_DECISION = 3 * 1024
"""About what a remembered decision takes, in bytes: measured (`tests/edge/cache/test_memory.py`)."""

_MOST_LETTERS = 2048
"""Longer requests, in what rules can ask of them, are not remembered: they would fill the memory."""


class Remembered:
    """What the rules decide about all requests that are alike in whatever rules can ask.

    It is made from nothing else of a request, so that nothing of one client gets to another by it.

    Args:
        asked: What rules can ask of the request.
        evaluator: The rules.
        asks_of_responses: Whether any rule depends on the response.
    """

    def __init__(self, asked: Request, evaluator: Evaluator, *, asks_of_responses: bool = True) -> None:
        self.asked = asked
        self.evaluator = evaluator
        self.decision = evaluator.evaluate(asked)
        self._asks_of_responses = asks_of_responses

    def on(self, answer: Response) -> Decision:
        """Return the decision with an answer at hand: conditions on the response count."""
        if not self._asks_of_responses:
            return self.decision
        return self.evaluator.evaluate(self.asked.with_response(answer))

    @lazy
    def rules(self) -> tuple[str, ...]:
        """The lines of the rules that apply, each once."""
        return self.decision.lines

    @lazy
    def target(self) -> str:
        """Path and query for the origin: rewritten, and without the parameters of prefetching."""
        path, _, query = self.decision.path.partition("?")
        kept = without_own(query)
        return f"{path}?{kept}" if kept else path

    @lazy
    def key_text(self) -> str:
        """The cache key as people read it."""
        return " | ".join(self.decision.cache_key)

    @lazy
    def may_fetch(self) -> bool:
        """Whether an origin may be asked: not for a prefetch of what the cache does not hold."""
        return not is_cached_only(self.asked.query) or self.is_on(
            keys.response.allow_prefetching_uncached_content
        )

    def is_on(self, feature: str) -> bool:
        """Return whether a feature is switched on."""
        return self.decision.setting(feature) is True


class Plan(NamedTuple):
    """A request, and what the rules decide about it before there is an answer.

    Args:
        request: The request.
        remembered: The decision on it.
        foreign: How it announces a prefetch that is not by this project's scripts, None when it does not.
        is_guarded: Whether it is such a prefetch and no origin may hear of it.
    """

    request: EdgeRequest
    remembered: Remembered
    foreign: Announced | None = None
    is_guarded: bool = False

    @property
    def decision(self) -> Decision:
        """The decision, as far as it is the same for all requests like this one."""
        return self.remembered.decision

    @property
    def key(self) -> tuple[str, ...]:
        """The cache key."""
        return self.decision.cache_key

    @property
    def may_fetch(self) -> bool:
        """Whether an origin may be asked."""
        return self.remembered.may_fetch and not self.is_guarded

    @property
    def may_refresh(self) -> bool:
        """Whether a stored response may be fetched again while it answers: not for a prefetch."""
        return not self.is_guarded and not is_cached_only(self.request.query)

    def is_on(self, feature: str) -> bool:
        """Return whether a feature is switched on."""
        return self.remembered.is_on(feature)

    def on(self, answer: Response) -> Decision:
        """Return the decision with an answer at hand."""
        return self.remembered.on(answer)

    @property
    def origin_headers(self) -> HeaderFields:
        """The headers for the origin: those of this very request, as the rules change them."""
        return self.decision.upstream.headers_for(self.request.headers)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are served here, to which an origin may redirect the edge."""
        served = self.remembered.evaluator.property
        names = (found.hostname.lower() for found in (served and served.hostnames) or ())
        return frozenset((self.request.host, *names))

    def seconds(self, feature: str) -> float | None:
        """Return the seconds of a feature that is a duration, None when no rule sets it."""
        value = self.decision.setting(feature)
        return None if value is None else float(getattr(value, "seconds", value))

    def size(self, feature: str, usual: int) -> int:
        """Return the bytes of a feature that is a size, the usual ones when no rule sets it."""
        value = self.decision.setting(feature)
        return usual if value is None else int(value.bytes)


class Planner:
    """Asks a rule set about requests, and remembers what it said about requests that are alike.

    Args:
        rules: The rules.
        facts: What is to be told about each visitor, such as ``{"location.country": "DE"}``.
        most: How many decisions are remembered, at least one.
    """

    def __init__(
        self, rules: RuleSet, facts: Mapping[str, Fact] | None = None, *, most: int = MOST_REMEMBERED
    ) -> None:
        self.rules = rules
        self._most = most
        self._evaluator = Evaluator(rules)
        self._facts = checked_facts(facts or {})
        found = dependencies_of(rules)
        self._remembers = not found.draws
        self._asks_of_responses = found.response
        self._asked_of = relevant_headers(found)
        self._draws = {
            name: int(name.removeprefix("random."))
            for name in found.facts - self._facts.keys()
            if name.startswith("random.") and "random" not in self._facts
        }
        self._known: dict[tuple[Hashable, ...], Remembered] = {}

    def plan(self, request: EdgeRequest) -> Plan:
        """Return what the rules make of a request."""
        plan = Plan(request, self._decided(request))
        foreign = foreign_prefetch(request.headers, request.query)
        if foreign is None:
            return plan
        return plan._replace(foreign=foreign, is_guarded=guards(plan.decision, self._evaluator.property))

    def _decided(self, request: EdgeRequest) -> Remembered:
        headers = self._asked_of(request.headers)
        if not self._remembers:
            return self._made(request, headers)
        key = (request.method, request.scheme, request.host, request.path, request.query, headers)
        known = self._known.get(key)
        if known is None:
            known = self._made(request, headers)
            if _letters(request, headers) <= _MOST_LETTERS:
                if len(self._known) >= self._most:
                    del self._known[next(iter(self._known))]
                self._known[key] = known
        return known

    def made(self, plan: Plan) -> bool:
        """Return whether a plan is of these rules."""
        return plan.remembered.evaluator is self._evaluator

    def _made(self, request: EdgeRequest, headers: HeaderPairs) -> Remembered:
        facts = self._facts
        if not self._remembers:
            drawn = {name: str(random.randint(0, most)) for name, most in self._draws.items()}
            facts = FrozenDict({"request.client_ip": request.client, **facts, **drawn})
        told = Request.from_parts(
            request.scheme,
            request.host,
            Target(request.path, request.query),
            request.method,
            FrozenDict(headers),
            facts,
        )
        return Remembered(told, self._evaluator, asks_of_responses=self._asks_of_responses)


def _letters(request: EdgeRequest, headers: HeaderPairs) -> int:
    letters = len(request.method) + len(request.host) + len(request.path) + len(request.query)
    return letters + sum([len(text) for _, text in headers])
