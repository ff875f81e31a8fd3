"""The model: how likely each page is next, from counts.

With c(a, b) the steps from a to b that enough visitors made, n(a) all views of a, and A = 5:

    p1(b | a)    = (c(a, b)    + A q(b | a))  / (n(a)    + A)
    p2(b | z, a) = (c(z, a, b) + A p1(b | a)) / (n(z, a) + A)

q is 0, or what the templates of rule patterns say. So a link that one of two visitors took counts little, and
one that fifty of a hundred took almost its share; and the last views of visits count as steps to nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from prefetchrouter.navigation.counts import Counts
from prefetchrouter.navigation.patterns import PagePatterns, filled
from prefetchrouter.targets.page_navigation import is_page_key

SHRINKAGE = 5.0
"""A: how many views without any step the data has to outweigh."""
MOST_LINKS = 60
"""How many next pages of a page are kept."""
LEAST_P = 0.005
"""Links that are less likely are left out of files; no budget reaches them."""


class Link(NamedTuple):
    """A next page.

    Args:
        page: The page.
        p: How likely it is.
        visitors: How many visitors took it, 0 where only a template says so.
    """

    page: str
    p: float
    visitors: int = 0


class Transitions:
    """How likely each page is next.

    Args:
        counts: The counts.
        order: 1: by the page alone; 2: by the page before, too.
        min_visitors: A page or step of fewer visitors does not exist.
        patterns: The patterns of rules; without, there are no templates.
        pages: The pages that templates may lead to; default: those of the counts that enough visitors saw.
        allowed: Says whether a page may be listed; default: every page. A `page_key` is only where steps
            begin.
        shrinkage: A of the formula.
    """

    def __init__(
        self,
        counts: Counts,
        order: int = 1,
        *,
        min_visitors: int = 3,
        patterns: PagePatterns | None = None,
        pages: Collection[str] | None = None,
        allowed: Callable[[str], bool] | None = None,
        shrinkage: float = SHRINKAGE,
    ) -> None:
        self.order = order
        self.min_visitors = min_visitors
        self._shrinkage = shrinkage
        self._patterns = patterns
        self._allowed = allowed or _always
        enough = {
            page: tally
            for page, tally in counts.pages.items()
            if tally.visitors >= min_visitors and (is_page_key(page) or self._allowed(page))
        }
        ends = {page for page in enough if not is_page_key(page)}
        self.pages = {page: tally.n for page, tally in enough.items()}
        self._reachable = set(ends if pages is None else pages)
        self._n = {page: tally.n for page, tally in counts.pages.items()}
        self._steps: dict[str, dict[str, tuple[float, int]]] = {}
        for (page, following), (n, visitors, _) in counts.steps.items():
            if visitors >= min_visitors and page != following and page in enough and following in ends:
                self._steps.setdefault(page, {})[following] = n, visitors
        self._pairs: dict[tuple[str, str], dict[str, tuple[float, int]]] = {}
        for (before, page, following), (n, visitors, _) in counts.pairs.items() if order == 2 else ():
            is_known = before in enough and page in enough and following in ends
            if visitors >= min_visitors and page != following and is_known:
                self._pairs.setdefault((before, page), {})[following] = n, visitors
        self._n_pairs = {key: counts.steps[key].n for key in self._pairs}
        self._templates = self._made_templates(counts) if patterns is not None else {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._links_after: dict[tuple[str, str], tuple[Link, ...]] = {}

    def _made_templates(self, counts: Counts) -> dict[str, dict[str, float]]:
        """Return how likely each template is after each pattern."""
        assert self._patterns is not None
        views: dict[str, float] = {}
        for page, tally in counts.pages.items():
            bound = self._patterns.of(page)
            if bound is not None:
                views[bound.pattern] = views.get(bound.pattern, 0.0) + tally.n
        made: dict[str, dict[str, float]] = {}
        for (pattern, template), tally in counts.templates.items():
            if tally.visitors >= self.min_visitors:
                share = tally.n / (views.get(pattern, 0.0) + self._shrinkage)
                made.setdefault(pattern, {})[template] = share
        return made

    @property
    def templates(self) -> dict[str, dict[str, float]]:
        """How likely each template is after each pattern."""
        return self._templates

    @property
    def contexts(self) -> Collection[tuple[str, str]]:
        """The pairs of pages after which the order of two says something else than that of one."""
        return self._pairs.keys()

    @property
    def sources(self) -> Collection[str]:
        """The pages that have a known next page."""
        return self._steps.keys()

    def views(self, page: str) -> float:
        """Return how many views a page had, 0 for an unknown one."""
        return self._n.get(page, 0.0)

    def prior(self, page: str) -> dict[str, float]:
        """Return q: how likely the templates of its pattern say that each page is after this one."""
        bound = None if self._patterns is None else self._patterns.of(page)
        if bound is None:
            return {}
        found: dict[str, float] = {}
        for template, share in self._templates.get(bound.pattern, {}).items():
            following = filled(bound, template)
            if following is not None and following != page and following in self._reachable:
                found[following] = found.get(following, 0.0) + share
        return found

    def links(self, page: str) -> tuple[Link, ...]:
        """Return the next pages of a page, the most likely first."""
        found = self._links.get(page)
        if found is None:
            found = self._links[page] = self._made_links(page)
        return found

    def _made_links(self, page: str) -> tuple[Link, ...]:
        if not self._allowed(page) and not is_page_key(page):
            return ()
        prior, steps = self.prior(page), self._steps.get(page, {})
        n, a = self._n.get(page, 0.0), self._shrinkage
        made = [
            Link(following, (count + a * prior.get(following, 0.0)) / (n + a), visitors)
            for following, (count, visitors) in steps.items()
        ]
        made += [
            Link(following, a * share / (n + a) if n else share)
            for following, share in prior.items()
            if following not in steps
        ]
        return _ranked(made)

    def links_after(self, before: str, page: str) -> tuple[Link, ...]:
        """Return the next pages of a page that was seen after another one, the most likely first."""
        key = (before, page)
        if key not in self._pairs:
            return self.links(page)
        found = self._links_after.get(key)
        if found is None:
            found = self._links_after[key] = self._made_links_after(key)
        return found

    def _made_links_after(self, key: tuple[str, str]) -> tuple[Link, ...]:
        steps, n, a = self._pairs[key], self._n_pairs[key], self._shrinkage
        usual = {link.page: link.p for link in self.links(key[1])}
        made = [
            Link(following, (steps.get(following, (0.0, 0))[0] + a * usual.get(following, 0.0)) / (n + a),
                 steps.get(following, (0.0, 0))[1])
            for following in {*steps, *usual}
        ]  # fmt: skip
        return _ranked(made)

    def after(self, pages: Sequence[str]) -> tuple[Link, ...]:
        """Return the next pages after those seen so far in a visit, the most likely first."""
        if self.order == 2 and len(pages) > 1:
            return self.links_after(pages[-2], pages[-1])
        return self.links(pages[-1])


def _ranked(links: list[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (-link.p, link.page))[:MOST_LINKS])


def _always(page: str) -> bool:
    return True
