"""Ranks the links of a page: by the model, and by popularity where it knows nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prefetchrouter.navigation.transitions import SHRINKAGE, Transitions

_CLICKED = 0.5
"""How likely it is that one of the links is clicked, where nothing is known about a page."""
_UNPOPULAR = 1e-5


def rank_links(
    model: Transitions, popular: Mapping[str, float], page: str, links: Iterable[str]
) -> tuple[str, ...]:
    """Return the links of a page in the order in which they are worth a prefetch.

    Args:
        model: How likely each page is next.
        popular: The share of each popular page of all views that are not the first of a visit.
        page: The page.
        links: Its links.

    Example:
        >>> from prefetchrouter.navigation.counts import Counts, Tally
        >>> pages = {"/": Tally(9, 9), "/a": Tally(4, 4), "/b": Tally(9, 9), "/c": Tally(1, 1)}
        >>> model = Transitions(Counts(pages, {("/", "/a"): Tally(4, 4)}))
        >>> rank_links(model, {"/b": 0.6, "/a": 0.4}, "/", ["/c", "/b", "/a"])
        ('/a', '/b', '/c')
    """
    kept = list(dict.fromkeys(links))
    total = sum(popular.get(link, 0.0) for link in kept)
    known = {link.page: link.p for link in model.links(page)}
    share = SHRINKAGE / (model.views(page) + SHRINKAGE)

    def p(link: str) -> float:
        prior = _CLICKED * popular[link] / total if link in popular else _UNPOPULAR
        return known.get(link, 0.0) + share * prior

    return tuple(sorted(kept, key=lambda link: (-p(link), -popular.get(link, 0.0), link)))
