"""Prefetches: which requests are prefetches, and their redirects (requirements E5 and E6)."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.evaluation.request_key import split_client_parameters, without_own
from prefetchrouter.http_cache.fields import changed
from prefetchrouter.http_cache.prefetches import is_cached_only

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
_PREFETCH: Final = f"{NAMES.prefetch_parameter}=1"


def is_prefetch(query: str) -> bool:
    """Return whether a query is that of a prefetch, by the cache alone or not.

    Example:
        >>> is_prefetch("edgio_dt_pf=1"), is_prefetch("edgio_prefetch=1"), is_prefetch("edgio_dt_pf=0")
        (True, True, False)
    """
    return is_cached_only(query) or (_PREFETCH in query and _PREFETCH in query.split("&"))


def with_prefetch_parameters(response: EdgeResponse, request: EdgeRequest) -> EdgeResponse:
    """Return a response with the parameters of prefetching in its `Location`, if that is on the same host.

    Without them the browser would follow the redirect with a normal request, which may reach the origin.

    Args:
        response: The response to a prefetch.
        request: The prefetch.

    Example:
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "https", "shop.example", "/shop/1", "edgio_prefetch=1")
        >>> response = EdgeResponse(301, HeaderFields({"location": "/products/1?x=2#top"}))
        >>> with_prefetch_parameters(response, request).headers["location"]
        '/products/1?x=2&edgio_prefetch=1#top'
    """
    locations = response.headers.all("location")
    if not 300 <= response.status < 400 or len(locations) != 1:
        return response
    try:
        target = urlsplit(urljoin(request.url, locations[0]))
    except ValueError:
        return response
    if not _is_on_host(target, request.host):
        return response
    own = split_client_parameters(request.query)[1]
    place, mark, fragment = locations[0].partition("#")
    path, _, query = place.partition("?")
    rest = without_own(query)
    location = f"{path}?{f'{rest}&' if rest else ''}{own}{mark}{fragment}"
    return response._replace(headers=changed(response.headers, {"location": location}))


def _is_on_host(target: SplitResult, host: str) -> bool:
    """Return whether a URL is on a host, with any scheme: TLS may end in front of the edge."""
    port = _DEFAULT_PORTS.get(target.scheme)
    place = target.netloc.lower().rpartition("@")[2]
    return port is not None and place.removesuffix(port) == host
