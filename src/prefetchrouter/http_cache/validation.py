"""Validation: conditional requests about a stored response, and what a 304 changes of it."""

from __future__ import annotations

import re
from typing import Final

from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.http_cache.validators import entity_tag, opaque

NOT_UPDATED: Final = frozenset({"content-encoding", "content-length", "content-md5", "content-range", "etag"})
"""What a 304 does not change in a stored response: it belongs to the body."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def conditional_headers(headers: HeaderFields) -> HeaderFields:
    """Return the headers that validate a stored response with the origin; none without a validator.

    Args:
        headers: The headers of the stored response.

    Source: RFC 9111 section 4.3.1.

    Example:
        >>> conditional_headers(HeaderFields({"ETag": '"a"', "Last-Modified": "yesterday"})).fields()
        (('if-none-match', '"a"'),)
    """
    conditions: dict[str, tuple[str, ...]] = {}
    tag = entity_tag(headers)
    if tag is not None and not _CONTROL.search(tag):
        conditions["if-none-match"] = (tag,)
    modified = headers.get("last-modified", "").strip(" \t")
    if strict_date(modified) is not None:
        conditions["if-modified-since"] = (modified,)
    return HeaderFields.of(conditions)


def is_about(stored_headers: HeaderFields, headers_304: HeaderFields) -> bool:
    """Return whether a 304 is about a stored response: none of its validators contradicts those stored.

    Where both have an ETag, it alone decides, weakly compared; else Last-Modified, where both have one.

    Args:
        stored_headers: The headers of the stored response.
        headers_304: The headers of the 304.

    Source: RFC 9111 section 4.3.4.

    Example:
        >>> stored = HeaderFields({"ETag": '"a"'})
        >>> is_about(stored, HeaderFields({"ETag": 'W/"a"'})), is_about(stored, HeaderFields({"ETag": '"b"'}))
        (True, False)
        >>> is_about(stored, HeaderFields())
        True
    """
    ours, theirs = entity_tag(stored_headers), entity_tag(headers_304)
    if ours is not None and theirs is not None:
        return opaque(ours) == opaque(theirs)
    if "last-modified" in stored_headers and "last-modified" in headers_304:
        before, now = stored_headers["last-modified"], headers_304["last-modified"]
        return before == now or (strict_date(before) is not None and strict_date(before) == strict_date(now))
    return True


def freshened(stored_headers: HeaderFields, headers_304: HeaderFields) -> HeaderFields:
    """Return the headers of a stored response after a 304: those of the 304 replace its own.

    What belongs to the stored body stays, and nothing of the connection comes along. Age and Date are those
    of the 304 only: they say when the origin confirmed it. Whether it may still be stored, and which requests
    select it, has to be decided anew.

    Args:
        stored_headers: The headers of the stored response.
        headers_304: The headers of a 304 that is about it.

    Source: RFC 9111 sections 3.2 and 4.3.4.

    Example:
        >>> stored = HeaderFields({"ETag": '"a"', "Cache-Control": "max-age=5", "Age": "5"})
        >>> freshened(stored, HeaderFields({"Cache-Control": "max-age=9", "Content-Length": "0"})).fields()
        (('etag', '"a"'), ('cache-control', 'max-age=9'))
    """
    own = changed(stored_headers, without=("age", "date"))
    fields = {name: own.all(name) for name in own}
    update = end_to_end_headers(headers_304)
    for name in update:
        if name not in NOT_UPDATED or (name == "etag" and name not in fields):
            fields[name] = update.all(name)
    return HeaderFields.of(fields)
