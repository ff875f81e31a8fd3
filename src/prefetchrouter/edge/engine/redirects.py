"""Redirects that answer a prefetch: what follows them shall ask no origin either (rule E6)."""

from __future__ import annotations

from urllib.parse import urljoin

from prefetchrouter.edge.message import EdgeRequest, EdgeResponse
from prefetchrouter.edge.policy.fields import changed
from prefetchrouter.evaluation.cache_key import OWN_PARAMETERS, without_own


def carried_on(response: EdgeResponse, request: EdgeRequest) -> EdgeResponse:
    """Return the response, with the parameters of prefetching in its `Location` if that is on the same host.

    Without them the browser would follow by a request like any other, which may reach the origin.

    Args:
        response: The response to a prefetch.
        request: The prefetch.

    Example:
        >>> from prefetchrouter.http import HeaderFields
        >>> request = EdgeRequest("GET", "https", "shop.example", "/shop/1", "edgio_prefetch=1")
        >>> response = EdgeResponse(301, HeaderFields({"location": "/products/1?x=2#top"}))
        >>> carried_on(response, request).headers["location"]
        '/products/1?x=2&edgio_prefetch=1#top'
    """
    locations = response.headers.all("location")
    if not 300 <= response.status < 400 or len(locations) != 1:
        return response
    try:
        target = urljoin(request.url, locations[0])
    except ValueError:
        return response
    start = f"{request.scheme}://{request.host}"
    if target != start and not target.startswith((f"{start}/", f"{start}?", f"{start}#")):
        return response
    own = [part for part in request.query.split("&") if part.partition("=")[0].startswith(OWN_PARAMETERS)]
    place, mark, fragment = locations[0].partition("#")
    path, _, query = place.partition("?")
    rest = without_own(query)
    location = f"{path}?{'&'.join([*([rest] if rest else []), *own])}{mark}{fragment}"
    return response._replace(headers=changed(response.headers, {"location": location}))
