"""The body of a request on its way to an origin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from prefetchrouter.edge.message import Body


class Upload:
    """Passes a body on, watches its length, and remembers why it broke off.

    Args:
        body: The body as it comes.
        length: How many bytes it is to have; None when that is not known.
        on_piece: Is called before each piece is asked for, and at the end.
    """

    def __init__(self, body: Body, length: int | None, on_piece: Callable[[], None]) -> None:
        self._body = body
        self._length = length
        self._on_piece = on_piece
        self.failure: Exception | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body.

        Raises:
            ValueError: It has another length than was told, so that the origin must not take it for whole.
        """
        sent = 0
        try:
            self._on_piece()
            async for piece in self._body:
                sent += len(piece)
                if self._length is not None and sent > self._length:
                    raise ValueError(f"the body is longer than {self._length} bytes")
                yield piece
                self._on_piece()
            if self._length is not None and sent != self._length:
                raise ValueError(f"the body has {sent} bytes, not {self._length}")
        except Exception as error:
            self.failure = error
            raise
