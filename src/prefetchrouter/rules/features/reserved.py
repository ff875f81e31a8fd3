"""Header names that the vendor reserves: rules may name them, but an edge may ignore that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.rules.features.features import Features
from prefetchrouter.rules.features.section import Section

RESPONSE_HEADERS = frozenset(
    {
        "accept-ranges",
        "age",
        "connection",
        "content-encoding",
        "content-length",
        "content-range",
        "date",
        "server",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "vary",
        "via",
        "warning",
    }
)
REQUEST_HEADERS = frozenset({"forwarded-for", "host", "vary", "via", "warning", "x-forwarded-for"})
PREFIXES = ("x-edg", "x-ec")

FRAMING = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say where a message ends, or are for one connection: whoever sends a message writes its own.

Source: RFC 9112 section 6; RFC 9110 section 7.6.1.
"""

_LEFT_ALONE = "the edge leaves it as it is: each message and each connection has its own"
_RESERVED_FOR = {
    "add_response_headers": RESPONSE_HEADERS,
    "remove_origin_response_headers": FRAMING,
    "remove_response_headers": RESPONSE_HEADERS,
    "set_client_ip_custom_header": RESPONSE_HEADERS,
    "set_origin_response_headers": RESPONSE_HEADERS | REQUEST_HEADERS,
    "set_request_headers": REQUEST_HEADERS,
    "set_response_headers": RESPONSE_HEADERS,
}


def reserved_headers(features: Features) -> list[Diagnostic]:
    """Return a warning for every header name that the vendor documents as reserved.

    They are not refused, since published rules use them. Names are compared without case and leading +.

    Example:
        >>> found = reserved_headers(Features(headers={"remove_response_headers": ["server", "x-tier"]}))
        >>> [diagnostic.text for diagnostic in found]
        ['headers.remove_response_headers: "server" is a reserved header name']
    """
    if features.headers is None:
        return []
    written = features.headers.__dict__
    return [
        Diagnostic(
            "reserved-header",
            f"{shown(name)} is a reserved header name",
            path=("headers", feature),
            hint=_LEFT_ALONE if is_framing(name) else "an edge may leave it as it is",
            severity="warning",
        )
        for feature in _RESERVED_FOR
        if feature in written
        for name in _names(written[feature])
        if _is_reserved(feature, name)
    ]


@lru_cache(maxsize=1024)
def _is_reserved(feature: str, name: str) -> bool:
    return _plain(name) in _RESERVED_FOR[feature] or is_framing(name) or _is_vendors(feature, name)


def is_framing(name: str) -> bool:
    """Return whether a header is about framing or the connection, so that no rule changes it.

    Example:
        >>> is_framing("Content-Length"), is_framing("+connection"), is_framing("content-type")
        (True, True, False)
    """
    return _plain(name) in FRAMING


def _is_vendors(feature: str, name: str) -> bool:
    return feature != "remove_origin_response_headers" and _plain(name).startswith(PREFIXES)


def _plain(name: str) -> str:
    return name.removeprefix("+").lower()


def _names(value: object) -> Iterable[str]:
    if isinstance(value, dict | tuple):
        return value
    if isinstance(value, Section):
        return _names(getattr(value, "headers", None))
    return (value,) if isinstance(value, str) else ()
