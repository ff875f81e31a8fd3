"""The body of a client's request, as it comes and no larger and slower than allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]


class BodyError(Exception):
    """A client's body did not come whole.

    Args:
        status: The status code that the client gets if it has got nothing yet.
        reason: Why, in one line.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class BodyTooLarge(BodyError):
    """A body is larger than the edge takes."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"the body is over {most} bytes")


class BodyTooSlow(BodyError):
    """The next piece of a body did not come in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(408, f"nothing more of the body came in {seconds:g} seconds")


class ClientGone(BodyError):
    """The client left, or broke off its body."""

    def __init__(self) -> None:
        super().__init__(400, "the body broke off")


class RequestBody:
    """The pieces of one body.

    Whoever iterates may turn an error of the body into one of its own; `error` still tells what it was.

    Args:
        receive: Gives the next ASGI message.
        most: The largest body, in bytes.
        seconds: The longest time between two pieces.

    Example:
        >>> messages = [{"type": "http.request", "body": b"a", "more_body": True},
        ...             {"type": "http.request", "body": b"b"}]
        >>> async def receive():
        ...     return messages.pop(0)
        >>> async def read():
        ...     return [piece async for piece in RequestBody(receive, most=10, seconds=1.0)]
        >>> asyncio.run(read())
        [b'a', b'b']
    """

    __slots__ = ("_left", "_more", "_most", "_receive", "_seconds", "error")

    def __init__(self, receive: Receive, *, most: int, seconds: float) -> None:
        self._receive = receive
        self._most = most
        self._left = most
        self._seconds = seconds
        self._more = True
        self.error: BodyError | None = None

    def __aiter__(self) -> RequestBody:
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece, never an empty one.

        Raises:
            BodyTooLarge: There is more than is taken.
            BodyTooSlow: It did not come in time.
            ClientGone: It will not come.
        """
        if self.error is not None:
            raise self.error
        while self._more:
            piece = await self._next_piece()
            if piece:
                return piece
        raise StopAsyncIteration

    async def _next_piece(self) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError:
            self.error = BodyTooSlow(self._seconds)
            raise self.error from None
        if message["type"] != "http.request":
            self.error = ClientGone()
            raise self.error
        piece: bytes = message.get("body", b"")
        self._more = message.get("more_body", False)
        self._left -= len(piece)
        if self._left < 0:
            self.error = BodyTooLarge(self._most)
            raise self.error
        return piece
