"""What a page prefetches: nothing, every link, what is pointed at, or what was learned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from prefetchrouter.navigation import Navigation


@dataclass(frozen=True)
class Policy:
    """What a page prefetches.

    Args:
        choose: Returns the pages to prefetch, the first one first, from the pages of the visit so far and the
            next one, which only a pointer over a link reveals.
        is_at_click: Whether it prefetches when the visitor is about to click, instead of at the view.
    """

    choose: Callable[[Sequence[str], str | None], Sequence[str]]
    is_at_click: bool = False


MOST_LINKS: Final = 30
"""How many visible links a page prefetches, as the browser script does by default."""

MOST_LEARNED: Final = 10
"""How many pages are prefetched from one page at most, if they were learned."""


NOTHING: Final = Policy(lambda _pages, _following: ())
"""Prefetch nothing."""

POINTED_AT: Final = Policy(
    lambda _pages, following: () if following is None else (following,), is_at_click=True
)
"""Prefetch the link that is clicked next: what a hover brings if visitors point only at what they click."""


def every_link(visits: Iterable[Sequence[str]], most: int = MOST_LINKS) -> Policy:
    """Return the policy that prefetches all links of a page, in the order in which visitors found them.

    Args:
        visits: The pages of each visit: those that follow a page in a visit are its links.
        most: How many links of a page count.

    Example:
        >>> every_link([("/", "/a"), ("/", "/b")]).choose(["/"], None)
        ['/a', '/b']
    """
    links: dict[str, dict[str, None]] = {}
    for visit in visits:
        for page, following in pairwise(visit):
            links.setdefault(page, {})[following] = None
    chosen = {page: list(found)[:most] for page, found in links.items()}

    return Policy(lambda pages, _following: chosen.get(pages[-1], ()))


def learned(navigation: Navigation, threshold: float | None = None, most: int = MOST_LEARNED) -> Policy:
    """Return the policy that prefetches what was learned.

    Args:
        navigation: What was learned.
        threshold: The least score of a page; that of the navigation when not given.
        most: How many pages are prefetched from one page at most.
    """
    least = navigation.threshold if threshold is None else threshold

    def choose(pages: Sequence[str], _following: str | None) -> Sequence[str]:
        before = pages[-2] if len(pages) > 1 else None
        found = navigation.after(pages[-1], before)
        return [link.url for link in found[:most] if link.score >= least]

    return Policy(choose)
