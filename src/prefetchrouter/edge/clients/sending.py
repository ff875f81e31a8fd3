"""Sends a response as ASGI messages, with Content-Length where the length is known."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from prefetchrouter.edge.clients.response_headers import declared_length, wire_headers
from prefetchrouter.edge.logging.exchange import Ending
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.requests import Body, EdgeResponse, close, plain

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_log = logging.getLogger("prefetchrouter.edge")
_WITHOUT_BODY = frozenset({204, 304})
_CONNECTION_CLOSE = (b"connection", b"close")
_PIECE = 256 * 1024
"""The largest single write: with TLS, everything written is held a second time, encrypted."""
_END: Message = {"type": "http.response.body", "body": b""}


def error_response(status: int, reason: str) -> EdgeResponse:
    """Return a response of one line that no cache stores.

    Example:
        >>> error_response(413, "the request body is larger than 100 bytes").body
        b'413 the request body is larger than 100 bytes\\n'
    """
    return plain(status, f"{status} {reason}")


def error_lines(status: int, reason: str) -> bytes:
    """Return what follows the status line of an error response that closes its connection.

    Example:
        >>> error_lines(408, "too slow").endswith(b"close\\r\\n\\r\\n408 too slow\\n")
        True
    """
    response = error_response(status, reason)
    assert isinstance(response.body, bytes)
    lines = [name + b": " + value for name, value in wire_headers(response.headers)]
    lines += [b"content-length: %d" % len(response.body), b"connection: close", b"", response.body]
    return b"\r\n".join(lines)


class ResponseSender:
    """Sends one response to one client.

    Args:
        send: Sends an ASGI message.
        method: The method of the request.
        last: Whether the connection is closed after this response.
    """

    __slots__ = ("_last", "_method", "_send", "ended", "size")

    size: int
    """How many bytes of the body have been sent so far."""
    ended: Ending
    """How it ended; until then, as if the client had disconnected."""

    def __init__(self, send: Send, method: str, *, last: bool = False) -> None:
        self._send = send
        self._method = method
        self._last = last
        self.size = 0
        self.ended = "client gone"

    async def send(self, response: EdgeResponse) -> None:
        """Send a response and close its body.

        A body that breaks off, or differs in length from its Content-Length, is left unfinished: the server
        then closes the connection, so that the client does not take it for complete.
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
        """Send a body piece by piece, so that no more of it is buffered than the connection holds."""
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
            _log.exception("the body of a response could not be read to its end")
            self.ended = "origin broke off"
            return
        if length is not None and self.size != length:
            self.ended = "origin broke off"
            return
        await self._send(_END)
        self.ended = "whole"


async def buffered(response: EdgeResponse, most: int) -> EdgeResponse:
    """Return a response with its body read to the end, for clients without chunked encoding.

    Args:
        response: The response.
        most: The largest body that is buffered, in bytes; above it the result is an error response.
    """
    if isinstance(response.body, bytes) or declared_length(response.headers) is not None:
        return response
    pieces: list[bytes] = []
    try:
        async for piece in response.body:
            pieces.append(piece)
            most -= len(piece)
            if most < 0:
                return error_response(502, "the response body is too large for HTTP/1.0")
    except OriginError as error:
        return error_response(502, error.message)
    finally:
        await close(response.body)
    return response._replace(body=b"".join(pieces))
