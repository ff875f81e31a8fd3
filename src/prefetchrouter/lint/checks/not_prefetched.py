"""A lifetime for the service worker on pages that browsers never prefetch."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        caching = place.apply.features.caching
        lifetime = None if caching is None else caching.service_worker_max_age
        if lifetime is None or lifetime.seconds <= 0:
            continue
        visits = list(site.visits(place))
        if not visits or any(visit.decision.prefetchable for visit in visits):
            continue
        if any(visit.decision.prefetchable for visit in site.visits_at_boundaries(place)):
            continue
        first = visits[0]
        yield CHECK.finding(
            f"{keys.caching.service_worker_max_age} has no effect: no page of this rule is prefetched, as"
            f" {first.request.method} {shown_url(first.request)}: {first.decision.not_prefetchable_because}",
            place.apply.source,
            hint=f"a page is prefetched if rules set {keys.caching.max_age}, too, and not"
            f" {keys.caching.bypass_cache}",
            witness=first.request,
        )


CHECK = Check(
    "lint/not-prefetched", "A lifetime in the service worker for pages that no browser prefetches.", _run
)
