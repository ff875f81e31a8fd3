"""Where visitors go next from one page, and which of these links are prefetched: for `explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from prefetchrouter.errors import shown
from prefetchrouter.navigation.learned_site import RuleSite
from prefetchrouter.navigation.navigation_file import Navigation
from prefetchrouter.navigation.navigation_parts import Next
from prefetchrouter.rules.rule import HasRules

NOTHING: Final = "nothing was learned of this page: all visible links are prefetched, as without a model"


class NextLink(NamedTuple):
    """A page that visitors go to next.

    Args:
        next: The page, how likely it is, and how many visitors went there.
        not_prefetched: Why it is not prefetched when its link is seen; None if it is.
    """

    next: Next
    not_prefetched: str | None


def next_links(navigation: Navigation, rules: HasRules, url: str) -> tuple[NextLink, ...]:
    """Return where visitors go next, the best first.

    Args:
        navigation: What was learned.
        rules: A `RuleSet` or a `Router`: it says how long pages stay fresh, and which are prefetchable.
        url: The page, as a URL or its path.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.navigation.transitions import Link
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> known = Navigation(links={"/": (Link("/a", 0.4, 9), Link("/b", 0.3, 5))}, threshold=0.1)
        >>> for found in next_links(known, Router().get(["/", "/a"], caching=ages), "/"):
        ...     print(found.next.url, found.not_prefetched)
        /a None
        /b the rules do not make it prefetchable
    """
    site = RuleSite(rules)
    spelling = site.spelling(url)
    if spelling is None:
        return ()
    known = navigation.with_max_age(site.max_age)
    return tuple(NextLink(found, _why_not(found, known, site)) for found in known.after(spelling.url))


def _why_not(found: Next, navigation: Navigation, site: RuleSite) -> str | None:
    match site.unlisted(found.url):
        case "hidden":
            return "a rule with cache-manifest-ignore hides it"
        case "not prefetchable":
            return "the rules do not make it prefetchable"
        case "private":
            return "its URL may hold a secret"
        case None:
            pass
    if found.score < navigation.threshold:
        return f"its score {found.score:.3g} is below the threshold {navigation.threshold:.3g}"
    return None


def next_text(links: Sequence[NextLink]) -> str:
    """Return the section of the explanation."""
    if not links:
        return f"Where next\n  {NOTHING}"
    names = [shown(link.next.url)[1:-1] for link in links]
    width = max(map(len, names))
    lines = ["Where next"]
    for name, link in zip(names, links, strict=True):
        found = link.next
        what = "prefetched" if link.not_prefetched is None else f"not prefetched: {link.not_prefetched}"
        visitors = f"{found.visitors} visitors" if found.visitors else "by its pattern"
        lines.append(f"  {name.ljust(width)}  {found.p:4.0%}  {visitors}, {found.cached:.0%} cached: {what}")
    return "\n".join(lines)


def next_data(links: Sequence[NextLink]) -> list[dict[str, Any]]:
    """Return the same as plain data."""
    return [
        {**link.next._asdict(), "score": link.next.score, "not_prefetched": link.not_prefetched}
        for link in links
    ]
