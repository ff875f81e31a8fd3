"""The real logs: how they are split, and the counts that a reader must get from them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from prefetchrouter.navigation.patterns import Bound
from prefetchrouter.navigation.reading import read_traffic
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.visits import Visit, visits_of

FILES = {
    "blog": "blog-2015.log.gz",
    "NASA": "space-1995-08-01.log.gz",
    "July": "space-1995-07-01.log.gz",
    "shop": "shop-2000.log.gz",
}
TRAINED = 0.7
"""The share of the visits that models learn from; the rest tests them."""

COUNTS = {
    "blog": {
        "lines": 10_000, "method": 48, "robot": 2_389, "status": 230, "asset": 5_434, "robots-file": 218,
        "reload": 98, "views": 1_583, "visits": 1_163, "of two views": 215, "visitors": 978, "pages": 219,
    },
    "NASA": {
        "lines": 30_969, "method": 96, "status": 576, "asset": 21_690, "reload": 655, "machine": 28,
        "long": 261, "views": 7_663, "visits": 2_847, "of two views": 1_180, "visitors": 2_221, "pages": 625,
    },
    "July": {
        "lines": 9_999, "method": 15, "status": 456, "asset": 6_397, "robots-file": 26, "reload": 142,
        "views": 2_963, "visits": 938, "of two views": 527, "visitors": 872, "pages": 329,
    },
    "shop": {
        "lines": 149_639, "long": 489, "views": 149_150, "visits": 59_600, "visitors": 59_600, "pages": 497,
    },
}  # fmt: skip
"""What a reader must get from each log."""

_NASA_PATTERNS = (
    r"/shuttle/missions/([^/]+)/([^/]+\.html)",
    r"/shuttle/missions/([^/]+)/([^/]+)/([^/]*)",
    r"/shuttle/missions/([^/]+)/",
    r"/history/apollo/([^/]+)/([^/]*\.html)",
    r"/history/apollo/([^/]+)/([^/]+)/",
    r"/history/apollo/([^/]+)/",
    r"/history/([^/]+)/([^/]+\.html)",
    r"/shuttle/technology/([^/]+)/([^/]*)",
    r"/software/([^/]+)/([^/]*)",
    r"/facts/([^/]+)",
    r"/shuttle/resources/orbiters/([^/]+)",
    r"/([^/]+)/([^/]+)/([^/]+)/(.*)",
    r"/([^/]+)/([^/]+)",
)


class NasaPatterns:
    """The patterns that rules of that site would have; a page without one is its own."""

    def __init__(self) -> None:
        self._patterns = [re.compile(pattern) for pattern in _NASA_PATTERNS]

    def of(self, page: str) -> Bound:
        for pattern in self._patterns:
            found = pattern.fullmatch(page)
            if found is not None:
                return Bound(pattern.pattern, "first", found[1])
        return Bound(page)


class Logs:
    """The logs of a folder, each read once.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.traffic = cache(self._traffic)
        self.visits = cache(self._visits)

    def path(self, name: str) -> Path:
        return self.folder / FILES[name]

    def _traffic(self, name: str) -> Traffic:
        return read_traffic([self.path(name)], engine="python")

    def _visits(self, name: str) -> list[Visit]:
        return visits_of(self.traffic(name))

    def split(self, name: str) -> tuple[list[Visit], list[Visit]]:
        """Return the visits that models learn from, and those that test them."""
        if name == "drift":
            return self.visits("July"), self.visits("NASA")
        visits = self.visits(name)
        cut = int(TRAINED * len(visits))
        return visits[:cut], visits[cut:]

    def counts(self, name: str) -> dict[str, int]:
        """Return what was read from a log."""
        visits, traffic = self.visits(name), self.traffic(name)
        views = [view for visit in visits for view in visit.views]
        found: dict[str, int] = {
            "lines": traffic.lines,
            **{reason: count for reason, count in traffic.dropped.items() if count},
            "views": len(views),
            "visits": len(visits),
            "of two views": sum(len(visit.views) > 1 for visit in visits),
            "visitors": len({visit.visitor for visit in visits}),
            "pages": len({view.page for view in views}),
        }
        return found
