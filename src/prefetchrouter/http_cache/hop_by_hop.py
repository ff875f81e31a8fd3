"""Which headers pass a cache, and which are for one connection only."""

from __future__ import annotations

from typing import Final

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members

HOP_BY_HOP: Final = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
"""Headers for the next hop only (RFC 9110 section 7.6.1, RFC 9111 section 3.1)."""

END_TO_END: Final = frozenset(
    {
        "age", "authorization", "cache-control", "content-encoding", "content-length", "content-range",
        "content-type", "cookie", "date", "expires", "host", "set-cookie", "vary",
    }
)  # fmt: skip
"""Headers that Connection cannot remove: without them a wrong response would be stored or shared."""


def end_to_end_headers(headers: HeaderFields) -> HeaderFields:
    """Return headers without hop-by-hop ones, and without those that Connection names.

    It works for requests too: the edge then reads the same headers that the origin gets.

    Args:
        headers: The headers of a request or response.

    Source: RFC 9110 section 7.6.1; RFC 9111 section 3.1.

    Example:
        >>> headers = HeaderFields({"Connection": "x-a, vary", "X-A": "1", "Vary": "Accept"})
        >>> end_to_end_headers(headers).fields()
        (('vary', 'Accept'),)
    """
    dropped = set(HOP_BY_HOP.intersection(headers))
    for text in headers.all("connection"):
        dropped.update(name for member in members(text) if (name := member.lower()) not in END_TO_END)
    return changed(headers, without=dropped) if dropped else headers
