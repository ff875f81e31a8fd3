"""Responses that need neither a copy nor an origin: what rules answer themselves, and refused prefetches."""

from __future__ import annotations

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.message import EdgeResponse, plain
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.fields import changed

_WORKER = (NAMES.worker_cache_header,)


def refused(plan: Plan) -> EdgeResponse:
    """Return the answer to a prefetch of what the cache does not hold (rules E6 and E32).

    This project's clients wait for a 412. It is for failed preconditions (RFC 9110 section 15.5.13), so all
    others get a 503, as from other caches that hold prefetches back.

    Args:
        plan: The prefetch.
    """
    return EdgeResponse(503 if plan.foreign else 412, HeaderFields({"cache-control": "no-store"}))


def made(decision: Decision) -> EdgeResponse | None:
    """Return what the rules answer themselves, None when they do not (rule E28).

    Args:
        decision: The decision, before an origin was asked or with its answer at hand.
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


def final_status(wanted: int | None, usual: int) -> int:
    """Return the status that rules want; variables may give one that ends no exchange, or none at all."""
    return wanted if wanted is not None and wanted >= 200 else usual


def headers_for(status: int, headers: HeaderFields) -> HeaderFields:
    """Return headers that fit a status: clients take a 412 for a miss, and store none (rule E7)."""
    return changed(headers, without=_WORKER) if status == 412 else headers
