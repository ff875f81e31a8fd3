"""What rules set in one phase, as a list in their order: each `Set` with the guard that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prefetchrouter.lowering.first_segments import Prefixes
from prefetchrouter.lowering.guards import TRUE, Every, Guard, Is, Some, every, negation
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.plans import Plan
from prefetchrouter.lowering.steps import Set, Steps
from prefetchrouter.lowering.tests import OneOf, Test
from prefetchrouter.source import Source
from prefetchrouter.targets.nginx.conf_text import MOST_BYTES


@dataclass(frozen=True, slots=True)
class NginxLeaf:
    """What one rule sets where its guard is true.

    Args:
        number: Its place among all, from 0.
        guard: When it applies.
        plan: What it sets.
        prefixes: What the paths that it is for begin with; None if any path may be.
        paths: The whole paths that it is for, in lower case; None if they are not certain.
        source: The line of the rule.
    """

    number: int
    guard: Guard
    plan: Plan
    prefixes: Prefixes
    paths: frozenset[str] | None
    source: Source | None


def leaves_of(lowered: Lowered) -> tuple[NginxLeaf, ...]:
    """Return the leaves of rules, of one phase or of all.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> leaves = leaves_of(lower(Router().match("/a", caching={"max_age": "1h"})))
        >>> leaves[0].guard, sorted(leaves[0].paths)
        (Is(test=0, negated=False), ['/a', '/a/'])
    """
    made: list[NginxLeaf] = []
    for rule in lowered.rules:
        for guard, found in _walk(rule.steps, TRUE):
            paths = _paths(guard, lowered.tests)
            made.append(
                NginxLeaf(len(made), guard, lowered.plans[found.plan], rule.prefixes, paths, found.source)
            )
    return tuple(made)


def _walk(steps: Steps, guard: Guard) -> Iterator[tuple[Guard, Set]]:
    for step in steps:
        if isinstance(step, Set):
            yield guard, step
            continue
        before = guard
        for arm in step.arms:
            yield from _walk(arm.steps, every((before, arm.guard)))
            before = every((before, negation(arm.guard)))
        yield from _walk(step.otherwise, before)


def _paths(guard: Guard, tests: tuple[Test, ...]) -> frozenset[str] | None:
    match guard:
        case Is(test=number, negated=False):
            test = tests[number]
            if isinstance(test, OneOf) and test.reading.kind == "path" and not any(map(_is_long, test.texts)):
                return frozenset(text.lower() for text in test.texts)
            return None
        case Every(members=members):
            found = [paths for member in members if (paths := _paths(member, tests)) is not None]
            return min(found, key=len) if found else None
        case Some(members=members) if members:
            parts = [_paths(member, tests) for member in members]
            certain = [paths for paths in parts if paths is not None]
            return frozenset().union(*certain) if len(certain) == len(parts) else None
        case _:
            return None


def _is_long(path: str) -> bool:
    """Return whether nginx cannot read a path as the key of a map."""
    return len(path.encode()) > MOST_BYTES // 2


def line_of(source: Source | None) -> str:
    """Return a line without the folder of its file: equal rules give equal files wherever they are built.

    Example:
        >>> line_of(Source("/srv/site/routes.py", 31))
        'routes.py:31'
    """
    return "" if source is None else f"{source.file.rpartition('/')[2]}:{source.line}"
