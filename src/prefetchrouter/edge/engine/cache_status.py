"""`Cache-Status`: how the cache handled a request (RFC 9211)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, TypeAlias

from prefetchrouter.edge.engine.debug_headers import DEBUG_HEADER
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.structured_fields import BareItem, Token, is_list, serialized_member
from prefetchrouter.http_cache.changed_fields import changed, members

Mode = Literal["on", "debug", "off"]
"""Whether the header is sent, and whether it contains the cache key and the rule in every response."""

NAME: Final = Token("prefetchrouter")
"""The name of this cache."""

Parameters: TypeAlias = tuple[tuple[str, BareItem], ...]

_FIELD: Final = "cache-status"
_HITS: Final = frozenset({"hit", "stale"})
_FORWARDED: Final = frozenset({"stale-error", "revalidated", "miss", "coalesced", "pass"})


def with_cache_status(
    response: EdgeResponse, request_headers: HeaderFields, trace: RequestTrace, *, mode: Mode, may_ask: bool
) -> EdgeResponse:
    """Return a response with its Cache-Status, after those of caches closer to the origin.

    Synthetic responses and errors have none. The cache key and the line of the rule may contain secrets, so
    they are only sent on request.

    Args:
        response: The response.
        request_headers: The headers of the request.
        trace: What happened.
        mode: ``"debug"`` sends key and rule in every response.
        may_ask: Whether a request may ask for them, by ``x-ec-debug: cache-status``.

    Source: RFC 9211 section 2.

    Example:
        >>> trace = RequestTrace("hit", ttl=50.5, key="shop.example/a", rules=("routes.py:12",))
        >>> headers = HeaderFields({"x-ec-debug": "cache-status"})
        >>> result = with_cache_status(EdgeResponse(200), headers, trace, mode="on", may_ask=False)
        >>> result.headers["cache-status"]
        'prefetchrouter;hit;ttl=50'
        >>> result = with_cache_status(EdgeResponse(200), headers, trace, mode="on", may_ask=True)
        >>> result.headers["cache-status"]
        'prefetchrouter;hit;ttl=50;key="shop.example/a";detail="routes.py:12"'
    """
    is_detailed = mode == "debug" or (
        may_ask and _FIELD in members(request_headers.get(DEBUG_HEADER, "").lower())
    )
    parameters = _parameters(trace, response.status)
    if parameters is None:
        return response
    if is_detailed:
        parameters += _details(trace)
    status, headers, body = response
    if headers.derived is not None and headers.derived[0] == parameters:
        return EdgeResponse(status, headers.derived[1], body)
    own = serialized_member(NAME, dict(parameters)) if is_detailed else _serialized(parameters)
    before = ", ".join(headers.all(_FIELD))
    text = f"{before}, {own}" if before and is_list(before) else own
    sent = changed(headers, {_FIELD: text})
    if trace.cache in _HITS:  # the same headers object is used until the second is over
        headers.derived = parameters, sent
    return EdgeResponse(status, sent, body)


@lru_cache(maxsize=1024)
def _serialized(parameters: Parameters) -> str:
    return serialized_member(NAME, dict(parameters))


def _parameters(trace: RequestTrace, status: int) -> Parameters | None:
    ttl: Parameters = () if trace.ttl is None else (("ttl", int(trace.ttl // 1)),)
    if trace.cache in _HITS or (trace.cache == "stale-error" and not trace.origin_calls):
        return (("hit", True), *ttl)
    if trace.cache not in _FORWARDED:
        return None
    parameters: list[tuple[str, BareItem]] = [("fwd", Token(trace.forward or "miss"))]
    status_of_origin = 304 if trace.cache == "revalidated" else trace.origin_status
    if status_of_origin is not None and status_of_origin != status:
        parameters.append(("fwd-status", status_of_origin))
    parameters += ttl
    if trace.is_stored:
        parameters.append(("stored", True))
    if trace.is_collapsed:
        parameters.append(("collapsed", True))
    return tuple(parameters)


def _details(trace: RequestTrace) -> Parameters:
    key: Parameters = () if trace.key is None else (("key", trace.key),)
    return (*key, ("detail", trace.rules[-1])) if trace.rules else key
