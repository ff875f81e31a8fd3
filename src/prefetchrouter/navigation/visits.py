"""Visits: what one visitor looked at without a long break, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from prefetchrouter.navigation.bulk import without_cycles
from prefetchrouter.navigation.log_facts import MACHINE_RATE, MACHINE_VIEWS, MOST_IDLE_SECONDS, MOST_VIEWS
from prefetchrouter.navigation.traffic import Reason, Traffic, View


class Visit(NamedTuple):
    """The views of one visitor without a break of more than half an hour.

    Args:
        visitor: The visitor's number.
        views: The views, in the order of their time; no page follows itself.
    """

    visitor: int
    views: tuple[View, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages, in order."""
        return tuple(view.page for view in self.views)


@without_cycles()
def visits_of(traffic: Traffic) -> list[Visit]:
    """Return the visits in the order of their beginning, and count in `traffic.dropped` what is left out.

    Left out are: all views of visitors who requested ``robots.txt``; a view of the same page as the one
    before; visits that are faster or longer than a person's.

    Example:
        >>> views = [View(0, 0, 1, "/", 9), View(0, 5, 2, "/", 9), View(0, 9, 3, "/a", 9)]
        >>> views.append(View(0, 9999, 4, "/", 9))
        >>> [visit.pages for visit in visits_of(Traffic(views))]
        [('/', '/a'), ('/',)]
    """
    dropped = traffic.dropped
    by_visitor: dict[int, list[View]] = {}
    robots = traffic.robot_visitors
    for view in traffic.views:
        visitor = view[0]
        if visitor in robots:
            dropped["robots-file"] += 1
        elif visitor in by_visitor:
            by_visitor[visitor].append(view)
        else:
            by_visitor[visitor] = [view]
    visits: list[Visit] = []
    for visitor, views in by_visitor.items():
        if len(views) == 1:
            visits.append(Visit(visitor, tuple(views)))
            continue
        views.sort(key=_order)
        for kept in _split(views, dropped):
            seconds = kept[-1].time - kept[0].time
            if len(kept) > MACHINE_VIEWS and len(kept) > MACHINE_RATE * seconds:
                dropped["machine"] += len(kept)
            elif len(kept) > MOST_VIEWS:
                dropped["long"] += len(kept)
            else:
                visits.append(Visit(visitor, tuple(kept)))
    visits.sort(key=lambda visit: _order(visit.views[0]))
    return visits


_order = itemgetter(1, 2)
"""By time, then by line."""


def _split(views: Sequence[View], dropped: Counter[Reason]) -> list[list[View]]:
    """Return the views of each visit without reloads, which are counted and do not prolong a visit."""
    kept = [views[0]]
    visits = [kept]
    last, page, reloads = views[0].time, views[0].page, 0
    for view in views[1:]:
        time, following = view[1], view[3]
        if time - last > MOST_IDLE_SECONDS:
            kept = [view]
            visits.append(kept)
        elif following == page:
            reloads += 1
            continue
        else:
            kept.append(view)
        last, page = time, following
    if reloads:
        dropped["reload"] += reloads
    return visits
