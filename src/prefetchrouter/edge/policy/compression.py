"""Compression: listed media types are sent with gzip to clients that accept it (requirement E25)."""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from prefetchrouter.freshness.cache_control import CacheControl
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members
from prefetchrouter.http_cache.validators import entity_tag, opaque

LEAST_BYTES: Final = 128
MOST_BYTES: Final = 3_000_000

MOST_CACHED: Final = 32 * 1024 * 1024
"""The size of the cache of compressed bodies, in bytes; the uncompressed ones count too."""

_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_OF_THE_BODY = ("content-digest", "content-length", "content-md5", "accept-ranges", "etag")


class _GzipCache:
    """Compressed bodies, least recently used first: a stored response is compressed once, not per client."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._known: OrderedDict[bytes, bytes] = OrderedDict()

    def compress(self, body: bytes) -> bytes:
        """Return a body with gzip."""
        known = self._known.get(body)
        if known is not None:
            self._known.move_to_end(body)
            return known
        packed = self._known[body] = gzip.compress(body, 6, mtime=0)
        self._size += len(body) + len(packed)
        while self._size > self._most:
            oldest, its_packed = self._known.popitem(last=False)
            self._size -= len(oldest) + len(its_packed)
        return packed


_CACHE = _GzipCache(MOST_CACHED)


def compressed(
    request_headers: HeaderFields, headers: HeaderFields, body: bytes, types: Collection[str]
) -> tuple[HeaderFields, bytes]:
    """Return headers and body for a client: with gzip if it accepts that, and always the same bytes.

    ``Vary`` names Accept-Encoding even for a client that does not accept gzip, as others get another body.

    Args:
        request_headers: The headers of the request.
        headers: The headers of the response.
        body: Its whole body.
        types: The feature `response.compress_content_types`.

    Source: RFC 9110 sections 7.7, 8.4 and 12.5.3.

    Example:
        >>> headers = HeaderFields({"Content-Type": "text/css; charset=utf-8", "ETag": '"a"'})
        >>> request = HeaderFields({"Accept-Encoding": "gzip"})
        >>> sent, body = compressed(request, headers, b"a" * 500, ["text/css"])
        >>> sent["content-encoding"], sent["vary"], sent["etag"], len(body) < 500
        ('gzip', 'Accept-Encoding', 'W/"a"', True)
    """
    if not LEAST_BYTES <= len(body) <= MOST_BYTES or not is_compressible(headers, types):
        return headers, body
    changes: dict[str, str] = {}
    named = {name.lower() for name in members(headers.get("vary", ""))}
    if "accept-encoding" not in named and "*" not in named:
        changes["vary"] = ", ".join((*headers.all("vary"), "Accept-Encoding"))
    if not accepts_gzip(request_headers):
        return changed(headers, changes) if changes else headers, body
    packed = _CACHE.compress(body)
    if len(packed) >= len(body):
        return changed(headers, changes) if changes else headers, body
    tag = entity_tag(headers)
    if tag is not None:
        changes["etag"] = f"W/{opaque(tag)}"
    changes["content-encoding"] = "gzip"
    changes["content-length"] = str(len(packed))
    return changed(headers, changes, without=_OF_THE_BODY), packed


def is_compressible(headers: HeaderFields, types: Collection[str]) -> bool:
    """Return whether the headers of a response allow to send its body with gzip.

    Args:
        headers: The headers of the response.
        types: The feature `response.compress_content_types`.

    Source: RFC 9110 sections 7.7 and 8.4.

    Example:
        >>> is_compressible(HeaderFields({"Content-Type": "text/css"}), ["text/css"])
        True
        >>> is_compressible(HeaderFields({"Content-Type": "text/plain"}), ["text/css"])
        False
    """
    own = headers.get("content-type", "").partition(";")[0].strip(" \t").lower()
    return (
        own in {name.lower() for name in types}
        and headers.get("content-encoding", "").strip(" \t").lower() in ("", "identity")
        and "content-range" not in headers
        and "no-transform" not in CacheControl.parse(headers.get("cache-control", ""))
    )


def accepts_gzip(request_headers: HeaderFields) -> bool:
    """Return whether a client accepts gzip, and does not prefer the uncompressed body.

    Args:
        request_headers: The headers of the request.

    Source: RFC 9110 section 12.5.3.

    Example:
        >>> texts = ("br, gzip;q=0.5", "gzip;q=0", "*")
        >>> [accepts_gzip(HeaderFields({"Accept-Encoding": text})) for text in texts]
        [True, False, True]
    """
    weights: dict[str, float] = {}
    for member in members(request_headers.get("accept-encoding", "")):
        coding, _, parameters = member.partition(";")
        weights.setdefault(coding.strip(" \t").lower(), _weight(parameters))
    gzip_weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip_weight > 0 and gzip_weight >= weights.get("identity", 0.0)


def _weight(parameters: str) -> float:
    name, equals, value = parameters.strip(" \t").partition("=")
    if not equals and not name:
        return 1.0
    weight = value.strip(" \t")
    return float(weight) if name.strip(" \t").lower() == "q" and _WEIGHT.fullmatch(weight) else 0.0
