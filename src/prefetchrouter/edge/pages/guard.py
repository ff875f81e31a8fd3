"""Access to the edge's pages: programs on this machine that request them by one of its names."""

from __future__ import annotations

import re

from prefetchrouter.edge.hosts import is_loopback
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http_cache.spoofable import is_spoofable

_NAMES = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?")
_OTHER_SITES = frozenset({"cross-site", "same-site"})


def refusal(request: EdgeRequest) -> str | None:
    """Return why a request may not see the pages, or None if it may.

    Requests through a proxy on this machine come from this machine, too: the headers of proxies are refused,
    and so is HTTP/1.0, the version of proxies that add none. Another site may link to these pages, but not
    load them as a script, an image or data.

    Args:
        request: The request; its host is that of `EdgeRequest.host_header`.

    Source: the W3C's Fetch Metadata, `Sec-Fetch-Site` and `Sec-Fetch-Mode`.

    Example:
        >>> refusal(EdgeRequest("GET", "http", "evil.example", "/", host_header="evil.example"))
        'these pages are for names of this machine, such as localhost'
    """
    headers = request.headers
    if not is_loopback(request.client):
        return "these pages are for this machine only"
    if not _is_this_machine(request.host_header):
        return "these pages are for names of this machine, such as localhost"
    if request.version == "1.0" or any(name == "via" or is_spoofable(name) for name in headers):
        return "these pages are not shown through a proxy, which may send requests for others"
    if headers.get("sec-fetch-site", "none") in _OTHER_SITES and headers.get("sec-fetch-mode") != "navigate":
        return "pages of another site may not embed these pages"
    if _is_from_elsewhere(request):
        return "pages of another site may not embed these pages"
    return None


def _is_from_elsewhere(request: EdgeRequest) -> bool:
    """Return whether `Origin`, which browsers without Fetch Metadata send too, is another origin."""
    host, origin = request.headers.get("host", request.host), request.headers.get("origin")
    return origin is not None and origin.lower().partition("://")[2] != host.lower()


def _is_this_machine(host: str) -> bool:
    """Return whether a host names only this machine: a site may be called ``shop.localhost``."""
    return _NAMES.fullmatch(host.strip(" \t").lower()) is not None


def is_from_page(request: EdgeRequest) -> bool:
    """Return whether an unsafe request can come from the edge's pages, by the headers of browsers.

    Source: the Fetch standard, ``Origin`` header, and Fetch Metadata, ``Sec-Fetch-Site``.

    Example:
        >>> from prefetchrouter.http.message import HeaderFields
        >>> headers = HeaderFields({"host": "localhost", "origin": "https://evil.example"})
        >>> is_from_page(EdgeRequest("POST", "http", "localhost", "/", headers=headers))
        False
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and not _is_from_elsewhere(request)
