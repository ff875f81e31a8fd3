"""Who may see the edge's pages: programs on the same machine that asked for it by a name of its own."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address

from prefetchrouter.edge.message import EdgeRequest

_OF_PROXIES = frozenset({"forwarded", "via", "x-real-ip"})
_OTHER_SITES = frozenset({"cross-site", "same-site"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::[0-9]+)?", re.I)


def is_loopback(address: str) -> bool:
    """Return whether an address is one of the machine itself.

    Example:
        >>> [is_loopback(text) for text in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.7", "")]
        [True, True, True, False, False]
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped.is_loopback
    return found.is_loopback


def is_local_name(host: str) -> bool:
    """Return whether a ``Host`` header names this machine: a foreign name may point here, but is not ours.

    Browsers resolve ``localhost`` and all names below it to the machine itself (RFC 6761, section 6.3).

    Example:
        >>> [is_local_name(host) for host in ("localhost:8080", "[::1]:80", "shop.localhost", "evil.example")]
        [True, True, True, False]
    """
    parts = _HOST.fullmatch(host)
    if parts is None:
        return False
    name = parts[1].lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost") or is_loopback(name.strip("[]"))


def refusal(request: EdgeRequest) -> str | None:
    """Return why a request may not see the pages, None when it may.

    A proxy on this machine is a client of this machine, so what proxies add to a request counts. A page of
    another site may link to these pages, but not ask for them as a script, an image or data.

    Source: the W3C's Fetch Metadata, `Sec-Fetch-Site` and `Sec-Fetch-Mode`.

    Example:
        >>> from prefetchrouter.http import HeaderFields
        >>> headers = HeaderFields({"host": "evil.example"})
        >>> refusal(EdgeRequest("GET", "http", "evil.example", "/", headers=headers))
        'these pages are for names of this machine, such as localhost'
    """
    if not is_loopback(request.client):
        return "these pages are for this machine only"
    if not is_local_name(request.headers.get("host", request.host)):
        return "these pages are for names of this machine, such as localhost"
    headers = request.headers
    if any(name in _OF_PROXIES or name.startswith("x-forwarded-") for name in headers):
        return "these pages are not shown through a proxy, which may ask for somebody else"
    if headers.get("sec-fetch-site", "none") in _OTHER_SITES and headers.get("sec-fetch-mode") != "navigate":
        return "these pages are no part of a page of another site"
    return None


def is_from_page(request: EdgeRequest) -> bool:
    """Return whether a request that changes something may come from a page of ours, by what browsers say.

    Source: the Fetch standard, ``Origin`` header, and Fetch Metadata, ``Sec-Fetch-Site``.

    Example:
        >>> from prefetchrouter.http import HeaderFields
        >>> headers = HeaderFields({"host": "localhost", "origin": "https://evil.example"})
        >>> is_from_page(EdgeRequest("POST", "http", "localhost", "/", headers=headers))
        False
    """
    headers = request.headers
    host, origin = headers.get("host", request.host), headers.get("origin")
    if origin is not None and origin.lower().partition("://")[2] != host.lower():
        return False
    return headers.get("sec-fetch-site", "same-origin") == "same-origin"
