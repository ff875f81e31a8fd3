"""Steps: rules as assignments and forks, in order; and what is left of them in one phase.

Steps = a tuple of
    Set    what a rule sets, as the number of a plan: each `Set` that is reached applies, later ones win
    Fork   arms with guards: the first whose guard is true, else `otherwise`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from prefetchrouter.lowering.guards import FALSE, TRUE, Guard, Is, guard_of, negation, some, without
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class Set:
    """What a rule sets.

    Args:
        plan: The number of the plan in `Lowered.plans`.
        source: The line of the rule.
    """

    plan: int
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arm:
    """A guard, and the steps where it is true.

    Args:
        guard: When the arm is taken.
        steps: The steps.
        source: The line of the branch.
    """

    guard: Guard
    steps: Steps
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Fork:
    """Arms in order, of which the first whose guard is true is taken, else `otherwise`.

    An arm without steps is there because it keeps the later ones from being taken.
    """

    arms: tuple[Arm, ...]
    otherwise: Steps = ()


Step: TypeAlias = Set | Fork
Steps: TypeAlias = "tuple[Step, ...]"


def steps_of(rule: Rule, refer: Callable[[Comparison], Is], number_of: Callable[[Apply], int]) -> Steps:
    """Return a rule as steps.

    Args:
        rule: The rule.
        refer: Gives the reference to the test of a comparison.
        number_of: Gives the number of the plan of a features object.
    """
    match rule:
        case Apply(source=source):
            return (Set(number_of(rule), source),)
        case Group(rules=rules):
            return tuple(step for member in rules for step in steps_of(member, refer, number_of))
        case Chain(branches=branches, otherwise=otherwise):
            arms = tuple(
                Arm(
                    guard_of(branch.condition, refer),
                    steps_of(branch.rule, refer, number_of),
                    branch.source,
                )
                for branch in branches
            )
            return fork(arms, () if otherwise is None else steps_of(otherwise, refer, number_of))


def fork(arms: Iterable[Arm], otherwise: Steps = ()) -> Steps:
    """Return a fork in its shortest form: none where nothing is left of it.

    Only arms without steps at the end go, and only where there is no `otherwise`: any other keeps a later arm
    from being taken.

    Example:
        >>> fork([Arm(Is(0), ()), Arm(Is(1), (Set(0),)), Arm(Is(2), ())])[0].arms
        (Arm(guard=Is(test=0, negated=False), steps=(), source=None), \
Arm(guard=Is(test=1, negated=False), steps=(Set(plan=0, source=None),), source=None))
        >>> fork([Arm(Is(0), ())], (Set(0),))
        (Fork(arms=(Arm(guard=Is(test=0, negated=True), steps=(Set(plan=0, source=None),), source=None),), \
otherwise=()),)
    """
    kept: list[Arm] = []
    for arm in arms:
        if arm.guard == FALSE:
            continue
        if arm.guard == TRUE:
            otherwise = arm.steps
            break
        kept.append(arm)
    while kept and kept[-1].steps == otherwise:
        kept.pop()
    if not kept:
        return otherwise
    if otherwise and all(not arm.steps for arm in kept):
        guard = negation(some(arm.guard for arm in kept))
        return (Fork((Arm(guard, otherwise, kept[-1].source),)),)
    return (Fork(tuple(kept), otherwise),)


def without_response(steps: Steps, late: frozenset[int]) -> Steps:
    """Return what steps come to before there is a response.

    A branch that only a response can decide ends its chain: nothing of it applies, and no later branch.

    Args:
        steps: The steps.
        late: The numbers of the tests of the response.

    Example:
        >>> without_response((Fork((Arm(Is(0), (Set(0),)),), (Set(1),)),), frozenset({0}))
        ()
    """
    return tuple(made for step in steps for made in _without_response(step, late))


def _without_response(step: Step, late: frozenset[int]) -> Steps:
    if isinstance(step, Set):
        return (step,)
    arms: list[Arm] = []
    for arm in step.arms:
        certain, possible = (without(arm.guard, late, stand_in) for stand_in in (FALSE, TRUE))
        arms.append(Arm(certain, without_response(arm.steps, late), arm.source))
        if possible != certain:
            arms.append(Arm(possible, (), arm.source))
    return fork(arms, without_response(step.otherwise, late))


def with_plans(steps: Steps, renumbered: Callable[[int], int | None]) -> Steps:
    """Return steps with other plans.

    Args:
        steps: The steps.
        renumbered: Gives the number that a plan becomes, None for one that says nothing.

    Example:
        >>> with_plans((Set(0), Set(1)), {0: 5}.get)
        (Set(plan=5, source=None),)
    """
    made: list[Step] = []
    for step in steps:
        if isinstance(step, Set):
            number = renumbered(step.plan)
            if number is not None:
                made.append(Set(number, step.source))
            continue
        arms = (Arm(arm.guard, with_plans(arm.steps, renumbered), arm.source) for arm in step.arms)
        made += fork(arms, with_plans(step.otherwise, renumbered))
    return tuple(made)


def sets_in(steps: Steps) -> Iterable[Set]:
    """Yield every `Set` in steps, in order.

    Example:
        >>> [found.plan for found in sets_in((Set(1), Fork((Arm(Is(0), (Set(0),)),))))]
        [1, 0]
    """
    for step in steps:
        if isinstance(step, Set):
            yield step
            continue
        for arm in step.arms:
            yield from sets_in(arm.steps)
        yield from sets_in(step.otherwise)


def forks_in(steps: Steps) -> Iterable[Fork]:
    """Yield every fork in steps, from the outside in."""
    for step in steps:
        if isinstance(step, Fork):
            yield step
            for arm in step.arms:
                yield from forks_in(arm.steps)
            yield from forks_in(step.otherwise)


def taken(steps: Steps, holds: Callable[[Guard], bool]) -> tuple[Set, ...]:
    """Return what applies where guards are true or false: the meaning of steps in one function.

    Args:
        steps: The steps.
        holds: Whether a guard is true.

    Example:
        >>> taken((Set(0), Fork((Arm(Is(0), (Set(1),)),), (Set(2),))), lambda guard: False)
        (Set(plan=0, source=None), Set(plan=2, source=None))
    """
    found: list[Set] = []
    for step in steps:
        if isinstance(step, Set):
            found.append(step)
            continue
        arm = next((arm for arm in step.arms if holds(arm.guard)), None)
        found += taken(step.otherwise if arm is None else arm.steps, holds)
    return tuple(found)
