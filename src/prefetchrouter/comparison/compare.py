"""`compare`: the differences between two rule sets, and the smallest list of requests that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from prefetchrouter.comparison.behaviour import PREFETCHING, Aspect, behaviour
from prefetchrouter.comparison.changed_rules import changed_rules
from prefetchrouter.comparison.hidden_differences import HiddenDifferences
from prefetchrouter.comparison.request_space import Candidate, candidates
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.explanation import explain
from prefetchrouter.http.message import Request, Response
from prefetchrouter.rules.rule import HasRules, Rule
from prefetchrouter.rules.rule_set import RuleSet, property_of
from prefetchrouter.rules.walk import comparisons, conditions_in
from prefetchrouter.source import Source

_DEPENDS_ON_REQUEST = frozenset({"location", "path to the origin", "cache key", "body"})
"""Aspects whose text differs from URL to URL, although the same rule makes it."""
_MOST_EXPLAINED = 40
"""For how many differences the freshness in browsers is worked out: each takes some milliseconds."""
_MOST_STATUSES = 8
_NOTHING = Aspect("", None)


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect that differs.

    Args:
        aspect: Its name: a feature such as ``"caching.max_age.200"``, or ``"status"``, ``"location"``,
            ``"origin"``, ``"prefetching"`` and so on.
        before: What it was; None if there was nothing.
        after: What it becomes.
        source_before: The line that decided it before, where one did.
        source_after: The line that decides it now.
    """

    aspect: str
    before: str | None
    after: str | None
    source_before: Source | None = None
    source_after: Source | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Requests that are answered otherwise, all in the same way.

    Args:
        request: The plainest of them.
        changes: What differs.
        also: For each further rule whose requests differ in this way, the plainest of these.
        others: How many more of the requests that were tried differ in this way.
        lifetimes: For each mechanism by which browsers prefetch, how many seconds a click can use the
            response before and after, where that differs.
    """

    request: Request
    changes: tuple[Change, ...]
    also: tuple[Request, ...] = ()
    others: int = 0
    lifetimes: tuple[tuple[str, float, float], ...] = ()

    @property
    def prefetching(self) -> Change | None:
        """The change of whether browsers prefetch links to the URL, or None if that stays."""
        return next((change for change in self.changes if change.aspect == PREFETCHING), None)


@dataclass(frozen=True, slots=True)
class RuleSetComparison:
    """What differs between two rule sets.

    Args:
        differences: The requests that are answered otherwise, the plainest first.
        tried: How many requests were tried.
        rules_before: How many rules were removed, changed or moved.
        rules_after: How many rules were added, changed or moved.
    """

    differences: tuple[Difference, ...]
    tried: int
    rules_before: int
    rules_after: int

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.differences)


def compare(before: HasRules, after: HasRules) -> RuleSetComparison:
    """Return how requests are answered otherwise by other rules.

    Requests are made from the conditions of the rules that differ; so an empty result says that none of
    these differs, and `RuleSetComparison.tried` how many there were.

    Args:
        before: A `Router` or a `RuleSet`.
        after: The one that replaces it.

    Example:
        >>> from prefetchrouter import Router
        >>> caching = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> found = compare(Router().get("/a", caching=caching), Router().get("/b", caching=caching))
        >>> [(each.request.path, each.prefetching.after) for each in found.differences]
        [('/a', 'no'), ('/b', 'yes')]
        >>> bool(compare(Router().get("/a", caching=caching), Router().get("/a", caching=caching)))
        False
    """
    gone, come = _differing(before, after)
    removed, added = [before.rules[n] for n in gone], [after.rules[n] for n in come]
    rules = [*removed, *added]
    kept = set(come)
    others = [rule for number, rule in enumerate(after.rules) if number not in kept]
    old, new = Evaluator(before), Evaluator(after)
    alone = Evaluator(RuleSet(rules=tuple(rules), property=property_of(after)))
    statuses, found, tried = _statuses(rules), _Found(), 0
    hidden = HiddenDifferences(removed, added, others) if rules else None
    for candidate in candidates(removed, added, others, alone) if rules else ():
        for request in _with_responses(candidate.request, statuses):
            tried += 1
            changes = tuple(_changes(behaviour(old, request), behaviour(new, request)))
            if changes:
                found.add(candidate, request, changes)
            elif hidden is not None:
                hidden.note(candidate, request)
    for candidate in hidden.candidates() if hidden is not None else ():
        tried += 1
        changes = tuple(_changes(behaviour(old, candidate.request), behaviour(new, candidate.request)))
        if changes:
            found.add(candidate, candidate.request, changes)
    differences = list(found.differences())
    for number, each in enumerate(differences[:_MOST_EXPLAINED]):
        differences[number] = replace(each, lifetimes=_lifetimes(before, after, each))
    return RuleSetComparison(tuple(differences), tried, len(gone), len(come))


def _differing(before: HasRules, after: HasRules) -> tuple[list[int], list[int]]:
    if property_of(before) != property_of(after):
        # Origins, hostnames or settings differ: any rule may act otherwise.
        return list(range(len(before.rules))), list(range(len(after.rules)))
    return changed_rules(before.rules, after.rules)


def _with_responses(request: Request, statuses: Sequence[int]) -> Iterator[Request]:
    """Yield a request, and for rules with conditions on the response also with responses of the origin."""
    yield request
    for status in statuses[:_MOST_STATUSES]:
        yield replace(request, response=Response(status))


def _statuses(rules: Iterable[Rule]) -> list[int]:
    """Return the statuses that conditions on the response name, and 200 beside them."""
    tests = (
        test
        for rule in rules
        for condition in conditions_in(rule)
        for test in comparisons(condition)
        if test.variable is not None and test.variable.namespace.startswith("response")
    )
    named: dict[int, None] = {}
    for test in tests:
        named[200] = None
        for value in test.value if isinstance(test.value, tuple) else (test.value,):
            text = str(value)
            if len(text) == 3 and text.isascii() and text.isdigit() and text[0] in "12345":
                named[int(text)] = None
    return list(named)


def _changes(before: dict[str, Aspect], after: dict[str, Aspect]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, _NOTHING), after.get(name, _NOTHING)
        if old.compared != new.compared:
            yield Change(name, old.shown or None, new.shown or None, old.source, new.source)


class _Found:
    """The requests that differ, by what differs and by the rule that they were made for."""

    def __init__(self) -> None:
        self._found: dict[object, dict[str, tuple[Request, tuple[Change, ...]]]] = {}
        self._counts: Counter[object] = Counter()

    def add(self, candidate: Candidate, request: Request, changes: tuple[Change, ...]) -> None:
        key = tuple(map(_kind, changes))
        of_rules = self._found.setdefault(key, {})
        self._counts[key] += 1
        known = of_rules.get(candidate.rule)
        if known is None and not candidate.rule and of_rules:
            return  # of rules that are the same on both sides, one request is enough
        if known is None or _plainness(request) < _plainness(known[0]):
            of_rules[candidate.rule] = request, changes

    def differences(self) -> list[Difference]:
        """Return them, the plainest first."""
        found = []
        for key, of_rules in self._found.items():
            (first, changes), *rest = sorted(of_rules.values(), key=lambda each: _plainness(each[0]))
            also = tuple(
                request for request, _ in rest if request.path != first.path or request.method != first.method
            )
            found.append(Difference(first, changes, also, self._counts[key] - 1 - len(also)))
        return sorted(found, key=lambda each: (*_plainness(each.request), each.request.url))


def _kind(change: Change) -> tuple[object, ...]:
    """Return what two changes have in common that are shown once."""
    if change.aspect in _DEPENDS_ON_REQUEST:
        lines = change.source_before, change.source_after
        return (change.aspect, change.before is None, change.after is None, *lines)
    return change.aspect, change.before, change.after


def _plainness(request: Request) -> tuple[int, ...]:
    """Return how plain a request is: people read a GET of a short path first."""
    conditions = len(request.headers) + len(request.cookies) + len(request.facts) + bool(request.query)
    odd = sum(not (character.isalnum() or character in "/-._") for character in request.path)
    return request.method != "GET", conditions, request.response is not None, odd, len(request.path)


def _lifetimes(
    before: HasRules, after: HasRules, difference: Difference
) -> tuple[tuple[str, float, float], ...]:
    """Return the mechanisms whose prefetches are usable for another time."""
    request = replace(difference.request, response=None)
    if request.method != "GET" or request.refusal is not None:
        return ()
    old, new = explain(before, request).forecast, explain(after, request).forecast
    return tuple(
        (one.mechanism.name, one.found.seconds_left, two.found.seconds_left)
        for one, two in zip(old.chances, new.chances, strict=True)
        if one.found.seconds_left != two.found.seconds_left
    )
