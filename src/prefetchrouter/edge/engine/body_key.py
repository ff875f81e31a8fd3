"""Request bodies as part of a cache key (requirement E8)."""

from __future__ import annotations

from hashlib import sha256

from prefetchrouter.edge.requests import Body
from prefetchrouter.http.message import HeaderFields

_NOT_ABOUT_MEANING = frozenset({"content-length"})
_ALSO_ABOUT_MEANING = frozenset({"soapaction"})


def describes_body(name: str) -> bool:
    """Return whether a request header says what the body means, or how to decode it.

    Args:
        name: The name of the header, in lower case.

    Source: RFC 9110, section 8: representation metadata; SOAP 1.1, section 6.1.1.

    Example:
        >>> [describes_body(name) for name in ("content-type", "content-length", "accept")]
        [True, False, False]
    """
    return (name.startswith("content-") and name not in _NOT_ABOUT_MEANING) or name in _ALSO_ABOUT_MEANING


def body_key(headers: HeaderFields, body: bytes) -> tuple[str, ...]:
    """Return the parts of a cache key for a body and the headers that describe it.

    Args:
        headers: The headers of the request.
        body: Its body.

    Example:
        >>> [part[:32] for part in body_key(HeaderFields({"content-type": "application/json"}), b"{}")]
        ['header content-type=application/', 'body 44136fa355b3678a1146ad16f7e']
    """
    names = sorted(name for name in headers if describes_body(name))
    parts = [f"header {name}={', '.join(headers.all(name))}" for name in names]
    return (*parts, f"body {sha256(body).hexdigest()}")


async def read_small_body(body: Body | bytes | None, limit: int) -> tuple[bytes | Body, bool]:
    """Return a small body complete, and whether it is; a larger one still unread from its beginning.

    Args:
        body: The body; None counts as empty.
        limit: The largest size that is small, in bytes.
    """
    if body is None or isinstance(body, bytes):
        return body or b"", True
    pieces, size = [], 0
    async for piece in body:
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            return _chained(pieces, body), False
    return b"".join(pieces), True


async def _chained(pieces: list[bytes], rest: Body) -> Body:
    for piece in pieces:
        yield piece
    async for piece in rest:
        yield piece
