"""What an edge logs of visits while pages prefetch: a page from the visitor's store is in no log.

A model that learns from such a log alone forgets what it prefetched. `Referer` names most of the missing
pages, and earlier counts have all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.policies import Policy


def as_logged(visits: Iterable[Visit], policy: Policy) -> list[Visit]:
    """Return the visits that a log has of visits that were prefetched for.

    Every prefetch is taken to be stored, which is the worst case: the more clicks are instant, the less is
    logged. A view that is logged has a `Referer`, the page before it.

    Args:
        visits: What visitors looked at.
        policy: What pages prefetch.

    Example:
        >>> from prefetchrouter.navigation.traffic import View
        >>> from prefetchrouter.simulation.policies import POINTED_AT
        >>> views = [View(0, n, n, page, 9) for n, page in enumerate(["/", "/a", "/b", "/"])]
        >>> [visit.pages for visit in as_logged([Visit(0, tuple(views))], POINTED_AT)]
        [('/', '/')]
    """
    found = []
    for visit in visits:
        stored: set[str] = set()
        seen: set[str] = set()
        kept = []
        for place, view in enumerate(visit.views):
            if not (place and view.page in stored and view.page not in seen):
                source = visit.views[place - 1].page if place else view.source
                kept.append(view._replace(source=source))
            seen.add(view.page)
            following = visit.views[place + 1].page if place + 1 < len(visit.views) else None
            pages = [earlier.page for earlier in visit.views[max(0, place - 1) : place + 1]]
            stored.update(policy.choose(pages, following))
        found.append(Visit(visit.visitor, tuple(kept)))
    return found
