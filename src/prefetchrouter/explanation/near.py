"""Rules that nearly applied: the first thing to look at when a page is not prefetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from prefetchrouter.catalog.feature_specs import FEATURES
from prefetchrouter.errors import shown
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.predicates import predicate
from prefetchrouter.explanation.narrow import may_match, path_pattern
from prefetchrouter.http.request_target import path_for_rules
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.rules.conditions import AllOf, Comparison, Condition
from prefetchrouter.rules.facts import header_facts
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.rules.walk import applied, comparisons
from prefetchrouter.source import Source

_MOST_TRIED = 100
_MOST_SHOWN = 3
_MAKES_PREFETCHABLE = tuple(spec for spec in FEATURES.values() if spec.prefetching in ("set", "positive"))
"""The features without which nothing is prefetchable."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A branch that would have helped, and what kept it from applying.

    Args:
        source: Its line.
        when: What would have to be true, such as ``"method is GET"``, with the request's own value.
    """

    source: Source | None
    when: str

    def __str__(self) -> str:
        return f"{self.source}, when {self.when}" if self.source else f"when {self.when}"


def near_misses(rules: Iterable[Rule], decision: Decision) -> tuple[NearMiss, ...]:
    """Return the branches that would make the URL prefetchable, and whose path matches or nearly does.

    Those whose path matches come first, at most three; without any, the one with the most similar pattern.
    What waits for a response, such as `catch`, does not count: no other request would have helped.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> vip = {"path": "/a", "headers": {"x-tier": "gold"}}
        >>> router = Router().match(vip, caching={"max_age": "1h"})
        >>> near_misses(router.rules, evaluate(router, Request("/a")))[0].when
        'header x-tier is gold (here it is missing)'
    """
    request = decision.request
    features = _missing(decision)
    if not features or decision.refusal is not None:
        return ()
    context = RequestContext(request, decision.host, header_facts(facts_of(decision.site)))
    branches = [branch for rule in rules for branch in _branches(rule) if _sets(branch.rule, features)]
    matching = (
        branch for branch in branches if may_match(branch.condition, path_for_rules(request.path).lower())
    )
    misses = []
    for branch in islice(matching, _MOST_TRIED):
        failed = [part for part in _parts(branch.condition) if not predicate(part).holds(context)]
        if failed and not any(_reads_path(part) or predicate(part).is_late for part in failed):
            misses.append(NearMiss(branch.source, " and ".join(_described(part, context) for part in failed)))
            if len(misses) == _MOST_SHOWN:
                break
    return tuple(misses) or tuple(_nearest(branches, context))


def _missing(decision: Decision) -> tuple[str, ...]:
    """Return the features without which the URL is not prefetchable."""
    if decision.request.method != "GET" or decision.prefetchable:
        return ()
    return tuple(spec.name for spec in _MAKES_PREFETCHABLE if decision.get(spec.key) is None)


def _branches(rule: Rule) -> Iterator[Branch]:
    match rule:
        case Group(rules=rules):
            for member in rules:
                yield from _branches(member)
        case Chain(branches=branches):
            yield from branches
        case Apply():
            pass


def _sets(rule: Rule, names: tuple[str, ...]) -> bool:
    return any(
        name in found.features.caching.model_fields_set
        for found in applied(rule)
        if found.features.caching is not None
        for name in names
    )


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.members if isinstance(condition, AllOf) else (condition,)


def _reads_path(condition: Condition) -> bool:
    return any(
        read.namespace == "request" and read.name in ("path", "origin_path")
        for test in comparisons(condition)
        if (read := test.variable) is not None
    )


def _nearest(branches: Iterable[Branch], context: RequestContext) -> Iterator[NearMiss]:
    """Yield the branch whose pattern begins most like the path, when that is at least half of it."""
    path = context.path.lower()
    best, longest = None, max(1, len(path) // 2)
    for branch in branches:
        for test in comparisons(branch.condition):
            shared = _shared(path, (path_pattern(test) or "").lower())
            if shared > longest:
                best, longest = NearMiss(branch.source, _described(test, context)), shared
    if best is not None:
        yield best


def _shared(path: str, pattern: str) -> int:
    """Return how many characters both begin with."""
    for count, (one, other) in enumerate(zip(path, pattern, strict=False)):
        if one != other:
            return count
    return min(len(path), len(pattern))


def _described(condition: Condition, context: RequestContext) -> str:
    text = describe_condition(condition)
    if not isinstance(condition, Comparison) or condition.variable is None:
        return text
    value = accessor(condition.variable).value(context)
    return f"{text} (here it is {'missing' if value is None else shown(value)})"
