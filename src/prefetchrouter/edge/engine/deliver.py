"""`deliver`: the response of each final state, and what is recorded of it (vcl_deliver, vcl_synth)."""

from __future__ import annotations

from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.engine import machine, synthetic
from prefetchrouter.edge.engine.client_view import ClientView, client_view, client_view_of
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.machine import (
    Failed,
    Hit,
    Invalid,
    NotCached,
    Refused,
    Revalidated,
    StaleHit,
    StaleIfError,
    Streamed,
    Synth,
    Uncacheable,
)
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.policy.compression import compressed, is_compressible
from prefetchrouter.edge.policy.ranges import range_response
from prefetchrouter.edge.request_trace import CacheStatus, RequestTrace
from prefetchrouter.edge.requests import Body, EdgeResponse, plain
from prefetchrouter.errors import RegexCostError
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.request_target import TargetRefusal
from prefetchrouter.http_cache.conditional import headers_of_304, is_not_modified

_CONDITIONS_AND_RANGES = frozenset({"if-none-match", "if-modified-since", "range"})

TOO_COSTLY = "This request is too long for a regular expression in the rules."


async def deliver(plan: RequestPlan, trace: RequestTrace, state: machine.Final, now: float) -> EdgeResponse:
    """Return the response of a final state, and record it.

    Args:
        plan: The request.
        trace: Its trace.
        state: The final state.
        now: The time in unix seconds.
    """
    match state:
        case Hit():
            return _from_stored(plan, trace, state.stored, "hit", now, state.view)
        case StaleHit():
            return _from_stored(plan, trace, state.stored, "stale", now, state.view)
        case Streamed():
            return await _streamed(plan, trace, state, now)
        case Synth(response):
            trace.cache, trace.reason = "synthetic", "by the rules alone"
            return response
        case Refused(reason):
            trace.cache, trace.reason = "refused", reason
            return synthetic.refused_prefetch(plan)
        case Uncacheable(reason, fetched):
            trace.cache, trace.reason = "pass", reason
            return await _passed_on(plan, trace, fetched)
        case Revalidated(stored, not_stored):
            trace.reason = "the origin confirmed the stored response with a 304"
            if not_stored is not None:
                trace.reason = f"still valid, and not stored: {not_stored}"
            return _from_stored(plan, trace, stored, "revalidated", now, client_view_of(plan, stored))
        case StaleIfError(stored, why):
            trace.reason = why or ""
            return _from_stored(plan, trace, stored, "stale-error", now, client_view_of(plan, stored))
        case NotCached():
            trace.cache, trace.reason = "error", "only-if-cached, and no stored response can be used"
            return plain(504, "No stored response can be used.")
        case Failed(error):
            trace.cache, trace.reason = "error", error.message
            return _origin_error(error)
        case Invalid(refusal):
            return invalid_target(trace, refusal)


def invalid_target(trace: RequestTrace, refusal: TargetRefusal) -> EdgeResponse:
    """Return the response to a request whose target is refused (requirement E2)."""
    trace.cache, trace.reason = "error", refusal.message
    return plain(400, refusal.message)


def refuse_without_a_page(plan: RequestPlan, trace: RequestTrace, status: int) -> EdgeResponse:
    """Return the refusal of a prefetch whose response would leave a link that does nothing (requirement E33).

    Args:
        plan: The prefetch.
        trace: Its trace; if an origin was requested, it keeps how.
        status: The status of that response.
    """
    if not trace.origin_calls:
        trace.cache = "refused"
    trace.reason = f"a prefetch answered with {status} would leave a link that does nothing"
    return synthetic.refused_prefetch(plan)


def too_costly(trace: RequestTrace, error: RegexCostError) -> EdgeResponse:
    """Return the response to a request on which a regular expression of the rules could take too long."""
    trace.cache, trace.reason = "error", error.diagnostics[0].message
    return plain(400, TOO_COSTLY)


def needs_complete_body(plan: RequestPlan, view: ClientView) -> bool:
    """Return whether a response can only be made once the body is complete: a range, or compression."""
    if view.body is not None:
        return False
    return "range" in plan.request.headers or is_compressible(view.headers, view.settings.compressed_types)


