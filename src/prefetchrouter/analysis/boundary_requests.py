"""Requests at the boundaries of rules: each value that a condition names, alone and with others.

What holds for a plain request of a rule need not hold for all: a list has more countries, an expression more
endings, a condition an exception. So each value that rules name is set in a request that gets to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Final

from prefetchrouter.analysis.samples import is_about_path
from prefetchrouter.analysis.tested_values import ValueToTry, tested_values
from prefetchrouter.analysis.varied_request import varied
from prefetchrouter.analysis.witnesses import PlacedFeatures, witnesses
from prefetchrouter.http.message import Request
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import comparisons

_MOST_WAYS: Final = 64
_MOST_BASES: Final = 4
_MOST_ESCAPES: Final = 200
_CHANGED_SHARE: Final = 0.7


def requests_around(
    place: PlacedFeatures, values: Sequence[ValueToTry], host: str, known: Collection[str] = ()
) -> Iterator[Request]:
    """Yield requests that get to features in each way, then with one of the values changed, then with two.

    Args:
        place: The features, and their conditions.
        values: The values to try, the most telling first.
        host: The host of the requests, if no condition names one.
        known: Comparisons, as their `repr`: alternatives that have only these come last.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.analysis.witnesses import places
        >>> (rule,) = Router().match({"path": "/a", "method": ["GET", "PUT"]}, comment="note").rules
        >>> (place,) = places(rule)
        >>> found = requests_around(place, tested_values(rule), "shop.example")
        >>> sorted({each.method for each in found})
        ['DELETE', 'GET', 'GETX', 'POST', 'PUT', 'XGET']
    """
    bases = list({repr(each): each for each in _bases(place, known, host)}.values())
    yield from bases
    # The last has nothing but its path.
    yield from _with_values([*bases[: _MOST_BASES - 1], *bases[-1:]], values)


def requests_at_random(
    found: Sequence[PlacedFeatures], named: Sequence[ValueToTry], host: str, count: int
) -> Iterator[tuple[PlacedFeatures, Request]]:
    """Yield requests in which several variables have values that rules name, each with its features.

    Args:
        found: The features that they are made for, in turn.
        named: The values.
        host: The host of the requests, if no condition names one.
        count: How many.
    """
    random = Random(0)  # equal for every run, so that the same rules always have the same witnesses
    values: dict[Variable, list[ValueToTry]] = {}
    for tested in named:
        if not tested.is_derived or tested.value is None:
            values.setdefault(tested.variable, []).append(tested)
    for number in range(count if found else 0):
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


def _with_values(bases: Sequence[Request], values: Sequence[ValueToTry]) -> Iterator[Request]:
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


def _bases(place: PlacedFeatures, known: Collection[str], host: str) -> Iterator[Request]:
    """Yield requests that get to features in each way, then one that has nothing but their path."""
    whole = AllOf(place.conditions)
    for way in islice(_ways(whole, known), _MOST_WAYS):
        yield from islice(witnesses(PlacedFeatures(place.apply, (way,), place.number), host), 1)
    paths = tuple(test for test in comparisons(whole) if is_about_path(test))
    yield from islice(witnesses(PlacedFeatures(place.apply, paths, place.number), host), 1)


def _ways(condition: Condition, known: Collection[str]) -> Iterator[Condition]:
    """Yield conditions without alternatives, in which each alternative is taken once.

    Args:
        condition: The condition.
        known: Comparisons, as their `repr`: alternatives that have only these come last.
    """
    match condition:
        case Comparison():
            yield condition
        case AnyOf(members=members):
            ordered = sorted(members, key=lambda each: all(repr(test) in known for test in comparisons(each)))
            for member in ordered:
                yield from islice(_ways(member, known), 1)
            for member in ordered:
                yield from islice(_ways(member, known), 1, None)
        case AllOf(members=members):
            plain = [next(_ways(member, known), member) for member in members]
            yield AllOf(tuple(plain))
            for number, member in enumerate(members):
                for way in islice(_ways(member, known), 1, None):
                    yield AllOf((*plain[:number], way, *plain[number + 1 :]))
