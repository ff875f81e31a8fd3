"""Refused paths that can be requested in another spelling, where the property allows such spellings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.errors import RequestError
from prefetchrouter.http.message import Request
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        access = place.apply.features.access
        if access is None or access.deny_access is not True:
            continue
        for visit in site.visits(place):
            evading = next((each for each in _spellings(site, visit.request) if _evades(site, each)), None)
            if visit.decision.denied and evading is not None:
                yield CHECK.finding(
                    f"{shown_url(visit.request)} is refused, {evading.path} is not: an origin may take it for"
                    " the same page",
                    place.apply.source,
                    hint="match all spellings, or let the property refuse them, as it does by default",
                    witness=evading,
                )
                break


def _evades(site: Site, request: Request) -> bool:
    decision = site.evaluator.evaluate(request)
    return decision.refusal is None and not decision.denied


def _spellings(site: Site, request: Request) -> Iterator[Request]:
    """Yield the same page in spellings that the edge forwards."""
    path = request.path
    head, slash, tail = path.rpartition("/")
    texts = [f"{head}%2F{tail}"] if head and slash else []
    texts += [f"{head}{slash}{tail};x=1", f"{head};x=1{slash}{tail}"] if tail else []
    for text in texts:
        try:
            yield replace(request, url=request.url.replace(path, text, 1))
        except RequestError:
            continue


CHECK = Check("lint/denied-spelling", "A refused path that another allowed spelling gets past.", _run)
