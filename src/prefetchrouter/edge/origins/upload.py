"""The body of a request on its way to an origin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from prefetchrouter.edge.requests import Body

_PIECE = 64 * 1024


class Upload:
    """Passes a body on as it goes over the wire, and watches its length.

    Args:
        body: The body, whole or as it comes.
        length: How many bytes it is to have; None when that is not known, so that it goes in chunks.
        on_piece: Is called before each piece is asked for, and at the end.
    """

    def __init__(self, body: Body | bytes, length: int | None, on_piece: Callable[[], None]) -> None:
        self._body = body
        self._length = length
        self._on_piece = on_piece

    async def on_the_wire(self) -> AsyncIterator[bytes]:
        """Yield the body, framed.

        Raises:
            ValueError: It has another length than was told, so that the origin must not take it for whole.
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
