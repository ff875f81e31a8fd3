"""Rules by the first segment of the path, without a change of their order.

Two views of the same, for engines of two kinds:

    runs(lowered)          ordered assignments: stretches of rules, each dispatched by segment or for any path
    by_segment(lowered)    data: for each first segment the places of all rules that may concern it, in order

    rule  0  /team/:id      runs:  {"team": 0, "news": 1}, then any: 2, then {"team": 3}
          1  /news/:id
          2  /:page         by_segment:  "team": 0 2 3    "news": 1 2    None (all others): 2
          3  /team/about

The segment is that of the visitor's path as conditions see it; see `first_segment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prefetchrouter.lowering.lowered import Lowered, LoweredRule
from prefetchrouter.lowering.steps import Steps


@dataclass(frozen=True, slots=True)
class Run:
    """Rules that follow one another.

    Args:
        by_segment: Steps by first segment; empty where the run is for any path.
        anywhere: The steps for any path; empty where the run is dispatched.
    """

    by_segment: Mapping[str, Steps]
    anywhere: Steps = ()


def runs(lowered: Lowered) -> tuple[Run, ...]:
    """Return the rules as runs, in order: a rule for any path ends a run of those that have segments.

    Args:
        lowered: The rules, of one phase or of all.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> router = Router().match("/team/:id", comment="a").match("/:page", comment="b")
        >>> [(list(run.by_segment), len(run.anywhere)) for run in runs(lower(router))]
        [(['team'], 0), ([], 1)]
    """
    found: list[Run] = []
    segments: dict[str, list[LoweredRule]] = {}
    anywhere: list[LoweredRule] = []
    for rule in lowered.rules:
        if rule.segments is None:
            if segments:
                found.append(Run({segment: _steps(own) for segment, own in segments.items()}))
                segments = {}
            anywhere.append(rule)
        else:
            if anywhere:
                found.append(Run({}, _steps(anywhere)))
                anywhere = []
            for segment in sorted(rule.segments):
                segments.setdefault(segment, []).append(rule)
    if segments:
        found.append(Run({segment: _steps(own) for segment, own in segments.items()}))
    if anywhere:
        found.append(Run({}, _steps(anywhere)))
    return tuple(found)


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
    anywhere = [place for place, rule in enumerate(lowered.rules) if rule.segments is None]
    own: dict[str, list[int]] = {}
    for place, rule in enumerate(lowered.rules):
        for segment in rule.segments or ():
            own.setdefault(segment, []).append(place)
    return {
        None: tuple(anywhere),
        **{segment: tuple(sorted((*anywhere, *places))) for segment, places in sorted(own.items())},
    }


def _steps(rules: list[LoweredRule]) -> Steps:
    return tuple(step for rule in rules for step in rule.steps)
