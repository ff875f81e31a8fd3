"""Conditional requests of clients: 304 for what a client has already (RFC 9110 section 13)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.validators import entity_tag, listed_tags, opaque

KEPT_IN_304: Final = (
    "age", "cache-control", "cdn-cache-control", "content-location", "date", "etag", "expires", "vary",
)  # fmt: skip
"""The headers of a stored response that a 304 repeats; also Last-Modified, if there is no ETag."""


def is_not_modified(request_headers: HeaderFields, status: int, headers: HeaderFields) -> bool:
    """Return whether a GET or HEAD is answered with 304, since the client has this response already.

    If-None-Match goes before If-Modified-Since, even when it cannot be read. Without a
    Last-Modified, Date counts.

    Args:
        request_headers: The headers of the request.
        status: The status of the response; only 200 has conditions.
        headers: The headers of the response.

    Source: RFC 9110 sections 13.1.2 and 13.1.3; RFC 9111 section 4.3.2.

    Example:
        >>> stored = HeaderFields({"ETag": '"a"'})
        >>> is_not_modified(HeaderFields({"If-None-Match": '"b", W/"a"'}), 200, stored)
        True
    """
    tags = request_headers.all("if-none-match")
    if tags:
        return status == 200 and _is_listed(tags, entity_tag(headers))
    since = request_headers.all("if-modified-since")
    if not since or status != 200:
        return False
    limit = strict_date(since[0].strip(" \t")) if len(since) == 1 else None
    changed = strict_date(headers.get("last-modified", headers.get("date", "")).strip(" \t"))
    return limit is not None and changed is not None and changed <= limit


def _is_listed(texts: tuple[str, ...], tag: str | None) -> bool:
    text = ", ".join(texts)
    if text.strip(" \t") == "*":
        return True
    return tag is not None and opaque(tag) in {opaque(listed) for listed in listed_tags(text)}


def headers_of_304(headers: HeaderFields, own: Collection[str] = ()) -> HeaderFields:
    """Return the headers of a stored response that a 304 repeats.

    Args:
        headers: Its headers, with Age.
        own: The names of more headers to repeat: those that rules set.

    Source: RFC 9110 section 15.4.5.

    Example:
        >>> headers_of_304(HeaderFields({"ETag": '"a"', "Content-Type": "text/html"})).fields()
        (('etag', '"a"'),)
    """
    names = (*KEPT_IN_304, *own) if "etag" in headers else (*KEPT_IN_304, "last-modified", *own)
    return HeaderFields.of({name: texts for name in names if (texts := headers.all(name))})
