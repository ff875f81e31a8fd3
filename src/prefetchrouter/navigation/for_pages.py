"""What pages get of a navigation: for each page, where to prefetch first, within the budget."""

from __future__ import annotations

from dataclasses import replace

from prefetchrouter.navigation.learned_site import RuleSite
from prefetchrouter.navigation.likely_links import likely_links
from prefetchrouter.navigation.navigation_file import Navigation
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.targets.page_navigation import PageNavigation, page_navigation


def for_pages(navigation: Navigation, rules: HasRules) -> PageNavigation:
    r"""Return the files that pages load: links whose score reaches the threshold, the likely ones first.

    What rules hide, or do not make prefetchable, is left out again, since they may have changed since. A page
    that is not prefetchable itself has its `page_key` instead of its URL.

    Args:
        navigation: What was learned.
        rules: A `RuleSet` or a `Router`.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.navigation.transitions import Link
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> rules = Router().get(["/", "/a"], caching=ages)
        >>> known = Navigation(links={"/": (Link("/a", 0.4, 9), Link("/b", 0.3, 9), Link("/a", 0.01, 3))})
        >>> list(for_pages(known, rules).files.values())
        ['["#/\\n$a","#$(\\n"]\n']
    """
    site = RuleSite(rules)
    known = navigation.with_max_age(site.max_age)
    rows: dict[str, list[tuple[str, float]]] = {}
    for page in sorted({*known.links, *known.pages}):
        name = site.source(page)
        if name is None:
            continue
        found: dict[str, float] = {}
        for link in known.prefetched(page):
            if site.unlisted(link.url) is None:
                found.setdefault(link.url, link.score)
        if found:
            rows[name] = list(found.items())
    return replace(page_navigation(rows), likely=likely_links(known, site))
