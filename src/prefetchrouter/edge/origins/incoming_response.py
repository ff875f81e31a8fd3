"""`IncomingResponse`: a response as it arrives from an origin: its head, then its body piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httptools

from prefetchrouter.edge.origins.http1 import check_framing, end_to_end, is_kept_alive, read_fields
from prefetchrouter.edge.requests import NO_FIELDS

MOST_FIELDS = 128
"""How many header fields a response may have."""

BUFFERED_BYTES = 128 * 1024
"""With this many bytes of a body unread, reading from the origin pauses."""

_WITHOUT_BODY = frozenset({204, 304})


class Broken(Exception):
    """A connection was closed before there was a response."""


class Garbage(Exception):
    """The received bytes are not HTTP, or contradict themselves."""


class TooLarge(Exception):
    """A head is over the limits."""


class IncomingResponse:
    """Parses one response, and buffers its body until it is read.

    The parser of httptools calls the methods whose names start with ``on_``.

    Args:
        method: The method of the request.
        most: How many bytes the head may have.
        pause: Pauses reading from the origin, or resumes it.
    """

    __slots__ = (
        "_ends_at_close", "_fields", "_head_bytes", "_is_paused", "_most", "_parser", "_pause", "_pieces",
        "_quiet", "_size", "_waiter", "error", "has_head", "has_surplus", "head", "headers", "is_head",
        "is_kept_alive", "is_over", "status",
    )  # fmt: skip

    def __init__(self, method: str, most: int, pause: Callable[[bool], None]) -> None:
        self.is_head = method == "HEAD"
        self.status = 0
        self.headers = NO_FIELDS
        self._fields: list[tuple[bytes, bytes]] = []
        self.has_head = False
        """Whether the head of the final response has arrived."""
        self.is_over = False
        """Whether the response is complete."""
        self.is_kept_alive = False
        """Whether the connection can carry another request afterwards."""
        self.has_surplus = False
        """Whether bytes came after the response."""
        self.error: Exception | None = None
        """Why the rest of the body will not arrive."""
        self.head: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the head has arrived; fails when there is no response."""
        self._most = most
        self._head_bytes = 0
        self._quiet = 0
        self._pause = pause
        self._is_paused = False
        self._ends_at_close = False
        self._pieces: list[bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )

    # What the connection calls

    def feed(self, data: bytes) -> None:
        """Parse received bytes.

        Raises:
            Garbage: They are not a response, or not the rest of one.
            TooLarge: The head is too large.
        """
        before, had_head = self._size, self.has_head
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise Garbage("it switches protocols without a request to") from None
        except httptools.HttpParserError as error:
            if self.is_over:
                self.has_surplus = True
                return
            cause = error.__context__
            raise cause if isinstance(cause, Garbage | TooLarge) else Garbage(_message(error)) from None
        if self.is_over:
            if self._is_paused:
                self._is_paused = False
                self._pause(False)
            return
        is_further = self._size > before or self.has_head is not had_head
        self._quiet = 0 if is_further else self._quiet + len(data)
        if self._quiet > self._most:  # a head, or chunk extensions and trailers, without end
            raise TooLarge if not self.has_head else Garbage("what is between the chunks does not end")
        if self._size > BUFFERED_BYTES and not self._is_paused:
            self._is_paused = True
            self._pause(True)

    def ended(self, error: Exception | None) -> None:
        """The connection was closed, which may be the end of the body.

        Args:
            error: Why, unless it was closed in order.
        """
        if self.is_over:
            return
        if self.has_head and self._ends_at_close and error is None:
            self.is_over = True
        self.fail(Broken())

    def fail(self, error: Exception) -> None:
        """Fail, unless the response is complete."""
        if not self.is_over and self.error is None:
            self.error = error
        if not self.head.done():
            self.head.set_exception(error)
            self.head.exception()  # mark it as retrieved, even if nothing awaits it
        self.wake()

    def wake(self) -> None:
        """Wake the reader of the body."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What the reader of the body calls

    def take(self) -> bytes:
        """Return the buffered part of the body, empty if there is none yet or the body is over."""
        if not self._pieces:
            return b""
        piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        if self._is_paused:
            self._is_paused = False
            self._pause(False)
        return piece

    async def wait(self, seconds: float) -> None:
        """Return when more of the body has arrived, or it is over.

        Raises:
            TimeoutError: Nothing arrived for that many seconds.
        """
        loop = asyncio.get_running_loop()
        self._waiter = waiter = loop.create_future()
        timer = loop.call_later(seconds, _time_out, waiter)
        try:
            await waiter
        finally:
            timer.cancel()
            self._waiter = None

    # What the parser calls

    def on_message_begin(self) -> None:
        """A response starts: the first, one after interim responses, or an unexpected one."""
        if self.is_over:
            self.has_surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field arrived."""
        if self.has_head:  # a trailer, which is ignored
            return
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._most:
            raise TooLarge
        if len(self._fields) >= MOST_FIELDS:
            raise TooLarge("too many headers")
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """A head is complete: that of the response, or of an interim one."""
        if self.has_head:
            return
        status, version = self._parser.get_status_code(), self._parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise Garbage(f"HTTP/{version} is not HTTP/1.1")
        try:
            fields, own_bytes = read_fields(self._fields)
            check_framing(fields, is_http_1_1=version == "1.1")
        except ValueError as error:
            raise Garbage(str(error)) from None
        framed = "content-length" in fields or "transfer-encoding" in fields
        if 100 <= status < 200 and status != 101:
            if framed:
                raise Garbage(f"{status} has a body")
            self._fields = []
            self._head_bytes = 0
            return
        if status < 200:
            raise Garbage(
                "it switches protocols without a request to"
                if status == 101
                else f"{status} is not a valid status"
            )
        self.status, self.has_head = status, True
        self.is_kept_alive = is_kept_alive(fields, is_http_1_1=version == "1.1")
        self.headers = end_to_end(fields, own_bytes)
        if self.is_head or status in _WITHOUT_BODY:
            self.is_over = True
            if _announces_body(self._fields) or (self.is_head and not framed):
                # Some origins send that body nevertheless, and later: it must not become the next response.
                self.is_kept_alive = False
        elif not framed:
            self._ends_at_close = True
            self.is_kept_alive = False

    def on_body(self, piece: bytes) -> None:
        """A piece of the body arrived."""
        if self.is_over:
            self.has_surplus = True
        elif piece:
            self._pieces.append(piece)
            self._size += len(piece)

    def on_message_complete(self) -> None:
        """A response is complete."""
        if self.has_head:
            self.is_over = True


def _announces_body(fields: list[tuple[bytes, bytes]]) -> bool:
    """Return whether the framing announces a body although there is none."""
    return any(
        name.lower() == b"transfer-encoding" or (name.lower() == b"content-length" and value.strip(b"0"))
        for name, value in fields
    )


def _time_out(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _message(error: httptools.HttpParserError) -> str:
    """Return the parser's message without the input that it quotes."""
    return str(error).strip().partition("\n")[0].strip(" :") or "it cannot be read"
