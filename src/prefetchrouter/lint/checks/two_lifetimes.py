"""Two rules that say how long browsers keep one page, of which one is lost."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site, VisitedPlace

_HEADER = f"{keys.headers.set_response_headers}.cache-control"
_LIFETIMES = str(keys.caching.client_max_age), str(keys.caching.bypass_client_cache)


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is None or not (caching.client_max_age or caching.bypass_client_cache):
            continue
        lost: tuple[VisitedPlace, str] | None = None
        for visit in site.visits(place):
            values = visit.decision.values
            mine = next(
                (key for key in _LIFETIMES if key in values and values[key].rule is place.apply), None
            )
            if mine is None or _HEADER not in values:
                break  # for some requests it has an effect
            lost = lost or (visit, mine)
        else:
            if lost is not None:
                yield _finding(*lost)


def _finding(visit: VisitedPlace, lost: str) -> Finding:
    header = visit.decision.values[_HEADER]
    return CHECK.finding(
        f"{lost} has no effect: {header.source} sets cache-control: {header.value}, as for"
        f" {shown_url(visit.request)}",
        visit.place.apply.source,
        hint="keep one of the two: the lifetime, or the header",
        witness=visit.request,
    )


CHECK = Check("lint/two-lifetimes", "A Cache-Control header that replaces a lifetime of caching.", _run)
