"""The body of a client's request as it arrives, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]


class BodyError(Exception):
    """A request body that cannot be read to its end.

    Args:
        status: The status code of the response, unless one has already been started.
        reason: Why, in one line.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class BodyTooLarge(BodyError):
    """A body is larger than the limit."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"the request body is larger than {most} bytes")


class BodyTooSlow(BodyError):
    """The next piece of a body did not arrive in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(408, f"timed out waiting for the request body: nothing came for {seconds:g} seconds")


class ClientDisconnected(BodyError):
    """The client disconnected before the end of its body."""

    def __init__(self) -> None:
        super().__init__(400, "the request body is incomplete")


class RequestBody:
    """The pieces of one body.

    Code that iterates may replace an error of the body with its own exception; `error` keeps the original.

    Args:
        receive: Returns the next ASGI message.
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
            BodyTooLarge: The body exceeds the limit.
            BodyTooSlow: It did not arrive in time.
            ClientDisconnected: It will not arrive.
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
            self.error = ClientDisconnected()
            raise self.error
        piece: bytes = message.get("body", b"")
        self._more = message.get("more_body", False)
        self._left -= len(piece)
        if self._left < 0:
            self.error = BodyTooLarge(self._most)
            raise self.error
        return piece
