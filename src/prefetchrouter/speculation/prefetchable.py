"""When rules let browsers prefetch a URL, as a guard over the tests of lowered rules.

Of each feature the last rule that sets it counts. So the guard is built from the first rule to the last: a
rule that sets a feature to what prefetching needs adds a way to be prefetchable, one that sets it otherwise
takes its own requests out.

    max_age is set              by .always             every URL
    service_worker_max_age 1h   on /pages/:id          ... and /pages/:id
    bypass_cache                on /pages/new          ... and not /pages/new
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from prefetchrouter.catalog import FEATURES, keys
from prefetchrouter.lowering import Lowered, Plan, Set, Steps
from prefetchrouter.lowering.guards import FALSE, TRUE, Every, Guard, Is, Some, every, negation, some
from prefetchrouter.lowering.steps import Fork, Step
from prefetchrouter.source import Source

Says: TypeAlias = Callable[[Plan], bool | None]
"""Whether what a plan sets gives a feature a wanted value; None if the plan does not set the feature."""


@dataclass(frozen=True, slots=True)
class PrefetchablePlace:
    """A place in the rules that makes URLs prefetchable.

    Args:
        rule: The number of the rule.
        guard: When it is reached.
        source: Its line.
    """

    rule: int
    guard: Guard
    source: Source | None


def says_lifetime(plan: Plan) -> bool | None:
    """Return whether a plan sets a lifetime at the edge."""
    return True if plan.by_name(keys.caching.max_age) else None


def says_kept(plan: Plan) -> bool | None:
    """Return whether a plan lets browsers keep a page."""
    return _permits(plan, keys.caching.service_worker_max_age)


def says_cached(plan: Plan) -> bool | None:
    """Return whether a plan leaves the cache on."""
    return _permits(plan, keys.caching.bypass_cache)


def _permits(plan: Plan, key: str) -> bool | None:
    value = plan.values.get(key)
    return None if value is None else not FEATURES[key].forbids_prefetching(value)


def last_wins(rules: Lowered, steps: Steps, says: Says, *, otherwise: bool) -> Guard:
    """Return when the last step that sets a feature gives it a wanted value.

    Args:
        rules: The rules whose plans the steps name.
        steps: The steps, in order.
        says: What a plan says of it.
        otherwise: What holds where no step sets it.
    """
    found: Guard = TRUE if otherwise else FALSE
    for step in steps:
        found = _after(rules, step, says, found)
    return found


def _after(rules: Lowered, step: Step, says: Says, before: Guard) -> Guard:
    if isinstance(step, Set):
        said = says(rules.plans[step.plan])
        return before if said is None else (TRUE if said else FALSE)
    ways: list[Guard] = []
    others: list[Guard] = []
    arms = [(arm.guard, arm.steps) for arm in step.arms]
    inside = [_through(rules, steps, says, before) for _, steps in arms]
    last = _through(rules, step.otherwise, says, before)
    if len(arms) == 1 and last == before:
        return _chosen(arms[0][0], inside[0], before)
    for (guard, _), result in zip(arms, inside, strict=True):
        ways.append(every((*others, guard, result)))
        others.append(negation(guard))
    return some((*ways, every((*others, last))))


def _through(rules: Lowered, steps: Steps, says: Says, before: Guard) -> Guard:
    for step in steps:
        before = _after(rules, step, says, before)
    return before


def _chosen(guard: Guard, result: Guard, otherwise: Guard) -> Guard:
    """Return ``result`` where the guard is true, else ``otherwise``, without repeating either."""
    if result == otherwise:
        return result
    if result == TRUE:
        return some((guard, otherwise))
    if result == FALSE:
        return every((negation(guard), otherwise))
    return some((every((guard, result)), every((negation(guard), otherwise))))


def places(rules: Lowered) -> Iterator[PrefetchablePlace]:
    """Yield each place that lets browsers keep a page, with the guard that leads there."""
    for rule in rules.rules:
        for guard, step in _reached(rule.steps, TRUE):
            if says_kept(rules.plans[step.plan]):
                yield PrefetchablePlace(rule.number, guard, step.source)


def _reached(steps: Steps, guard: Guard) -> Iterator[tuple[Guard, Set]]:
    for step in steps:
        if isinstance(step, Set):
            yield guard, step
            continue
        yield from _in_fork(step, guard)


def _in_fork(fork: Fork, guard: Guard) -> Iterator[tuple[Guard, Set]]:
    before: list[Guard] = []
    for arm in fork.arms:
        yield from _reached(arm.steps, every((guard, *before, arm.guard)))
        before.append(negation(arm.guard))
    yield from _reached(fork.otherwise, every((guard, *before)))


def assuming(guard: Guard, decided: Callable[[int], bool | None]) -> Guard:
    """Return what is left of a guard where some tests are decided.

    Args:
        guard: The guard.
        decided: Whether the test of a number is true; None if it is open.

    Example:
        >>> assuming(Every((Is(0), Is(1, negated=True))), {0: True, 1: None}.get)
        Is(test=1, negated=True)
    """
    match guard:
        case Is(test=test, negated=negated):
            truth = decided(test)
            return guard if truth is None else (TRUE if truth is not negated else FALSE)
        case Every(members=members):
            return every(assuming(member, decided) for member in members)
        case Some(members=members):
            return some(assuming(member, decided) for member in members)


def literals(guards: Iterable[Guard]) -> Iterator[Is]:
    """Yield the references that are true wherever all of some guards are.

    Example:
        >>> list(literals([Every((Is(0), Some((Is(1), Is(2)))))]))
        [Is(test=0, negated=False)]
    """
    for guard in guards:
        match guard:
            case Is():
                yield guard
            case Every(members=members):
                yield from literals(members)
            case Some():
                pass
