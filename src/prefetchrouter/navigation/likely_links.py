"""How likely each link is opened where it is on a page, whatever page that is: for Speculation Rules.

A browser gets one file of them for all pages, so it cannot go by the page. But a rule acts only on pages that
have the link. So the mean counts, over the pages from which visitors went there, weighted by their views.
"""

from __future__ import annotations

from prefetchrouter.navigation.learned_site import KnownSite
from prefetchrouter.navigation.navigation_file import Navigation


def likely_links(navigation: Navigation, site: KnownSite) -> dict[str, float]:
    """Return the score of links by path and query, those that are opened most often first.

    The score is how likely the link is opened, times how likely the edge has the page. Links whose score is
    below the threshold of the navigation, which its budget gave, are left out.

    Args:
        navigation: What was learned.
        site: What the rules say of pages: those that are hidden, private or not prefetchable are left out.

    Example:
        >>> from prefetchrouter.navigation.learned_site import PlainSite
        >>> from prefetchrouter.navigation.navigation_parts import PageCounts
        >>> from prefetchrouter.navigation.transitions import Link
        >>> pages = {"/": PageCounts(100, 50, 1.0), "/a": PageCounts(300, 80, 1.0)}
        >>> links = {"/": (Link("/b", 0.5, 20),), "/a": (Link("/b", 0.1, 20),)}
        >>> likely_links(Navigation(pages=pages, links=links), PlainSite())
        {'/b': 0.2}
    """
    opened: dict[str, float] = {}
    views: dict[str, float] = {}
    for page in sorted(navigation.links):
        if site.unlisted(page) in ("hidden", "private"):
            continue
        known = navigation.pages.get(page)
        for link in navigation.links[page]:
            weight = known.views if known is not None else float(link.visitors)
            opened[link.page] = opened.get(link.page, 0.0) + weight * link.p
            views[link.page] = views.get(link.page, 0.0) + weight
    scores = {
        url: round(opened[url] / views[url] * navigation.cached(url), 2)
        for url in sorted(opened, key=lambda url: (-opened[url], url))
        if views[url] > 0 and site.unlisted(url) is None
    }
    return {url: score for url, score in scores.items() if score and score >= navigation.threshold}
