"""Prefetchable pages that are stored once for each tracking parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

_TRACKING = "utm_source=x"


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is None or caching.service_worker_max_age is None:
            continue
        for visit in site.prefetched(place):
            request = visit.request
            mark = "&" if request.query else "?"
            tracked = replace(request, url=f"{request.url}{mark}{_TRACKING}")
            other = site.evaluator.evaluate(tracked)
            if not other.prefetchable or other.cache_key == visit.decision.cache_key:
                continue
            yield CHECK.finding(
                f"{shown_url(tracked)} and {shown_url(request)} are stored separately: a visitor from a"
                " campaign does not get the page that was prefetched",
                place.apply.source,
                hint=f"leave such parameters out of {keys.caching.cache_key}:"
                ' CacheKey().exclude_query_parameters("utm_*")',
                witness=tracked,
            )
            break


CHECK = Check(
    "lint/tracked-key",
    "A prefetchable page that is stored once for each tracking parameter.",
    _run,
    by_default=False,
)
