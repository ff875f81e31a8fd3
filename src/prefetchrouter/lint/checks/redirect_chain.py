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

_MOST_HOPS = 8
"""Redirects that go on for longer do not end; the check of the build names them."""


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        url = place.apply.features.url
        if url is None or url.url_redirect is None:
            continue
        tried: set[str] = set()
        for visit in site.visits(place, _is_plain):
            redirect = visit.decision.redirect
            if redirect is None:
                continue
            if redirect.location in tried:
                break  # the path is not part of where it leads
            tried.add(redirect.location)
            trail = _trail(site, visit)
            if len(trail) <= 1:
                continue
            then = ", then to ".join(trail[1:])
            yield CHECK.finding(
                f"{shown_url(visit.request)} redirects to {trail[0]}, which redirects to {then}:"
                f" visitors wait for {_COUNTS[len(trail)]} redirects",
                place.apply.source,
                hint=f"redirect to {trail[-1]} at once",
                witness=visit.request,
            )
            break


def _is_plain(request: Request) -> bool:
    """Whether a request has no query but what the rule asks for: where it leads, it leads with any."""
    return "q=1" not in request.query.split("&")


_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def _trail(site: Site, visit: VisitedPlace) -> list[str]:
    """Return where the redirects on the same host lead, one after another; empty if they never end."""
    request, decision = visit.request, visit.decision
    trail: list[str] = []
    seen = {request.url}
    while (target := _target(site, request, decision)) is not None and decision.redirect is not None:
        if target.url in seen or len(trail) == _MOST_HOPS:
            return []  # a loop: see redirect-loop
        seen.add(target.url)
        trail.append(decision.redirect.location)
        request, decision = target, site.evaluator.evaluate(target)
    return trail


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
