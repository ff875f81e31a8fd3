"""A URL as people name it for a purge: whole, or only its path and query."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from prefetchrouter.errors import shown
from prefetchrouter.http.request_target import (
    RequestTarget,
    TargetRefusal,
    as_browsers_write,
    canonical_target,
)


class NamedUrl(NamedTuple):
    """What a text names.

    Args:
        authority: The host, with a port if the text has one; empty for a path alone.
        target: Path and query in canonical form.
    """

    authority: str
    target: RequestTarget


def named_url(text: str) -> NamedUrl:
    """Return the host and the target that a text names.

    Args:
        text: A URL such as ``https://www.shop.example/products/2``, or only its path and query.

    Raises:
        ValueError: No request can have that URL.

    Example:
        >>> named_url("https://www.shop.example/caf%c3%a9?a=1#top")
        NamedUrl(authority='www.shop.example', target=RequestTarget(path='/caf%C3%A9', query='a=1'))
    """
    try:
        parts = urlsplit(as_browsers_write(text))
    except ValueError as error:
        raise ValueError(f"{shown(text)} is not a URL: {error}") from None
    is_url = parts.scheme in ("http", "https") if parts.scheme else parts.path.startswith("/")
    if not is_url or (parts.scheme and not parts.netloc):
        raise ValueError(f'{shown(text)} is not a URL; expected one such as "/products/2"')
    target = canonical_target(parts.path or "/", parts.query)
    if isinstance(target, TargetRefusal):
        raise ValueError(f"{shown(text)}: {target.message}")
    return NamedUrl(parts.netloc, target)
