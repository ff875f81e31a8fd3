"""Redirects to a page that redirects again."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.errors import RequestError
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import Request
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site, VisitedPlace


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        if place.apply.features.url is None:
            continue
        for visit in site.visits(place):
            last = _second_redirect(site, visit)
            if last is None:
                continue
            redirect = visit.decision.redirect
            assert redirect is not None
            yield CHECK.finding(
                f"{shown_url(visit.request)} redirects to {redirect.location}, which redirects to {last}:"
                " visitors wait for two redirects",
                place.apply.source,
                hint=f"redirect to {last} at once",
                witness=visit.request,
            )
            break


def _second_redirect(site: Site, visit: VisitedPlace) -> str | None:
    """Return where a second redirect on the same host leads, None where there is none, or it leads back."""
    first = _target(site, visit.request, visit.decision)
    if first is None or first.url == visit.request.url:
        return None
    again = site.evaluator.evaluate(first)
    second = _target(site, first, again)
    if second is None or again.redirect is None or second.url in (first.url, visit.request.url):
        return None  # a loop: see redirect-loop
    return again.redirect.location


def _target(site: Site, request: Request, decision: Decision) -> Request | None:
    if decision.redirect is None or not 300 <= decision.redirect.status < 400:
        return None
    base = f"{request.scheme}://{request.host or site.evaluator.host}{request.path}"
    try:
        target = Request(urljoin(base, decision.redirect.location))
    except (RequestError, ValueError):
        return None
    return target if target.host == (request.host or site.evaluator.host) else None


CHECK = Check("lint/redirect-chain", "A redirect to a page that redirects again.", _run)
