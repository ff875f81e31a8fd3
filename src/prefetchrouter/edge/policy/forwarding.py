"""E3: the headers that pass the edge, and those that end there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.http import HeaderFields
from prefetchrouter.http_cache.fields import changed, members
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers

SPOOFABLE: Final = frozenset(
    {
        "forwarded", "x-real-ip", "x-host", "x-original-host", "x-original-url", "x-rewrite-url",
        "x-http-method-override", "x-http-method", "x-method-override",
    }
)  # fmt: skip
"""Headers by which a client could speak for the edge, besides all that begin with ``x-forwarded-``."""

VIA: Final = "1.1 prefetchrouter"


def origin_headers(
    headers: HeaderFields, request: EdgeRequest, *, special: tuple[str, ...] | None
) -> HeaderFields:
    """Return the headers that an origin gets.

    A header by which a client could speak for the edge passes only when a rule wrote it; the edge's own takes
    no rule's place.

    Args:
        headers: The request's headers after the rules.
        request: The client's request.
        special: The feature `origin.proxy_special_headers`: of the headers that the edge adds only these are
            sent; None for all.

    Source: RFC 9110 sections 7.6.1 and 7.6.3.

    Example:
        >>> headers = HeaderFields({"host": "shop.example", "x-real-ip": "1.2.3.4", "te": "trailers"})
        >>> request = EdgeRequest("GET", "https", "shop.example", "/", headers=headers, client="192.0.2.7")
        >>> origin_headers(headers, request, special=("x-forwarded-for",)).fields()
        (('host', 'shop.example'), ('x-forwarded-for', '192.0.2.7'))
    """
    passing = end_to_end_headers(headers)
    dropped = [name for name in passing if _ends_here(name) and not _is_of_a_rule(name, passing, request)]
    wanted = None if special is None else {name.lower() for name in special}
    added = {
        name: text
        for name, text in _added(passing, request)
        if (wanted is None or name in wanted) and (name == "via" or name in dropped or name not in passing)
    }
    return changed(passing, added, without=dropped)


def _ends_here(name: str) -> bool:
    """Return whether a header ends here, also as ``x_real_ip``: many an origin takes _ and - for the same."""
    name = name.replace("_", "-")
    return name in SPOOFABLE or name.startswith(("x-forwarded-", "proxy-")) or name in ("expect", "proxy")


def _is_of_a_rule(name: str, headers: HeaderFields, request: EdgeRequest) -> bool:
    """Return whether a rule wrote a header: it is not as the client sent it, or it is true."""
    text = headers[name].strip(" \t")
    sent = request.headers.all(name)
    return text == request.client or text not in {part.strip(" \t") for part in (*sent, ", ".join(sent))}


def _added(headers: HeaderFields, request: EdgeRequest) -> Iterator[tuple[str, str]]:
    yield "x-forwarded-for", request.client
    yield "x-forwarded-proto", request.scheme
    yield "x-forwarded-host", request.host
    yield "via", ", ".join((*members(headers.get("via", "")), VIA))
