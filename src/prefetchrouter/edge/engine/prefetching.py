"""Prefetches: which requests are prefetches, and their redirects (requirements E5 and E6)."""

from __future__ import annotations

from email.utils import formatdate
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view.no_vary_search import no_vary_search
from prefetchrouter.catalog import keys
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation.request_key import split_client_parameters, without_own
from prefetchrouter.freshness.cache_control import CacheControl
from prefetchrouter.http_cache.changed_fields import changed
from prefetchrouter.http_cache.prefetches import is_cached_only

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
_BROWSER_CACHE: Final = f"{NAMES.browser_cache_parameter}=1"
_PREFETCH: Final = f"{NAMES.prefetch_parameter}=1"


def is_prefetch(query: str) -> bool:
    """Return whether a query is that of a prefetch, by the cache alone or not.

    Example:
        >>> is_prefetch("edgio_dt_pf=1"), is_prefetch("edgio_prefetch=1"), is_prefetch("edgio_dt_pf=0")
        (True, True, False)
    """
    return is_cached_only(query) or (_PREFETCH in query and _PREFETCH in query.split("&"))


def is_for_browser_cache(query: str) -> bool:
    """Return whether a query is that of a prefetch for the browser's own cache.

    Example:
        >>> is_for_browser_cache("edgio_dt_pf=1&edgio_prefetch_http=1"), is_for_browser_cache("edgio_dt_pf=1")
        (True, False)
    """
    return _BROWSER_CACHE in query and _BROWSER_CACHE in query.split("&")


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


def kept_by_browser(response: EdgeResponse, decision: Decision, now: float) -> EdgeResponse:
    """Return the response to a prefetch for a browser without a service worker to store it (requirement E39).

    It has the lifetime of the service worker's, from now on, and the browser's own cache may use it for the
    URL without the parameters of prefetching. One that is not for every visitor stays as it is.

    Args:
        response: The response.
        decision: The decision for the request.
        now: The time in unix seconds.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> from prefetchrouter.http.message import HeaderFields
        >>> decision = evaluate(Router(), Request("/"))
        >>> headers = HeaderFields({"x-sw-cache-control": "max-age=60", "age": "9"})
        >>> for name, value in kept_by_browser(EdgeResponse(200, headers), decision, 0).headers.items():
        ...     print(f"{name}: {value}")
        x-sw-cache-control: max-age=60
        cache-control: max-age=60
        date: Thu, 01 Jan 1970 00:00:00 GMT
        no-vary-search: params=("edgio_dt_pf" "edgio_prefetch" "edgio_prefetch_http")
    """
    headers = response.headers
    lifetime = CacheControl.parse(headers.get(NAMES.worker_cache_header, "")).seconds("max-age")
    varies = {name.strip().lower() for text in headers.all("vary") for name in text.split(",")}
    if (
        response.status != 200
        or not lifetime
        or "no-store" in CacheControl.parse(", ".join(headers.all("cache-control")))
        or "set-cookie" in headers
        or not varies.isdisjoint({"cookie", "*"})
    ):
        return response
    changes = {"cache-control": f"max-age={int(lifetime)}", "date": formatdate(now, usegmt=True)}
    if "no-vary-search" not in headers:
        options = decision.get(keys.caching.cache_key)
        changes["no-vary-search"] = no_vary_search(options, decision.get(keys.caching.cache_key_query_string))
    return response._replace(headers=changed(headers, changes, without=("age", "expires", "pragma")))


def _is_on_host(target: SplitResult, host: str) -> bool:
    """Return whether a URL is on a host, with any scheme: TLS may end in front of the edge."""
    port = _DEFAULT_PORTS.get(target.scheme)
    place = target.netloc.lower().rpartition("@")[2]
    return port is not None and place.removesuffix(port) == host
