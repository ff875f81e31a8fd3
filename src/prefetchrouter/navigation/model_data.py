"""A model as data: pages, links, templates and popularity, as `Navigation` has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from prefetchrouter.navigation.counts import Counts
from prefetchrouter.navigation.learned_site import KnownSite, cached_probability
from prefetchrouter.navigation.navigation_file import Navigation
from prefetchrouter.navigation.navigation_parts import PageCounts
from prefetchrouter.navigation.patterns import HOLE
from prefetchrouter.navigation.transitions import LEAST_P, Link, Transitions
from prefetchrouter.targets.page_navigation import is_page_key

Order: TypeAlias = Literal["auto", 1, 2]
"""The order of a model; ``"auto"`` takes what does better."""
MOST_POPULAR: Final = 500
"""How many popular pages are listed."""


@dataclass(frozen=True)
class LearnSettings:
    """How a model is made.

    Args:
        budget: How many prefetches a view there may be.
        min_visitors: How many visitors a page or step needs.
        order: The order of the model; ``"auto"`` takes 2 where it does better on held-out visits.
        half_life: In seconds: older visits count less; None: all count the same.
        places: At how many places the edge stores responses, each for itself.
        by_referer: Whether steps lead from the page that `Referer` names; else from the view before.
        epsilon: With it, counts get noise for differential privacy, as `noise` says.
    """

    budget: float = 1.0
    min_visitors: int = 3
    order: Order = "auto"
    half_life: float | None = None
    places: int = 1
    by_referer: bool = True
    epsilon: float | None = None


def navigation_of(model: Transitions, counts: Counts, site: KnownSite, settings: LearnSettings) -> Navigation:
    """Return a model as data."""
    pages = {
        page: PageCounts(
            n,
            counts.pages[page].visitors,
            cached_probability(n, counts.seconds, site.max_age(page), settings.places),
        )
        for page, n in sorted(model.pages.items())
    }
    links = {page: _likely(model.links(page)) for page in sorted(model.sources)}
    pairs = {key: _likely(model.links_after(*key)) for key in sorted(model.contexts)}
    return Navigation(
        order=model.order,
        budget=settings.budget,
        min_visitors=settings.min_visitors,
        seconds=counts.seconds,
        views=counts.views,
        visits=counts.visits,
        visitors=counts.visitors,
        pages=pages,
        links={page: found for page, found in links.items() if found},
        pairs={key: found for key, found in pairs.items() if found},
        templates=_templates(model, site),
        popular=popular(counts, model),
    )


def _likely(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple(link for link in links if link.p >= LEAST_P)


def _templates(model: Transitions, site: KnownSite) -> dict[str, dict[str, float]]:
    """Return the templates with the name of the parameter in braces; others only if they are a page."""
    names = {bound.pattern: bound.name for page in model.pages if (bound := site.of(page)) is not None}
    made: dict[str, dict[str, float]] = {}
    for pattern, found in sorted(model.templates.items()):
        kept = {
            template.replace(HOLE, f"{{{names[pattern]}}}"): p
            for template, p in sorted(found.items())
            if pattern in names and p >= LEAST_P and (HOLE in template or template in model.pages)
        }
        if kept:
            made[pattern] = kept
    return made


def popular(counts: Counts, model: Transitions) -> dict[str, float]:
    """Return the share that each page has of the views that are not the first of a visit."""
    into: dict[str, float] = {}
    for (_, following), tally in counts.steps.items():
        if is_page_key(following):
            continue
        into[following] = into.get(following, 0.0) + tally.n
    total = sum(into.values())
    found = sorted((-n, page) for page, n in into.items() if page in model.pages)
    return {page: -n / total for n, page in found[:MOST_POPULAR]}
