"""The target of a redirect, and whether that is the same request again."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.evaluation.url_rewrite import filled_url, rewritten
from prefetchrouter.evaluation.variable_values import value, with_query
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import RequestTarget, as_browsers_write, canonical_target
from prefetchrouter.rules.features import UrlRedirect

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def location_of(wanted: UrlRedirect, context: RequestContext) -> str | None:
    """Return where a redirect leads, or None if the request does not match its source or it names no host.

    Example:
        >>> from prefetchrouter import Request
        >>> wanted = UrlRedirect(destination="/new%{is_args}%{query_string}")
        >>> location_of(wanted, RequestContext(Request("/old?a=1")))
        '/new?a=1'
    """
    if not wanted.destination:
        return None

    def look_up(name: str) -> str | None:
        return value(name, context)

    if wanted.source is None:
        return filled_url(wanted.destination, look_up) or None
    return rewritten(
        context.origin_uri,
        context.origin_query,
        wanted.source,
        wanted.destination,
        wanted.syntax,
        look_up,
    )


def followed(request: Request, host: str, location: str) -> str:
    """Return the absolute URL that a client asks for when it follows a redirect, without fragment.

    Args:
        request: The request that was redirected.
        host: Its host.
        location: Where the redirect leads, absolute or relative.

    Source: RFC 9110, section 10.2.2; RFC 3986, section 5.2.

    Example:
        >>> followed(Request("https://shop.example/a/b"), "shop.example", "../c?x=1#top")
        'https://shop.example/c?x=1'
    """
    own = f"{request.scheme}://{host}{with_query(request.path, request.query)}"
    return urljoin(own, location).partition("#")[0]


def leads_to_itself(request: Request, host: str, status: int, location: str) -> bool:
    """Return whether a client that follows a redirect makes the same request again, and so for ever.

    A client turns POST into GET, unless the status is 307 or 308. Parameters of prefetching clients do not
    count.

    Args:
        request: The request.
        host: Its host.
        status: The status of the redirect.
        location: Where it leads.

    Example:
        >>> leads_to_itself(Request("/docs/?x=1"), "localhost", 301, "/docs/?x=1")
        True
        >>> leads_to_itself(Request("/form", "POST"), "localhost", 303, "/form")
        False
    """
    if request.method not in ("GET", "HEAD") and status not in (307, 308):
        return False
    own = with_query(request.path, without_own(request.query))
    if location.startswith("/") and not location.startswith("//"):
        path, _, query = location.partition("#")[0].partition("?")
        return _canonical(path, query) == own
    try:
        found = urlsplit(followed(request, host, location))
    except ValueError:
        return False
    there = found.netloc.lower().removesuffix(_DEFAULT_PORTS.get(found.scheme, ":"))
    return (
        found.scheme == request.scheme
        and there == host.removesuffix(_DEFAULT_PORTS[request.scheme])
        and _canonical(found.path or "/", found.query) == own
    )


def _canonical(path: str, query: str) -> str | None:
    """Return path and query as the next request has them, or None if it will be refused."""
    target = canonical_target(as_browsers_write(path), as_browsers_write(query))
    return with_query(target.path, without_own(target.query)) if isinstance(target, RequestTarget) else None
