"""The body of a request that is sent to an origin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from prefetchrouter.edge.requests import Body

_PIECE = 64 * 1024


class Upload:
    """Frames a request body for HTTP/1.1, and checks its length.

    Args:
        body: The body, complete or streamed.
        length: Its length in bytes; None if unknown, so that it is sent chunked.
        on_piece: Called before each piece is read, and at the end.
    """

    def __init__(self, body: Body | bytes, length: int | None, on_piece: Callable[[], None]) -> None:
        self._body = body
        self._length = length
        self._on_piece = on_piece

    async def on_the_wire(self) -> AsyncIterator[bytes]:
        """Yield the body, framed.

        Raises:
            ValueError: Its length differs from Content-Length: the origin must see an incomplete request.
        """
        if isinstance(self._body, bytes):
            for start in range(0, len(self._body), _PIECE):
                yield self._body[start : start + _PIECE]
            return
        sent = 0
        self._on_piece()
        async for piece in self._body:
            sent += len(piece)
            if self._length is not None and sent > self._length:
                raise ValueError(f"the body is longer than {self._length} bytes")
            if self._length is not None:
                yield piece
            elif piece:
                yield b"%x\r\n%b\r\n" % (len(piece), piece)
            self._on_piece()
        if self._length is None:
            yield b"0\r\n\r\n"
        elif sent != self._length:
            raise ValueError(f"the body has {sent} bytes, not {self._length}")
