"""The plans of every combination of tests that can occur, for engines that look a plan up by its tests.

Within one group of rules each atomic test is a bit. A combination of bits leads to a list of plans, and
these, merged as `evaluate` merges them, are one plan: exact by construction, and without order in the engine.

    /hdr/:id and x-variant =~ ^b   ->  P3          bits 11 -> P2 + P3, bits 10 -> P2, others none
    /hdr/:id                       ->  P2

Combinations that no request can have are left out: a path that is `/a` is not `/b` too, and of a text that is
known every test is true or false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from prefetchrouter.lowering.guards import Guard, holds
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.steps import Steps, taken
from prefetchrouter.lowering.tests import Matches, OneOf, Test
from prefetchrouter.regex import compiled

MOST_COMBINATIONS = 64


class TooManyCombinations(ValueError):
    """A group has more combinations of tests than a table should hold."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Bits that can occur together, and what then applies.

    Args:
        bits: For each test of the group, in order, whether it is true.
        plans: The numbers of the plans that apply, in the order of the rules; `Lowered.merged` makes one
            of them.
    """

    bits: tuple[bool, ...]
    plans: tuple[int, ...]


def combinations(
    lowered: Lowered, steps: Steps, *, most: int = MOST_COMBINATIONS
) -> tuple[tuple[int, ...], tuple[Combination, ...]]:
    """Return the tests of a group, and each combination of them that can occur and leads to a plan.

    Args:
        lowered: The rules.
        steps: The steps of the group, such as one of `by_segment`.
        most: How many combinations may lead to a plan.

    Raises:
        TooManyCombinations: There are more.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> router = Router().match("/a", comment="x", caching={"max_age": "1h"})
        >>> router = router.match({"path": "/a", "method": "GET"}, caching={"max_age": "1m"})
        >>> lowered = lower(router)
        >>> tests, found = combinations(lowered, lowered.steps)
        >>> tests, [(combination.bits, combination.plans) for combination in found]
        ((0, 1), [((True, False), (0,)), ((True, True), (0, 1))])
    """
    numbers = lowered.used_tests(steps)
    found: list[Combination] = []
    for known in _outcomes(numbers, [lowered.tests[number] for number in numbers], most):

        def truth(guard: Guard, known: dict[int, bool] = known) -> bool:
            return holds(guard, known.__getitem__)

        plans = tuple(each.plan for each in taken(steps, truth))
        if plans:
            found.append(Combination(tuple(known[number] for number in numbers), plans))
    if len(found) > most:
        raise TooManyCombinations(f"{len(found)} combinations of {len(numbers)} tests")
    return numbers, tuple(sorted(found, key=lambda combination: combination.bits))


def _outcomes(numbers: Sequence[int], tests: Sequence[Test], most: int) -> Iterator[dict[int, bool]]:
    """Yield each combination of truths that a request can have, as truth by number."""
    by_reading: dict[Reading, list[tuple[int, Test]]] = {}
    for number, test in zip(numbers, tests, strict=True):
        by_reading.setdefault(test.reading, []).append((number, test))
    several = [_of_reading(own, most) for own in by_reading.values()]
    size = 1
    for outcomes in several:
        size *= len(outcomes)
    if size > most * 64:
        raise TooManyCombinations(f"{size} combinations of {len(numbers)} tests")
    for chosen in product(*several):
        yield {number: truth for outcome in chosen for number, truth in outcome}


Outcome = tuple[tuple[int, bool], ...]


def _of_reading(tests: list[tuple[int, Test]], most: int) -> list[Outcome]:
    """Return what the tests of one reading can come to: for each text that is known, and for all others."""
    texts = {
        (text, test.ignores_case): None for _, test in tests if isinstance(test, OneOf) for text in test.texts
    }
    free = [number for number, test in tests if not isinstance(test, OneOf)]
    if len(free) > 16:
        raise TooManyCombinations(f"{len(free)} expressions are tried on one text")
    found: dict[Outcome, None] = {}
    for text, in_any_case in texts:
        bits = [(number, _truth(test, text, in_any_case)) for number, test in tests]
        unknown = [number for number, bit in bits if bit is None]
        for chosen in product((False, True), repeat=len(unknown)):
            by_number = dict(zip(unknown, chosen, strict=True))
            found[tuple((number, by_number.get(number, bool(bit))) for number, bit in bits)] = None
    for chosen in product((False, True), repeat=len(free)):
        by_number = dict(zip(free, chosen, strict=True))
        found[tuple((number, by_number.get(number, False)) for number, _ in tests)] = None
    if len(found) > most * 64:
        raise TooManyCombinations(f"{len(found)} combinations on one text")
    return list(found)


def _truth(test: Test, text: str, in_any_case: bool) -> bool | None:
    """Return whether a test is true of a text; None where that depends on more, such as its case."""
    match test:
        case OneOf(texts=texts, ignores_case=ignores_case):
            if ignores_case:
                return text.lower() in texts
            if in_any_case:
                return None if any(text == other.lower() for other in texts) else False
            return text in texts
        case Matches(regex=regex) if regex.startswith("(?i)") or not in_any_case:
            return compiled(regex, captures=False).search(text) is not None
        case _:
            return None
