"""`Plan`: what the rules make of a request, and of each answer to it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.evaluation.cache_key import without_own
from prefetchrouter.http import Fact, Request, Response
from prefetchrouter.rules.conditions import comparisons
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.rules.rule_set import RuleSet

CACHED_ONLY = "edgio_prefetch=1"
"""The parameter of a prefetch that no origin shall hear of (rule E5)."""


def is_cached_only(query: str) -> bool:
    """Return whether a query is that of a prefetch which only the cache may answer.

    Example:
        >>> is_cached_only("a=1&edgio_prefetch=1"), is_cached_only("x=edgio_prefetch=1")
        (True, False)
    """
    return CACHED_ONLY in query and CACHED_ONLY in query.split("&")


@dataclass(frozen=True)
class Plan:
    """A request, and what the rules decide about it before there is an answer.

    Args:
        request: The request.
        decision: The decision on it.
        asked: The same request, as rules are asked about it.
    """

    request: EdgeRequest
    decision: Decision
    asked: Request
    evaluator: Evaluator

    def on(self, answer: Response) -> Decision:
        """Return the decision with an answer at hand: conditions on the response count."""
        asked = self.asked
        return self.evaluator.evaluate(
            Request(asked.url, asked.method, asked.headers, facts=asked.facts, response=answer)
        )

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The lines of the rules that apply, each once."""
        sources = (matched.source for matched in self.decision.rules)
        return tuple(dict.fromkeys(str(source) for source in sources if source is not None))

    @property
    def key(self) -> tuple[str, ...]:
        """The cache key."""
        return self.decision.cache_key

    @cached_property
    def target(self) -> str:
        """Path and query for the origin: rewritten, and without the parameters of prefetching."""
        path, _, query = self.decision.path.partition("?")
        kept = without_own(query)
        return f"{path}?{kept}" if kept else path

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are served here, to which an origin may redirect the edge."""
        served = self.evaluator.property
        names = (found.hostname.lower() for found in (served and served.hostnames) or ())
        return frozenset((self.request.host, *names))

    @cached_property
    def may_fetch(self) -> bool:
        """Whether an origin may be asked: not for a prefetch of what the cache does not hold."""
        return not is_cached_only(self.request.query) or self.is_on(
            "response.allow_prefetching_uncached_content"
        )

    def is_on(self, feature: str) -> bool:
        """Return whether a feature is switched on."""
        return self.decision.setting(feature) is True

    def seconds(self, feature: str) -> float | None:
        """Return the seconds of a feature that is a duration, None when no rule sets it."""
        value = self.decision.setting(feature)
        return None if value is None else float(getattr(value, "seconds", value))

    def size(self, feature: str, usual: int) -> int:
        """Return the bytes of a feature that is a size, the usual ones when no rule sets it."""
        value = self.decision.setting(feature)
        return usual if value is None else int(value.bytes)


class Planner:
    """Asks a rule set about requests.

    Args:
        rules: The rules.
        facts: What is to be told about each visitor, such as ``{"location.country": "DE"}``.
    """

    def __init__(self, rules: RuleSet, facts: Mapping[str, Fact] | None = None) -> None:
        self.rules = rules
        self._evaluator = Evaluator(rules)
        self._facts = dict(facts or {})
        self._draws = {
            f"random.{most}": most for most in _randoms(rules) if f"random.{most}" not in self._facts
        }

    def plan(self, request: EdgeRequest) -> Plan:
        """Return what the rules make of a request."""
        facts: dict[str, Fact] = {"request.client_ip": request.client, **self._facts}
        for name, most in self._draws.items():
            facts[name] = random.randint(0, most)
        asked = Request(request.url, request.method, dict(request.headers), facts=facts)
        return Plan(request, self._evaluator.evaluate(asked), asked, self._evaluator)


def _randoms(rules: RuleSet) -> set[int]:
    """Return the highest numbers of the random numbers that conditions ask for."""
    found = set()
    for branch in _branches(rules.rules):
        for comparison in comparisons(branch.condition):
            variable = comparison.variable
            if variable is not None and variable.namespace == "random":
                found.add(int(variable.name))
    return found


def _branches(rules: tuple[Rule, ...]) -> Iterator[Branch]:
    for rule in rules:
        match rule:
            case Group(rules=members):
                yield from _branches(members)
            case Chain(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield branch
                    yield from _branches((branch.rule,))
                if otherwise is not None:
                    yield from _branches((otherwise,))
            case Apply():
                pass
