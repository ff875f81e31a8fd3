"""Bodies of requests that may have to be part of a cache key."""

from __future__ import annotations

from prefetchrouter.edge.message import Body


async def beginning(body: Body | bytes | None, most: int) -> tuple[bytes | Body, bool]:
    """Return a body whole when it is small, and whether it is; a larger one as it comes.

    Args:
        body: The body; none counts as empty.
        most: The largest that is small, in bytes.
    """
    if body is None or isinstance(body, bytes):
        return body or b"", True
    pieces, size = [], 0
    async for piece in body:
        pieces.append(piece)
        size += len(piece)
        if size > most:
            return _chained(pieces, body), False
    return b"".join(pieces), True


async def _chained(pieces: list[bytes], rest: Body) -> Body:
    for piece in pieces:
        yield piece
    async for piece in rest:
        yield piece
