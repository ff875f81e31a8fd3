"""Prefetches by others than this project's scripts, and responses that no prefetch may get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.evaluation.request_key import split_client_parameters
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.structured_fields import item

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

Announced = Literal["prefetch", "prerender", "preview"]
"""The kinds of prefetch that a request header can announce."""

CACHED_ONLY: Final = f"{NAMES.cached_only_parameter}=1"
"""The parameter of a prefetch that must not reach an origin."""

ANNOUNCING: Final = frozenset({"sec-purpose", "purpose", "x-purpose", "x-moz"})
"""The request headers that say it."""

_OLDER: Final = ("purpose", "x-purpose", "x-moz")
_WAYS: Final[Mapping[str, Announced]] = {"prefetch": "prefetch", "preview": "preview"}
_CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})


def is_cached_only(query: str) -> bool:
    """Return whether a query is that of a prefetch which only the cache may answer.

    Example:
        >>> is_cached_only("a=1&edgio_prefetch=1"), is_cached_only("x=edgio_prefetch=1")
        (True, False)
    """
    return CACHED_ONLY in query and CACHED_ONLY in query.split("&")


def announced(headers: HeaderFields) -> Announced | None:
    """Return how a request announces that it is speculative, or None if it does not.

    ``Sec-Purpose`` is an Item with parameters: ``prefetch``, ``prefetch;prerender``,
    ``prefetch;anonymous-client-ip``. Where it is not a valid Item (a list, a field twice, upper case, a blank
    before the semicolon), a member that says ``prefetch`` still announces one: the origin is spared. Older
    browsers and apps have ``Purpose``, ``X-Purpose`` and ``X-Moz``, with ``prefetch`` or ``preview``.

    Args:
        headers: The headers of the request.

    Source: Fetch standard, "HTTP-network-or-cache fetch"; HTML standard, "Speculative loading".

    Example:
        >>> announced(HeaderFields({"Sec-Purpose": "prefetch; prerender"}))
        'prerender'
        >>> announced(HeaderFields({"Sec-Purpose": "prefetching"})) is None
        True
    """
    if not headers.has_any(ANNOUNCING):
        return None
    for text in headers.all("sec-purpose"):
        for member in text.split(","):
            if (speculative := _purpose(member)) is not None:
                return speculative
    for name in _OLDER:
        if (way := _WAYS.get(headers.get(name, "").strip(" \t").lower())) is not None:
            return way
    return None


def _purpose(member: str) -> Announced | None:
    token, *parameters = (part.strip(" \t").lower() for part in member.split(";"))
    if token != "prefetch":
        return None
    found = item(member)
    denied = found is not None and found[1].get("prerender") is False
    is_prerender = any(part.partition("=")[0] == "prerender" for part in parameters) and not denied
    return "prerender" if is_prerender else "prefetch"


def foreign_prefetch(headers: HeaderFields, query: str) -> Announced | None:
    """Return how a request announces a prefetch that is not by this project's scripts; None for any other.

    Those scripts put parameters into the query, and then go by these alone.

    Args:
        headers: The headers of the request.
        query: The query of the request.

    Example:
        >>> headers = HeaderFields({"Sec-Purpose": "prefetch"})
        >>> foreign_prefetch(headers, "a=1"), foreign_prefetch(headers, "a=1&edgio_prefetch=1")
        ('prefetch', None)
    """
    if not headers.has_any(ANNOUNCING) or split_client_parameters(query)[1]:
        return None
    return announced(headers)


def guards(decision: Decision, property: Property | None) -> bool:
    """Return whether a foreign prefetch of a page is answered without an origin.

    It is where the page is prefetchable, unless the property says ``foreign_prefetch="allow"`` or a rule
    allows prefetches of what is not stored. A page that rules do not make prefetchable is handled like any
    other.

    Args:
        decision: The decision for the request.
        property: What the rules say of the site, None if they say nothing.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> [guards(evaluate(router, Request(path)), None) for path in ("/a", "/b")]
        [True, False]
    """
    if property is not None and property.foreign_prefetch == "allow":
        return False
    return (
        decision.prefetchable and decision.get(keys.response.allow_prefetching_uncached_content) is not True
    )


def shows_no_page(status: int, headers: HeaderFields) -> bool:
    """Return whether browsers that get a status for a prefetch would have no page, or a part of one.

    With a 204 or 205 the link does nothing when it is clicked; a 206 is shown as it is. A client that
    requests a part, or validates a stored response, gets that answer.

    Args:
        status: The status of the response.
        headers: The headers of the request.

    Source: ``docs/freshness.md``, rules P8 and P10; measured in Chromium 156 and Firefox ESR 153.

    Example:
        >>> shows_no_page(204, HeaderFields()), shows_no_page(206, HeaderFields({"Range": "bytes=0-9"}))
        (True, False)
    """
    if status == 206:
        return "range" not in headers
    if status == 304:
        return not headers.has_any(_CONDITIONS)
    return status in (204, 205)
