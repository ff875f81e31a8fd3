"""What goes back to the client: from a copy, from an origin's answer, or made by the edge itself."""

from __future__ import annotations

from prefetchrouter.edge.cache.copy import Copy
from prefetchrouter.edge.fetching import Fetched
from prefetchrouter.edge.message import Body, EdgeResponse, OriginError
from prefetchrouter.edge.plan import Plan
from prefetchrouter.edge.policy.age import with_age
from prefetchrouter.edge.policy.compression import compressed
from prefetchrouter.edge.policy.conditional import headers_of_304, is_not_modified
from prefetchrouter.edge.policy.ranges import ranged
from prefetchrouter.evaluation import Decision
from prefetchrouter.http import HeaderFields

_OF_THE_BODY = frozenset(
    {"content-length", "content-encoding", "content-range", "etag", "last-modified", "accept-ranges"}
)


def plain(status: int, text: str) -> EdgeResponse:
    """Return a short text that nobody keeps."""
    headers = HeaderFields({"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"})
    return EdgeResponse(status, headers, f"{text}\n".encode())


def refused() -> EdgeResponse:
    """Return the answer to a prefetch of what the cache does not hold (rule E6)."""
    return EdgeResponse(412, HeaderFields({"cache-control": "no-store"}))


def failed(error: OriginError) -> EdgeResponse:
    """Return the answer when an origin gave none (rule E26)."""
    status = 504 if error.failure == "timeout" else 502
    return plain(status, f"No answer from the origin: {error.message}")


def made(plan: Plan) -> EdgeResponse | None:
    """Return what the rules answer without any origin, None when they do not (rule E28)."""
    decision = plan.decision
    if decision.denied:
        kept = [pair for pair in decision.response_headers().fields() if pair[0] != "x-sw-cache-control"]
        return EdgeResponse(403, HeaderFields([*kept, ("content-type", "text/plain")]), b"Forbidden\n")
    if decision.redirect is not None:
        return EdgeResponse(decision.redirect.status, decision.response_headers())
    synthetic = decision.synthetic
    if synthetic is None or synthetic.asks_origin:
        return None
    body = (synthetic.body or "").encode()
    return EdgeResponse(synthetic.status or 200, decision.response_headers(), body)


def from_copy(plan: Plan, copy: Copy, now: float) -> EdgeResponse:
    """Return the response that a copy gives.

    Args:
        plan: The request.
        copy: The copy; it is used, whether or not it is fresh.
        now: The time, in unix seconds.
    """
    decision = plan.on(copy.answer)
    return whole(plan, decision, copy.status, seen(decision, copy, now), copy.body)


def seen(decision: Decision, copy: Copy, now: float) -> HeaderFields:
    """Return the headers that a client sees of a copy, its age among them."""
    headers = decision.client_headers(copy.headers)
    if decision.setting("headers.age_response_header") is False:
        return headers
    return with_age(headers, copy.age + copy.resident(now))


def whole(plan: Plan, decision: Decision, status: int, headers: HeaderFields, body: bytes) -> EdgeResponse:
    """Return the response with a body that is all there: the part or the form of it that the client wants.

    Args:
        plan: The request.
        decision: The decision, with the answer at hand.
        status: The status with which the answer came.
        headers: What the client is to see.
        body: The body.
    """
    shown = decision.status or status
    asked = plan.request.headers
    replaced = _replaced(decision, headers)
    if replaced is not None:
        return EdgeResponse(shown, *replaced)
    types = decision.setting("response.compress_content_types")
    if types:
        headers, body = compressed(asked, headers, body, types)
    if shown == status:
        if is_not_modified(asked, status, headers):
            return EdgeResponse(304, headers_of_304(headers))
        if status == 200 and "range" in asked:
            part = ranged(
                plan.request.method, asked, headers, body,
                ignores_unsatisfiable=plan.is_on("caching.ignore_unsatisfiable_ranges"),
            )  # fmt: skip
            if part is not None:
                return part
    return EdgeResponse(shown, headers, body)


def needs_whole(plan: Plan, decision: Decision) -> bool:
    """Return whether a response can only be made when all of the body is there."""
    asked = plan.request.headers
    return "range" in asked or bool(decision.setting("response.compress_content_types"))


def coming(plan: Plan, decision: Decision, status: int, headers: HeaderFields, body: Body) -> EdgeResponse:
    """Return the response with a body that is still on its way.

    Args:
        plan: The request.
        decision: The decision, with the answer at hand.
        status: The status with which the answer came.
        headers: What the client is to see.
        body: The body.
    """
    shown = decision.status or status
    replaced = _replaced(decision, headers)
    if replaced is not None:
        return EdgeResponse(shown, *replaced)
    if shown == status and is_not_modified(plan.request.headers, status, headers):
        return EdgeResponse(304, headers_of_304(headers))
    return EdgeResponse(shown, headers, body)


def passed(plan: Plan, fetched: Fetched) -> EdgeResponse:
    """Return the response with an origin's answer that is not kept."""
    decision = plan.on(fetched.response)
    headers = decision.client_headers(decision.kept_headers(fetched.response.fields))
    return coming(plan, decision, fetched.status, headers, fetched.answer.body)


def _replaced(decision: Decision, headers: HeaderFields) -> tuple[HeaderFields, bytes] | None:
    """Return headers and body where a rule sets the body, None where none does."""
    synthetic = decision.synthetic
    if synthetic is None or synthetic.body is None:
        return None
    kept = [pair for pair in headers.fields() if pair[0] not in _OF_THE_BODY]
    return HeaderFields(kept), synthetic.body.encode()
