"""What a `Navigation` consists of: next pages, pages, and how it did."""

from __future__ import annotations

from typing import NamedTuple

from prefetchrouter.rules.pattern import PathPattern


class Next(NamedTuple):
    """A page that visitors go to next.

    Args:
        url: The page.
        p: How likely it is.
        visitors: How many visitors went there, 0 where only a template says so.
        cached: How likely the edge has a fresh response for it.
    """

    url: str
    p: float
    visitors: int
    cached: float = 1.0

    @property
    def score(self) -> float:
        """What links are ranked and cut by: `p` times `cached`."""
        return self.p * self.cached


class NextPages(tuple[Next, ...]):
    """The pages that visitors go to next, the best first.

    Example:
        >>> NextPages([Next("/products/7", 0.3, 9)]).covers("/products/:id")
        True
    """

    __slots__ = ()

    def covers(self, pattern: str) -> bool:
        """Return whether a page is among them.

        Args:
            pattern: The page, or a path pattern that it matches.

        Raises:
            PatternError: It is not a path pattern.
        """
        matches = PathPattern(pattern).match
        return any(found.url == pattern or matches(found.url.partition("?")[0]) is not None for found in self)


class PageCounts(NamedTuple):
    """What is known about a page.

    Args:
        views: How many views it had.
        visitors: How many visitors saw it.
        cached: How likely the edge has a fresh response for it.
    """

    views: float
    visitors: int
    cached: float = 1.0


class HeldOut(NamedTuple):
    """How the model did on visits that it had not learned from.

    Args:
        per_view: Prefetches a view.
        recall: The share of clicks whose page had been prefetched.
        precision: The share of prefetches whose page was opened later in the visit.
        clicks: How many clicks there were.
        views: How many views.
    """

    per_view: float
    recall: float
    precision: float
    clicks: int
    views: int
