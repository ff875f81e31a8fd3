"""Synthetic responses: those that rules make without the cache and without an origin."""

from __future__ import annotations

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.requests import EdgeResponse, plain
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed

_WORKER = (NAMES.worker_cache_header,)


def refused_prefetch(plan: RequestPlan) -> EdgeResponse:
    """Return the response to a prefetch that no stored response answers (requirements E6 and E32).

    This project's scripts expect a 412. That status is for failed preconditions (RFC 9110 section 15.5.13),
    so other clients get a 503, as from other caches that hold prefetches back.

    Args:
        plan: The prefetch.
    """
    return EdgeResponse(503 if plan.foreign else 412, HeaderFields({"cache-control": "no-store"}))


def synthetic_response(decision: Decision) -> EdgeResponse | None:
    """Return the response that rules make, or None if they leave it to cache and origin (requirement E28).

    Args:
        decision: The decision, without or with the origin's response.
    """
    if not decision.downstream.may_be_synthetic:
        return None
    if decision.refusal is not None:
        return plain(400, decision.refusal.message)
    if decision.denied:
        headers = changed(decision.response_headers(), {"content-type": "text/plain"}, without=_WORKER)
        return EdgeResponse(403, headers, b"Forbidden\n")
    if decision.redirect is not None:
        return EdgeResponse(decision.redirect.status, decision.response_headers())
    synthetic = decision.synthetic
    if synthetic is None or synthetic.asks_origin:
        return None
    status = final_status(synthetic.status, 200)
    headers = headers_for(status, decision.response_headers())
    return EdgeResponse(status, headers, (synthetic.body or "").encode())


def final_status(ruled: int | None, default: int) -> int:
    """Return the status that rules set; the default if they set none, or an interim one by a variable."""
    return ruled if ruled is not None and ruled >= 200 else default


def headers_for(status: int, headers: HeaderFields) -> HeaderFields:
    """Return the headers for a status: a 412 means a refused prefetch, which no client may store (E7)."""
    return changed(headers, without=_WORKER) if status == 412 else headers
