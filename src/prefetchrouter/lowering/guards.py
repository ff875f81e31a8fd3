"""When a branch is taken: references to atomic tests, and the joins of them.

Guard = Is       a test, or its negation
| Every    all members are true; without members, true
| Some     a member is true; without members, false
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition


@dataclass(frozen=True, slots=True)
class Is:
    """A test is true, or false where it is negated.

    Args:
        test: The number of the test in `Lowered.tests`.
        negated: Whether the test has to be false.
    """

    test: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All members are true."""

    members: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one member is true."""

    members: tuple[Guard, ...] = ()


Guard: TypeAlias = Is | Every | Some

TRUE = Every()
FALSE = Some()


def guard_of(condition: Condition, refer: Callable[[Comparison], Is]) -> Guard:
    """Return the guard of a condition.

    Args:
        condition: The condition of a branch.
        refer: Gives the reference to the test of a comparison.
    """
    match condition:
        case Comparison():
            return refer(condition)
        case AllOf(members=members):
            return every(guard_of(member, refer) for member in members)
        case AnyOf(members=members):
            return some(guard_of(member, refer) for member in members)


def every(members: Iterable[Guard]) -> Guard:
    """Return that all are true, in the shortest form.

    Example:
        >>> every([Is(0), TRUE]), every([Is(0), Is(0, negated=True)])
        (Is(test=0, negated=False), Some(members=()))
    """
    found: dict[Guard, None] = {}
    for member in members:
        found.update(dict.fromkeys(member.members if isinstance(member, Every) else (member,)))
    if FALSE in found or _contradicts(found):
        return FALSE
    return next(iter(found)) if len(found) == 1 else Every(tuple(found))


def some(members: Iterable[Guard]) -> Guard:
    """Return that one is true, in the shortest form.

    Example:
        >>> some([FALSE, Is(0)]), some([Is(0), TRUE])
        (Is(test=0, negated=False), Every(members=()))
    """
    found: dict[Guard, None] = {}
    for member in members:
        found.update(dict.fromkeys(member.members if isinstance(member, Some) else (member,)))
    if TRUE in found or _contradicts(found):
        return TRUE
    return next(iter(found)) if len(found) == 1 else Some(tuple(found))


def _contradicts(members: Iterable[Guard]) -> bool:
    tests = {member for member in members if isinstance(member, Is)}
    return any(Is(found.test, not found.negated) in tests for found in tests)


def negation(guard: Guard) -> Guard:
    """Return the guard that is true where this one is not.

    Example:
        >>> negation(Every((Is(0), Is(1, negated=True))))
        Some(members=(Is(test=0, negated=True), Is(test=1, negated=False)))
    """
    match guard:
        case Is(test=test, negated=negated):
            return Is(test, not negated)
        case Every(members=members):
            return some(map(negation, members))
        case Some(members=members):
            return every(map(negation, members))


def holds(guard: Guard, truth: Callable[[int], bool]) -> bool:
    """Return whether a guard is true.

    Args:
        guard: The guard.
        truth: Whether the test of a number is true.

    Example:
        >>> holds(Every((Is(0), Is(1, negated=True))), [True, False].__getitem__)
        True
    """
    match guard:
        case Is(test=test, negated=negated):
            return truth(test) is not negated
        case Every(members=members):
            return all(holds(member, truth) for member in members)
        case Some(members=members):
            return any(holds(member, truth) for member in members)


def tests_in(guard: Guard) -> tuple[int, ...]:
    """Return the numbers of the tests in a guard, each once, in order.

    Example:
        >>> tests_in(Every((Is(3), Some((Is(1), Is(3))))))
        (3, 1)
    """
    match guard:
        case Is(test=test):
            return (test,)
        case Every(members=members) | Some(members=members):
            return tuple(dict.fromkeys(test for member in members for test in tests_in(member)))


def without(guard: Guard, tests: frozenset[int], stand_in: Guard) -> Guard:
    """Return a guard with something in the place of some tests and of their negations.

    Before there is a response, with `TRUE` for each test of it a guard says whether it *may* become true, and
    with `FALSE` whether it *is* true whatever the response will be.

    Args:
        guard: The guard.
        tests: The numbers of the tests.
        stand_in: `TRUE` or `FALSE`.

    Example:
        >>> both = Every((Is(0), Is(1, negated=True)))
        >>> without(both, frozenset({1}), TRUE), without(both, frozenset({1}), FALSE)
        (Is(test=0, negated=False), Some(members=()))
    """
    match guard:
        case Is(test=test):
            return stand_in if test in tests else guard
        case Every(members=members):
            return every(without(member, tests, stand_in) for member in members)
        case Some(members=members):
            return some(without(member, tests, stand_in) for member in members)
