"""Prefetchable pages for which the edge refuses prefetches as soon as they are stale."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is None or caching.service_worker_max_age is None:
            continue
        for visit in site.prefetched(place):
            window = visit.decision.stale_while_revalidate
            if window is not None and window.seconds > 0:
                continue
            yield CHECK.finding(
                f"{shown_url(visit.request)} has no stale_while_revalidate: once its stored response is"
                " stale, prefetches get 412 until a visitor has waited for the origin",
                place.apply.source,
                hint='add "stale_while_revalidate": "10m", or as much as the page may be out of date',
                witness=visit.request,
            )
            break


CHECK = Check(
    "lint/stale-window", "A prefetchable page without stale_while_revalidate.", _run, by_default=False
)
