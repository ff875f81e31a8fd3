"""Counts of views and steps, with how many visitors made each: all that a model needs, and they add up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from prefetchrouter.navigation.bulk import without_cycles
from prefetchrouter.navigation.patterns import PagePatterns, template_of
from prefetchrouter.navigation.traffic import visitor_hash
from prefetchrouter.navigation.visits import Visit

Key = TypeVar("Key", bound=Hashable)

MOST_HASHES = 3
"""How many hashes of visitors are kept by default: as many as the threshold of visitors asks for."""


class Tally(NamedTuple):
    """How often something happened.

    Args:
        n: How often; a fraction where old visits count less.
        visitors: How many visitors did it.
        hashes: The smallest hashes of these visitors, sorted: enough to say whether enough did it.
    """

    n: float
    visitors: int
    hashes: tuple[int, ...] = ()


@dataclass
class Counts:
    """What visitors did.

    Args:
        pages: The views of each page.
        steps: The steps from page to page.
        pairs: The steps by the page before: ``(before, page, next)``.
        templates: The steps from pages of a pattern to the next page, as a template of its first parameter.
        first: When the first view was, in seconds since 1970; None if no time is known.
        last: When the last view was.
        visits: How many visits there were.
        visitors: How many visitors.
        hashes: How many hashes of visitors are kept at most for each tally; 0 where they are not known.
    """

    pages: dict[str, Tally] = field(default_factory=dict)
    steps: dict[tuple[str, str], Tally] = field(default_factory=dict)
    pairs: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    templates: dict[tuple[str, str], Tally] = field(default_factory=dict)
    first: float | None = None
    last: float | None = None
    visits: int = 0
    visitors: int = 0
    hashes: int = 0

    @property
    def seconds(self) -> float:
        """The time from the first to the last view, 0 where it is not known."""
        return self.last - self.first if self.first is not None and self.last is not None else 0.0

    @property
    def views(self) -> float:
        """How many views there were."""
        return sum(tally.n for tally in self.pages.values())


def sequence(visit: Visit) -> list[str]:
    """Return the pages of a visit, with those that it must have had: named by the `Referer` of the next.

    A page that the browser had stored, or that is open in another tab, is in no log.

    Example:
        >>> from prefetchrouter.navigation.traffic import View
        >>> views = (View(0, 0, 1, "/", 9), View(0, 9, 2, "/a", 9, "/"), View(0, 20, 3, "/b", 9, "/"))
        >>> sequence(Visit(0, views))
        ['/', '/a', '/', '/b']
    """
    pages: list[str] = []
    for view in visit.views:
        source = view.source
        if source is not None and source != view.page and (not pages or pages[-1] != source):
            pages.append(source)
        pages.append(view.page)
    return pages


class _Table(Generic[Key]):
    """Counts by key, fed visitor by visitor.

    Args:
        most_hashes: How many hashes are kept.
    """

    def __init__(self, most_hashes: int) -> None:
        self._rows: dict[Key, list[float]] = {}
        self._hashes: dict[Key, list[int]] = {}
        self._most = most_hashes

    def add(self, key: Key, weight: float, visitor: int, hashed: int) -> None:
        row = self._rows.get(key)
        if row is None:
            self._rows[key] = [weight, 1, visitor]
        else:
            row[0] += weight
            if row[2] == visitor:
                return
            row[1] += 1
            row[2] = visitor
        if self._most:
            kept = self._hashes.setdefault(key, [])
            if hashed not in kept:
                kept.append(hashed)
                kept.sort()
                del kept[self._most :]

    def tallies(self) -> dict[Key, Tally]:
        hashes = self._hashes
        return {
            key: Tally(n, int(visitors), tuple(hashes.get(key, ())))
            for key, (n, visitors, _) in self._rows.items()
        }


@without_cycles()
def count_visits(
    visits: Iterable[Visit],
    patterns: PagePatterns | None = None,
    *,
    visitors: Sequence[tuple[str, str]] = (),
    hashes: int = 0,
    half_life: float | None = None,
    by_referer: bool = True,
    is_listed: Callable[[str], bool] | None = None,
    named: Callable[[str], str] | None = None,
) -> Counts:
    """Count visits.

    Args:
        visits: The visits.
        patterns: The patterns of rules, for templates.
        visitors: Address and user agent for each visitor's number; needed for hashes.
        hashes: How many hashes of visitors are kept for each tally.
        half_life: In seconds: a visit that is this much older than the last one counts half.
        by_referer: Whether pages that a `Referer` names, and the visit lacks, are put in.
        is_listed: Says whether a page may be listed: only steps between such pages make templates.
        named: Returns the name that a page is counted by; default: itself.

    Example:
        >>> from prefetchrouter.navigation.traffic import View
        >>> visit = Visit(0, (View(0, 0, 1, "/", 9), View(0, 9, 2, "/a", 9)))
        >>> count_visits([visit, visit]).steps
        {('/', '/a'): Tally(n=2, visitors=1, hashes=())}
    """
    # Visitor by visitor, so that a visitor who comes again is the one of the row before.
    ordered = sorted(visits, key=lambda visit: visit.visitor)
    times = [view.time for visit in ordered for view in (visit.views[0], visit.views[-1])]
    last = max(times, default=0.0)
    pages: _Table[str] = _Table(hashes)
    steps: _Table[tuple[str, str]] = _Table(hashes)
    pairs: _Table[tuple[str, str, str]] = _Table(hashes)
    templates: _Table[tuple[str, str]] = _Table(hashes)
    for visit in ordered:
        who = visit.visitor
        hashed = visitor_hash(visitors[who]) if hashes else 0
        weight = 1 if half_life is None else 0.5 ** ((last - visit.views[0].time) / half_life)
        found = sequence(visit) if by_referer else visit.pages
        if named is not None:
            found = list(map(named, found))
        for page in found:
            pages.add(page, weight, who, hashed)
        for step in pairwise(found):
            steps.add(step, weight, who, hashed)
            if patterns is not None and (is_listed is None or all(map(is_listed, step))):
                for template in template_of(patterns, *step):
                    templates.add(template, weight, who, hashed)
        for pair in zip(found, found[1:], found[2:], strict=False):
            pairs.add(pair, weight, who, hashed)
    return Counts(
        pages.tallies(), steps.tallies(), pairs.tallies(), templates.tallies(),
        min(times, default=None), last if times else None,
        len(ordered), len({visit.visitor for visit in ordered}), hashes,
    )  # fmt: skip


def merge_tallies(tallies: Sequence[Tally], most_hashes: int) -> Tally:
    """Return the sum of tallies.

    Visitors add up where no hash is in two of them. Else some visitor is in two parts, and what is sure is
    the larger of the largest part and the distinct hashes.

    Example:
        >>> merge_tallies([Tally(2, 2, (1, 5)), Tally(1, 1, (7,))], 3)
        Tally(n=3, visitors=3, hashes=(1, 5, 7))
        >>> merge_tallies([Tally(2, 2, (1, 5)), Tally(1, 1, (5,))], 3).visitors
        2
    """
    n = sum(tally.n for tally in tallies)
    union = sorted({found for tally in tallies for found in tally.hashes})
    if len(union) == sum(len(tally.hashes) for tally in tallies):
        visitors = sum(tally.visitors for tally in tallies)
    else:
        visitors = max(len(union), *(tally.visitors for tally in tallies))
    return Tally(n, visitors, tuple(union[:most_hashes]))


def merge_counts(parts: Sequence[Counts]) -> Counts:
    """Return the sum of counts of several days or machines."""
    if len(parts) == 1:
        return parts[0]
    most = min((part.hashes for part in parts), default=0)

    def merged(tables: Sequence[Mapping[Key, Tally]]) -> dict[Key, Tally]:
        found: dict[Key, list[Tally]] = {}
        for table in tables:
            for key, tally in table.items():
                found.setdefault(key, []).append(tally)
        return {key: merge_tallies(tallies, most) for key, tallies in found.items()}

    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    return Counts(
        merged([part.pages for part in parts]),
        merged([part.steps for part in parts]),
        merged([part.pairs for part in parts]),
        merged([part.templates for part in parts]),
        min(firsts, default=None),
        max(lasts, default=None),
        sum(part.visits for part in parts),
        sum(part.visitors for part in parts),
        most,
    )
