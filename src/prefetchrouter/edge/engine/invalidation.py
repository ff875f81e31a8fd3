"""Invalidation: which stored responses an unsafe request makes invalid (requirement E21)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from prefetchrouter.edge.engine.plan import Planner, RequestPlan
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.errors import RegexCostError
from prefetchrouter.http.message import Response
from prefetchrouter.http.request_target import RequestTarget, as_browsers_write, canonical_target

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""The safe methods (RFC 9110, section 9.2.1)."""

_PLACES = ("location", "content-location")


def invalidated_addresses(plan: RequestPlan, planner: Planner, response: Response) -> Iterator[str]:
    """Yield the addresses whose stored responses are invalid, in the form in which cache keys begin.

    These are the request's own and those of `Location` and `Content-Location`, if they are on the same host.
    An address that no request can have is skipped.

    Args:
        plan: The request.
        planner: Maps a URL to its address.
        response: The origin's response.

    Source: RFC 9111, section 4.4.
    """
    own = plan.request
    start = f"{own.scheme}://{own.host}"
    for reference in ("", *(response.fields.get(name, "") for name in _PLACES)):
        try:
            url = urljoin(own.url, reference)
        except ValueError:
            continue
        if url == start or url.startswith((f"{start}/", f"{start}?")):
            path, _, query = url[len(start) :].partition("#")[0].partition("?")
            target = _target(path or "/", query)
            if target is None:
                continue
            try:
                found = planner.plan(EdgeRequest("GET", own.scheme, own.host, *target))
            except RegexCostError:  # of the rules for GET: they cannot say how its cache keys begin
                if not reference:
                    yield plan.shared.decision.cache_key[0]
                continue
            if found.shared.decision.refusal is None:
                yield found.shared.decision.cache_key[0]


def _target(path: str, query: str) -> RequestTarget | None:
    """Return the canonical path and query, or None if no request can have them."""
    try:
        found = canonical_target(as_browsers_write(path), as_browsers_write(query))
    except UnicodeEncodeError:
        return None
    return found if isinstance(found, RequestTarget) else None
