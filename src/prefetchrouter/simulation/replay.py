"""Replays the visits of a log behind an edge, under a policy of prefetching.

    view ──► in the visitor's store, fresh?  ── yes ──► instant, the edge is not asked
               │ no
               └──► the edge has it, fresh?  ── yes ──► hit
                       │ no
                       └──► origin, stored
         ──► each page that the policy prefetches: the edge has it, fresh? ── yes ──► the visitor's store
                                                     └── no ──► 412, the origin sees nothing

All views are replayed in the order of time, so that one visitor's views fill the edge's cache for the others.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.page_facts import PageFacts
from prefetchrouter.simulation.policies import Policy

Facts = Callable[[str], PageFacts]


@dataclass
class Outcome:
    """What a replay brought and cost.

    Args:
        views: How many views there were.
        clicks: How many of them were of pages that the visit had not seen yet, and not its first.
        instant: How many clicks the visitor's store answered.
        prefetches: How many prefetches were sent.
        refused: How many of them got a 412.
        origin_requests: How many requests reached the origin.
        bytes_viewed: The bytes of all views.
        bytes_prefetched: The bytes of all prefetches that were stored.
        oldest_seconds: The age of the oldest page that a visitor saw.
        hits: How many views the edge answered from its cache, by the line of the lifetime.
        asked: How many views reached the edge, by that line.
    """

    views: int = 0
    clicks: int = 0
    instant: int = 0
    prefetches: int = 0
    refused: int = 0
    origin_requests: int = 0
    bytes_viewed: int = 0
    bytes_prefetched: int = 0
    oldest_seconds: float = 0.0
    hits: Counter[str | None] = field(default_factory=Counter)
    asked: Counter[str | None] = field(default_factory=Counter)

    @property
    def instant_share(self) -> float:
        """The share of clicks that were instant."""
        return self.instant / self.clicks if self.clicks else 0.0

    @property
    def per_view(self) -> float:
        """Prefetches a view."""
        return self.prefetches / self.views if self.views else 0.0

    @property
    def refused_share(self) -> float | None:
        """The share of prefetches that got a 412; None without any."""
        return self.refused / self.prefetches if self.prefetches else None

    @property
    def used_share(self) -> float | None:
        """The share of stored prefetches that a click used; None without any."""
        stored = self.prefetches - self.refused
        return self.instant / stored if stored else None

    @property
    def extra_bytes(self) -> float:
        """The bytes of prefetches as a share of those of the views."""
        return self.bytes_prefetched / self.bytes_viewed if self.bytes_viewed else 0.0

    @property
    def hit_share(self) -> float | None:
        """The share of views at the edge that its cache answered; None without any."""
        asked = sum(self.asked.values())
        return sum(self.hits.values()) / asked if asked else None


@dataclass
class _Visitor:
    """What one visit has seen, and its store: the time of each prefetch, and of the edge's copy then."""

    seen: set[str] = field(default_factory=set)
    stored: dict[str, tuple[float, float]] = field(default_factory=dict)


def replay(
    visits: Sequence[Visit],
    facts: Facts,
    policy: Policy,
    sizes: Mapping[str, int],
    *,
    stored: Mapping[str, float] | None = None,
) -> Outcome:
    """Return what visits would have been like.

    Args:
        visits: The visits.
        facts: Says how long a page stays fresh.
        policy: Says what a page prefetches.
        sizes: The size of each page in bytes.
        stored: What the edge has at the start: when each page was stored.

    Example:
        >>> from prefetchrouter.navigation.traffic import View
        >>> from prefetchrouter.simulation.policies import POINTED_AT
        >>> visit = Visit(0, (View(0, 10, 1, "/", 100), View(0, 30, 2, "/a", 100)))
        >>> hour = PageFacts(3600, 3600, True, None)
        >>> found = replay([visit], lambda page: hour, POINTED_AT, {}, stored={"/a": 0.0})
        >>> found.instant, found.origin_requests, found.oldest_seconds
        (1, 1, 30.0)
    """
    outcome = Outcome()
    edge = dict(stored or {})
    visitors = [_Visitor() for _ in visits]
    for _, _, visit, place in _in_time(visits):
        views = visits[visit].views
        view, visitor = views[place], visitors[visit]
        known = facts(view.page)
        outcome.views += 1
        outcome.bytes_viewed += sizes.get(view.page, view.size)
        is_click = place > 0 and view.page not in visitor.seen
        outcome.clicks += is_click
        copy = visitor.stored.pop(view.page, None) if is_click else None
        if copy is not None and view.time - copy[0] <= known.kept:
            outcome.instant += 1
            outcome.oldest_seconds = max(outcome.oldest_seconds, view.time - copy[1])
        else:
            _at_edge(view.page, view.time, known, edge, outcome)
        visitor.seen.add(view.page)
        following = views[place + 1].page if place + 1 < len(views) else None
        pages = [earlier.page for earlier in views[max(0, place - 1) : place + 1]]
        at_click = policy.is_at_click and following is not None
        time = views[place + 1].time if at_click else view.time
        for page in policy.choose(pages, following):
            _prefetch(page, time, facts, edge, visitor, sizes, outcome)
    return outcome


def _at_edge(page: str, time: float, known: PageFacts, edge: dict[str, float], outcome: Outcome) -> None:
    outcome.asked[known.line] += 1
    since = edge.get(page)
    if since is not None and time - since <= known.max_age and known.max_age > 0:
        outcome.hits[known.line] += 1
        outcome.oldest_seconds = max(outcome.oldest_seconds, time - since)
        return
    outcome.origin_requests += 1
    if known.max_age > 0:
        edge[page] = time


def _prefetch(
    page: str,
    time: float,
    facts: Facts,
    edge: Mapping[str, float],
    visitor: _Visitor,
    sizes: Mapping[str, int],
    outcome: Outcome,
) -> None:
    known = facts(page)
    if page in visitor.seen or not known.is_prefetchable:
        return
    before = visitor.stored.get(page)
    if before is not None and time - before[0] <= known.kept:
        return
    outcome.prefetches += 1
    since = edge.get(page)
    if since is None or time - since > known.max_age:
        outcome.refused += 1
        return
    visitor.stored[page] = (time, since)
    outcome.bytes_prefetched += sizes.get(page, 0)


def _in_time(visits: Sequence[Visit]) -> list[tuple[float, int, int, int]]:
    """Return time, line, number of the visit and place in it of all views, in order."""
    return sorted(
        (view.time, view.line, number, place)
        for number, visit in enumerate(visits)
        for place, view in enumerate(visit.views)
    )


def last_stored(visits: Iterable[Visit], until: float) -> dict[str, float]:
    """Return when each page was last viewed: what an edge has stored by then.

    Args:
        visits: The visits.
        until: Later views do not count.
    """
    found: dict[str, float] = {}
    for visit in visits:
        for view in visit.views:
            if view.time <= until:
                found[view.page] = max(found.get(view.page, view.time), view.time)
    return found


def page_sizes(visits: Iterable[Visit]) -> dict[str, int]:
    """Return the size of each page: the median of those that the log has, else their mean."""
    sizes: dict[str, list[int]] = {}
    for visit in visits:
        for view in visit.views:
            sizes.setdefault(view.page, [])
            if view.size > 0:
                sizes[view.page].append(view.size)
    found = {page: int(statistics.median(logged)) for page, logged in sizes.items() if logged}
    usual = int(statistics.fmean(found.values())) if found else 0
    return {page: found.get(page, usual) for page in sizes}
