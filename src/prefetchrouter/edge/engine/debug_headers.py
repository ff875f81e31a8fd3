"""Debug headers about caching, for requests that ask for them where `debug_header` is set (E30)."""

from __future__ import annotations

from prefetchrouter.edge.request_trace import CacheStatus, RequestTrace
from prefetchrouter.edge.requests import EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members

DEBUG_HEADER = "x-ec-debug"
"""The request header that lists the wanted response headers."""

_STATUS: dict[CacheStatus, str] = {
    "hit": "TCP_HIT",
    "stale": "TCP_EXPIRED_HIT",
    "stale-error": "TCP_EXPIRED_HIT",
    "revalidated": "TCP_REFRESH_HIT",
    "miss": "TCP_MISS",
    "coalesced": "TCP_PARTIAL_HIT",
    "pass": "CONFIG_NOCACHE",
    "refused": "TCP_MISS",
}
_CACHEABLE = frozenset(_STATUS) - {"pass", "refused"}


def with_debug_headers(
    response: EdgeResponse, request_headers: HeaderFields, trace: RequestTrace
) -> EdgeResponse:
    """Return a response with the debug headers that the request asks for.

    Args:
        response: The response.
        request_headers: The headers of the request.
        trace: What happened.

    Example:
        >>> trace = RequestTrace("hit", ttl=50.5, age=9.5, key="shop.example/a")
        >>> headers = HeaderFields({"x-ec-debug": "x-ec-cache, x-ec-cache-state"})
        >>> with_debug_headers(EdgeResponse(200), headers, trace).headers.fields()
        (('x-ec-cache', 'TCP_HIT'), ('x-ec-cache-state', 'max-age=60; cache-age=9; remaining-ttl=50'))
    """
    wanted = set(members(request_headers.get(DEBUG_HEADER, "").lower()))
    sent = {name: text for name, text in _headers(trace).items() if name in wanted}
    return EdgeResponse(response.status, changed(response.headers, sent), response.body) if sent else response


def _headers(trace: RequestTrace) -> dict[str, str]:
    status = _STATUS.get(trace.cache, "NONE")
    headers = {
        "x-ec-cache": status,
        "x-ec-cache-remote": status,
        "x-ec-check-cacheable": "YES" if trace.cache in _CACHEABLE else "NO",
    }
    if trace.key is not None:
        headers["x-ec-cache-key"] = trace.key
    if trace.ttl is not None and trace.age is not None:
        lifetime, age, left = int(trace.ttl + trace.age), int(trace.age), int(trace.ttl)
        headers["x-ec-cache-state"] = f"max-age={lifetime}; cache-age={age}; remaining-ttl={left}"
    return headers
