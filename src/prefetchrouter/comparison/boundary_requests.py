"""Requests at the boundaries of rules that differ: each value that a condition names, one at a time.

A list with one country more, an expression with one ending more, a condition the other way round: such a
change shows for one value alone. So each value that the rules name is set in a request that gets to them;
those that only one of the two versions names come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Final

from prefetchrouter.analysis.samples import is_about_path
from prefetchrouter.analysis.witnesses import Place, places, witnesses
from prefetchrouter.comparison.tested_values import TestedValue, tested_values
from prefetchrouter.comparison.varied_request import varied
from prefetchrouter.http.message import Request
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import comparisons

_MOST_REQUESTS: Final = 4000
"""About so many are tried in all: the more rules differ, the fewer for each."""
_MOST_RULES: Final = 400
"""Where more rules differ, each gets plain requests alone."""
_FEW_RULES: Final = 8
"""Of so many rules that differ each is tried with the values of all, since any may replace another."""
_MOST_WAYS: Final = 64
_MOST_BASES: Final = 4
_MOST_ESCAPES: Final = 200
_MOST_COMBINED: Final = 50
"""Where there are more other rules, no values of all rules are combined."""
_COMBINED: Final = 400
_CHANGED_SHARE: Final = 0.7


def at_boundaries(
    gone: Sequence[Rule], come: Sequence[Rule], others: Sequence[Rule], host: str
) -> Iterator[tuple[Place, Request]]:
    """Yield requests with a value that rules name, each with the features that it was made for.

    Args:
        gone: The rules of before that differ.
        come: Those of after.
        others: All other rules.
        host: The host to ask, where no condition names one.
    """
    rules = [*gone, *come]
    if len(rules) > _MOST_RULES:
        return
    values = {id(rule): tested_values(rule) for rule in rules}
    before, after = (Counter(each for rule in side for each in values[id(rule)]) for side in (gone, come))
    known = [{repr(test) for rule in side for test in _tests(rule)} for side in (come, gone)]
    allowance = _MOST_REQUESTS // max(1, len(rules))
    for side, tests in zip((gone, come), known, strict=True):
        for rule in side:
            found = values[id(rule)] if len(rules) > _FEW_RULES else list({**before, **after})
            # False sorts before True: what both versions name in equal number comes last.
            ordered = sorted(found, key=lambda each: before[each] == after[each])
            yield from islice(_of_rule(rule, ordered, tests, host), allowance)
    if len(rules) <= _FEW_RULES and len(others) <= _MOST_COMBINED:
        named = [*before, *after, *(each for rule in others for each in tested_values(rule))]
        yield from _at_random(rules, named, host)


def _at_random(
    rules: Sequence[Rule], named: Sequence[TestedValue], host: str
) -> Iterator[tuple[Place, Request]]:
    """Yield requests in which several variables have values that rules name."""
    random = Random(0)  # equal for every run, so that the same change always has the same witnesses
    values: dict[Variable, list[TestedValue]] = {}
    for tested in named:
        if not tested.is_derived or tested.value is None:
            values.setdefault(tested.variable, []).append(tested)
    found = [place for rule in rules for place in places(rule)]
    for number in range(_COMBINED if found else 0):
        place = found[number % len(found)]
        request = next(witnesses(place, host), None)
        for chosen in values.values():
            if request is not None and random.random() < _CHANGED_SHARE:
                request = varied(request, random.choice(chosen))
        if request is not None:
            yield place, request


def escapes(request: Request, rules: Sequence[Rule]) -> Iterator[Request]:
    """Yield requests that differ from one in a value or two that rules name, so that some no longer apply.

    Args:
        request: A request to which the rules apply.
        rules: Rules that hide a difference, since they decide for the request in both versions.
    """
    values = list(dict.fromkeys(each for rule in rules for each in tested_values(rule)))
    yield from islice(_with_values([request], values), _MOST_ESCAPES)


def _tests(rule: Rule) -> Iterator[Condition]:
    for place in places(rule):
        for condition in place.conditions:
            yield from comparisons(condition)


def _of_rule(
    rule: Rule, values: Sequence[TestedValue], others: set[str], host: str
) -> Iterator[tuple[Place, Request]]:
    for place in places(rule):
        bases = list({repr(each): each for each in _bases(place, others, host)}.values())
        for base in bases:
            yield place, base
        # The last has nothing but its path.
        for request in _with_values([*bases[: _MOST_BASES - 1], *bases[-1:]], values):
            yield place, request


def _with_values(bases: Sequence[Request], values: Sequence[TestedValue]) -> Iterator[Request]:
    """Yield requests with one value changed, then with two, those of the first values first."""
    made: list[list[Request]] = []
    for tested in values:
        made.append([each for base in bases if (each := varied(base, tested)) is not None])
        yield from made[-1]
    for number, one in enumerate(values):
        for two, requests in zip(values[number + 1 :], made[number + 1 :], strict=True):
            for request in requests if one.variable != two.variable else ():
                if (both := varied(request, one)) is not None:
                    yield both


def _bases(place: Place, others: set[str], host: str) -> Iterator[Request]:
    """Yield requests that get to features in each way, then one that has nothing but their path."""
    whole = AllOf(place.conditions)
    for way in islice(_ways(whole, others), _MOST_WAYS):
        yield from islice(witnesses(Place(place.apply, (way,), place.number), host), 1)
    paths = tuple(test for test in comparisons(whole) if is_about_path(test))
    yield from islice(witnesses(Place(place.apply, paths, place.number), host), 1)


def _ways(condition: Condition, others: set[str]) -> Iterator[Condition]:
    """Yield conditions without alternatives, in which each alternative is taken once.

    Args:
        condition: The condition.
        others: What the other version tests; alternatives that it has as well come last.
    """
    match condition:
        case Comparison():
            yield condition
        case AnyOf(members=members):
            ordered = sorted(
                members, key=lambda each: all(repr(test) in others for test in comparisons(each))
            )
            for member in ordered:
                yield from islice(_ways(member, others), 1)
            for member in ordered:
                yield from islice(_ways(member, others), 1, None)
        case AllOf(members=members):
            plain = [next(_ways(member, others), member) for member in members]
            yield AllOf(tuple(plain))
            for number, member in enumerate(members):
                for way in islice(_ways(member, others), 1, None):
                    yield AllOf((*plain[:number], way, *plain[number + 1 :]))
