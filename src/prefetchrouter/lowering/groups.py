"""Rules by the first segment of the path, without a change of their order.

Two views of the same, for engines of two kinds:

    runs(lowered)         ordered assignments: stretches of rules, each dispatched by segment or for any path
    by_prefix(prefixes)   data: for what a path begins with the places of all rules that may concern it

    rule  0  /team/:id      runs:  {"team": 0, "news": 1}, then any: 2, then {"team": 3}
          1  /news/:id
          2  /:page         by_prefix:  team: 0 2    news: 1 2    team, about: 0 2 3    (all others): 2
          3  /team/about

The path is that of the visitor as conditions see it. The longest prefix that is listed counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prefetchrouter.lowering.first_segments import DEEPEST, Prefix, Prefixes
from prefetchrouter.lowering.lowered import Lowered, LoweredRule
from prefetchrouter.lowering.steps import Steps

_MOST_LISTED: Final = 8
"""How often a rule is listed at most, on average; below that, prefixes are shortened."""


@dataclass(frozen=True, slots=True)
class Run:
    """Rules that follow one another.

    Args:
        by_segment: Steps by first segment, or by the next one; empty where the run is for any path.
        anywhere: The steps for any path; empty where the run is dispatched.
        below: The same steps as runs by the next segment, of the segments that have many rules.
    """

    by_segment: Mapping[str, Steps]
    anywhere: Steps = ()
    below: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)


def runs(lowered: Lowered, most: int | None = None) -> tuple[Run, ...]:
    """Return the rules as runs, in order: a rule for any path ends a run of those that have segments.

    Args:
        lowered: The rules, of one phase or of all.
        most: How many rules a first segment has at most without runs by the second; None for any number.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> router = Router().match("/team/:id", comment="a").match("/:page", comment="b")
        >>> [(list(run.by_segment), len(run.anywhere)) for run in runs(lower(router))]
        [(['team'], 0), ([], 1)]
    """
    return _runs(lowered.rules, (), most)


def _runs(rules: Iterable[LoweredRule], start: Prefix, most: int | None) -> tuple[Run, ...]:
    """Return rules for paths that begin with a prefix as runs by the segment after it."""
    found: list[Run] = []
    segments: dict[str, list[LoweredRule]] = {}
    anywhere: list[LoweredRule] = []

    def end_run() -> None:
        if not segments:
            return
        below = {
            name: _runs(own, (name,), None)
            for name, own in segments.items()
            if not start and most is not None and len(own) > most
        }
        found.append(Run({name: _steps(own) for name, own in segments.items()}, below=below))
        segments.clear()

    for rule in rules:
        names = _next_segments(rule.prefixes, start)
        if names is None:
            end_run()
            anywhere.append(rule)
            continue
        if anywhere:
            found.append(Run({}, _steps(anywhere)))
            anywhere = []
        for name in sorted(names):
            segments.setdefault(name, []).append(rule)
    end_run()
    if anywhere:
        found.append(Run({}, _steps(anywhere)))
    return tuple(found)


def _next_segments(all_prefixes: Prefixes, start: Prefix) -> set[str] | None:
    """Return which segments follow a prefix in the paths of a rule, or None if any may, or none."""
    if all_prefixes is None:
        return None
    own = [prefix for prefix in all_prefixes if prefix[: len(start)] == start]
    return None if any(len(one) == len(start) for one in own) else {one[len(start)] for one in own}


def by_segment(lowered: Lowered) -> dict[str | None, tuple[int, ...]]:
    """Return for each first segment the places of all rules that may concern it; None for all other paths.

    Args:
        lowered: The rules, of one phase or of all. A place is that in its `rules`.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> by_segment(lower(Router().match("/team/:id", comment="a").match("/:page", comment="b")))
        {None: (1,), 'team': (0, 1)}
    """
    found = _listed([rule.prefixes for rule in lowered.rules], 1, None) or {}
    return {prefix[0] if prefix else None: places for prefix, places in found.items()}


def by_prefix(all_prefixes: Sequence[Prefixes]) -> dict[Prefix, tuple[int, ...]]:
    """Return the places of all rules that may concern paths with a prefix; ``()`` is for all other paths.

    Prefixes are as long as they can be without listing rules too often: a rule for all of a section is listed
    in each part of it.

    Args:
        all_prefixes: The prefixes of each rule, in order. A place is that in this list.

    Example:
        >>> by_prefix([frozenset({("team",)}), None, frozenset({("team", "about")})])
        {(): (1,), ('team',): (0, 1), ('team', 'about'): (0, 1, 2)}
    """
    most = _MOST_LISTED * (len(all_prefixes) + 100)
    for depth in range(DEEPEST, 1, -1):
        found = _listed(all_prefixes, depth, most)
        if found is not None:
            return found
    return _listed(all_prefixes, 1, None) or {}


def _listed(
    all_prefixes: Sequence[Prefixes], depth: int, most: int | None
) -> dict[Prefix, tuple[int, ...]] | None:
    """Return the same with prefixes of a length at most, or None if rules are listed more often than that."""
    own: dict[Prefix, list[int]] = {(): []}
    for place, prefixes in enumerate(all_prefixes):
        for prefix in {prefix[:depth] for prefix in prefixes} if prefixes is not None else ((),):
            own.setdefault(prefix, []).append(place)
    lists: dict[Prefix, tuple[int, ...]] = {}
    count = 0
    for prefix in sorted(own):
        parts = [own[prefix[:length]] for length in range(len(prefix) + 1) if prefix[:length] in own]
        count += sum(map(len, parts))
        if most is not None and count > most:
            return None
        lists[prefix] = tuple(sorted({place for part in parts for place in part}))
    return lists


def _steps(rules: list[LoweredRule]) -> Steps:
    return tuple(step for rule in rules for step in rule.steps)
