"""How a response goes out: as ASGI messages, framed by what is known of its length."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from prefetchrouter.edge.clients.wire import declared_length, wire_headers
from prefetchrouter.edge.message import Body, EdgeResponse, OriginError, close, plain
from prefetchrouter.edge.telling.exchange import Ending

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_log = logging.getLogger("prefetchrouter.edge")
_WITHOUT_BODY = frozenset({204, 304})
_CONNECTION_CLOSE = (b"connection", b"close")
_PIECE = 256 * 1024
"""What is written at once: over TLS all that is written is kept a second time, as it goes out."""
_END: Message = {"type": "http.response.body", "body": b""}


def refusal_of(status: int, reason: str) -> EdgeResponse:
    """Return a response of one line that nobody keeps.

    Example:
        >>> refusal_of(413, "the body is over 100 bytes").body
        b'413 the body is over 100 bytes\\n'
    """
    return plain(status, f"{status} {reason}")


def refusal_lines(status: int, reason: str) -> bytes:
    """Return what follows the status line of a refusal that ends its connection.

    Example:
        >>> refusal_lines(408, "too slow").endswith(b"close\\r\\n\\r\\n408 too slow\\n")
        True
    """
    response = refusal_of(status, reason)
    assert isinstance(response.body, bytes)
    lines = [name + b": " + value for name, value in wire_headers(response.headers)]
    lines += [b"content-length: %d" % len(response.body), b"connection: close", b"", response.body]
    return b"\r\n".join(lines)


class Sending:
    """One response on its way to one client.

    Args:
        send: Takes ASGI messages.
        method: The method of the request.
        last: Whether the connection ends with this response.
    """

    __slots__ = ("_last", "_method", "_send", "ended", "size")

    size: int
    """How many bytes of body were sent so far."""
    ended: Ending
    """How it ended; as long as it goes on, as if the client had gone."""

    def __init__(self, send: Send, method: str, *, last: bool = False) -> None:
        self._send = send
        self._method = method
        self._last = last
        self.size = 0
        self.ended = "client gone"

    async def response(self, response: EdgeResponse) -> None:
        """Send a response and close its body.

        When the body breaks off, or is not as long as its headers say, nothing more is sent: a server that
        misses the end closes the connection.
        """
        headers, body = wire_headers(response.headers), response.body
        if self._last:
            headers.append(_CONNECTION_CLOSE)
        start: Message = {"type": "http.response.start", "status": response.status, "headers": headers}
        try:
            if self._method == "HEAD" or response.status in _WITHOUT_BODY:
                length = declared_length(response.headers)
                if length is None and isinstance(body, bytes):
                    length = len(body) or None
                if length is not None and response.status not in _WITHOUT_BODY:
                    headers.append((b"content-length", b"%d" % length))
                await self._send(start)
                await self._send(_END)
                self.ended = "whole"
            elif isinstance(body, bytes):
                headers.append((b"content-length", b"%d" % len(body)))
                await self._send(start)
                if len(body) > _PIECE:
                    await self._in_pieces(body)
                else:
                    await self._send({"type": "http.response.body", "body": body})
                    self.size = len(body)
                self.ended = "whole"
            else:
                length = declared_length(response.headers)
                if length is not None:
                    headers.append((b"content-length", b"%d" % length))
                await self._send(start)
                await self._pieces(body, length)
        finally:
            if not isinstance(body, bytes):
                await close(body)

    async def _in_pieces(self, body: bytes) -> None:
        """Send a body piece by piece, so that no more of it waits than the connection holds."""
        while len(body) - self.size > _PIECE:
            piece = body[self.size : self.size + _PIECE]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            self.size += _PIECE
        await self._send({"type": "http.response.body", "body": body[self.size :]})
        self.size = len(body)

    async def _pieces(self, body: Body, length: int | None) -> None:
        try:
            async for piece in body:
                if length is not None and self.size + len(piece) > length:
                    self.ended = "origin broke off"
                    return
                if piece:
                    await self._send({"type": "http.response.body", "body": piece, "more_body": True})
                    self.size += len(piece)
        except OriginError:
            self.ended = "origin broke off"
            return
        except Exception:
            _log.exception("a body could not be read to its end")
            self.ended = "origin broke off"
            return
        if length is not None and self.size != length:
            self.ended = "origin broke off"
            return
        await self._send(_END)
        self.ended = "whole"


async def gathered(response: EdgeResponse, most: int) -> EdgeResponse:
    """Return a response with its body whole, for clients that know neither chunks nor its length beforehand.

    Args:
        response: The response.
        most: The largest body that is gathered, in bytes; above it the response becomes an error.
    """
    if isinstance(response.body, bytes) or declared_length(response.headers) is not None:
        return response
    pieces: list[bytes] = []
    try:
        async for piece in response.body:
            pieces.append(piece)
            most -= len(piece)
            if most < 0:
                return refusal_of(502, "the body is too large for HTTP/1.0")
    except OriginError as error:
        return refusal_of(502, error.message)
    finally:
        await close(response.body)
    return response._replace(body=b"".join(pieces))
