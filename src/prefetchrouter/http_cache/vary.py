"""The request headers that select among the stored responses of one cache key."""

from __future__ import annotations

import re

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import members

_NAME = re.compile(r"[a-z0-9!#$%&'+.^_`|~-]+")


def vary_names(headers: HeaderFields) -> tuple[str, ...] | None:
    """Return the request headers that a response's Vary names: in lower case, sorted, each once.

    None if only the origin can select the response for a request: ``*``, or an invalid name.

    Args:
        headers: The headers of the response.

    Source: RFC 9110 section 12.5.5.

    Example:
        >>> vary_names(HeaderFields({"Vary": ["Cookie, Accept", "accept"]}))
        ('accept', 'cookie')
        >>> vary_names(HeaderFields({"Vary": "Accept, *"})) is None
        True
    """
    texts = headers.all("vary")
    if not texts:
        return ()
    names = {member.lower() for text in texts for member in members(text)}
    return tuple(sorted(names)) if all(_NAME.fullmatch(name) for name in names) else None


def selecting(names: tuple[str, ...], request_headers: HeaderFields) -> tuple[tuple[str, str | None], ...]:
    """Return the values of the headers in Vary; equal for requests that may share a stored response.

    Fields of one name count as one list, and blanks around commas count for nothing. Text with quotes is left
    as it is, since a comma in quotes separates nothing.

    Args:
        names: What `vary_names` gave.
        request_headers: The headers of the request.

    Source: RFC 9111 section 4.1.

    Example:
        >>> selecting(("accept", "cookie"), HeaderFields({"Accept": "a/b , c/d"}))
        (('accept', 'a/b,c/d'), ('cookie', None))
    """
    return tuple([(name, _normal(request_headers.all(name))) for name in names])


def is_selected(variant: tuple[tuple[str, str | None], ...], request_headers: HeaderFields) -> bool:
    """Return whether a request says the same as the one for which `selecting` gave this.

    Example:
        >>> is_selected((("accept", "a/b,c/d"),), HeaderFields({"Accept": "a/b, c/d"}))
        True
    """
    return variant == tuple([(name, _normal(request_headers.all(name))) for name, _ in variant])


def _normal(texts: tuple[str, ...]) -> str | None:
    if not texts:
        return None
    if len(texts) == 1 and "," not in texts[0]:
        return texts[0].strip(" \t")
    text = ",".join(texts) if '"' not in "".join(texts) else ", ".join(texts)
    if '"' in text:
        return text.strip(" \t")
    return ",".join([part.strip(" \t") for part in text.split(",")])