def _from_stored(
    plan: RequestPlan,
    trace: RequestTrace,
    stored: StoredResponse,
    how: CacheStatus,
    now: float,
    view: ClientView,
) -> EdgeResponse:
    """Return the response that a stored one makes, which counts as used."""
    resident = stored.resident_time(now)
    age = stored.initial_age + resident
    trace.cache, trace.ttl, trace.age = how, stored.policy.fresh - resident, age
    trace.origin_response, trace.response_rules = stored.original, view.response_rules
    stored.hits += 1
    return _selected(plan, stored, view, age)


def _selected(plan: RequestPlan, stored: StoredResponse, view: ClientView, age: float) -> EdgeResponse:
    """Return the part and the encoding of a stored response that a client requests (E24 and E25)."""
    headers, body = view.headers_at(age), stored.body
    if view.body is not None:
        return EdgeResponse(view.status, headers, view.body)
    request, settings = plan.request, view.settings
    if settings.compressed_types:
        headers, body = compressed(request.headers, headers, body, settings.compressed_types)
    if view.status == stored.original.status and request.headers.has_any(_CONDITIONS_AND_RANGES):
        if _is_not_modified(plan, view.status, headers):
            return EdgeResponse(304, headers_of_304(headers, settings.ruled_headers))
        if view.status == 200 and "range" in request.headers:
            part = range_response(
                request.method, request.headers, headers, body,
                ignores_unsatisfiable=settings.ignores_unsatisfiable,
            )  # fmt: skip
            if part is not None:
                return part
    return EdgeResponse(view.status, headers, body)


async def _streamed(plan: RequestPlan, trace: RequestTrace, state: Streamed, now: float) -> EdgeResponse:
    """Return the response of a fetch into the cache, whose body may still be arriving."""
    stored, view, reader = state
    trace.cache = "coalesced" if trace.is_collapsed else "miss"
    trace.ttl, trace.age = stored.policy.fresh, stored.initial_age
    trace.origin_response, trace.response_rules = stored.original, view.response_rules
    age = stored.initial_age + stored.resident_time(now)
    if reader is None:
        return _selected(plan, stored, view, age)
    response = None
    try:
        response = _as_it_arrives(plan, view, stored.original.status, view.headers_at(age), reader)
        return response
    finally:
        if response is None or response.body is not reader:
            await reader.aclose()


async def _passed_on(plan: RequestPlan, trace: RequestTrace, fetched: Fetched) -> EdgeResponse:
    """Return the response of an origin that is not stored; its body is closed if it is not used."""
    response = None
    try:
        decision = plan.shared.with_response(fetched.response)
        view = client_view(
            decision, fetched.status, decision.downstream.stored_headers(fetched.response.fields)
        )
        trace.origin_response, trace.response_rules = fetched.response, view.response_rules
        body = fetched.origin_response.body
        response = _as_it_arrives(plan, view, fetched.status, view.headers, body)
        return response
    finally:
        if response is None or isinstance(response.body, bytes):
            await fetched.origin_response.close()


def _as_it_arrives(
    plan: RequestPlan, view: ClientView, status: int, headers: HeaderFields, body: bytes | Body
) -> EdgeResponse:
    """Return a response whose body may still be arriving.

    Args:
        plan: The request.
        view: The response as clients see it.
        status: The origin's status.
        headers: The headers of the view.
        body: The body; the caller closes it if the response has another one.
    """
    if view.body is not None:
        return EdgeResponse(view.status, headers, view.body)
    if view.status == status and _is_not_modified(plan, status, headers):
        return EdgeResponse(304, headers_of_304(headers, view.settings.ruled_headers))
    return EdgeResponse(view.status, headers, body)


def _is_not_modified(plan: RequestPlan, status: int, headers: HeaderFields) -> bool:
    """Return whether a client has this response already; only GET and HEAD have such conditions."""
    request = plan.request
    return request.method in ("GET", "HEAD") and is_not_modified(request.headers, status, headers)


def _origin_error(error: OriginError) -> EdgeResponse:
    """Return the response when an origin sent none, or was sent nothing because of the request (E26)."""
    if error.failure == "too-costly":
        return plain(400, TOO_COSTLY)
    if error.failure == "descriptors":
        return plain(503, f"The edge is overloaded: {error.message}")
    status = 504 if error.failure == "timeout" else 502
    return plain(status, f"No response from the origin: {error.message}")
