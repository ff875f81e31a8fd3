"""Redirects that drop the parameters of a request."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.http.message import Request
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        if place.apply.features.url is None or place.apply.features.url.url_redirect is None:
            continue
        for visit in site.visits(place, _has_a_parameter):
            redirect = visit.decision.redirect
            decides = visit.decision.decided_by(keys.url.url_redirect) is place.apply
            if redirect is None or not decides or "q=1" in redirect.location:
                continue
            yield CHECK.finding(
                f"{shown_url(visit.request)} redirects to {redirect.location}, without the query",
                place.apply.source,
                hint='redirect(..., keep_query=True), or add "%{is_args}%{query_string}" to the destination',
                witness=visit.request,
            )
            break


def _has_a_parameter(request: Request) -> bool:
    return "q=1" in request.query.split("&")


CHECK = Check("lint/lost-query", "A redirect that drops the query of a request.", _run, by_default=False)
