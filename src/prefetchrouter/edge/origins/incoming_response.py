"""One answer as it comes from an origin: its head, then its body piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httptools

from prefetchrouter.edge.origins.http1 import check_framing, end_to_end, is_kept_alive, read_fields
from prefetchrouter.edge.requests import NO_FIELDS

MOST_FIELDS = 128
"""How many header fields an answer may have."""

BUFFERED_BYTES = 128 * 1024
"""With this much of a body that nobody has read yet, the origin has to wait."""

_WITHOUT_BODY = frozenset({204, 304})


class Broken(Exception):
    """A connection ended before there was an answer."""


class Garbage(Exception):
    """What came is not HTTP, or contradicts itself."""


class TooLarge(Exception):
    """A head is larger than the limits allow."""


class IncomingResponse:
    """Parses one answer, and keeps what came of its body until it is read.

    The parser of httptools calls the methods that begin with ``on_``.

    Args:
        method: The method of the request.
        most: How many bytes the head may have.
        pause: Lets the origin wait, or no longer.
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
        """Whether the head of the final answer is there."""
        self.is_over = False
        """Whether all of the answer is there."""
        self.is_kept_alive = False
        """Whether the connection can carry another request afterwards."""
        self.has_surplus = False
        """Whether more came than the answer."""
        self.error: Exception | None = None
        """Why the rest of the body does not come."""
        self.head: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the head is there; fails when there is no answer."""
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
        """Take what came on the connection.

        Raises:
            Garbage: It is no answer, or not the rest of one.
            TooLarge: The head is too large.
        """
        before, had_head = self._size, self.has_head
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise Garbage("it switches protocols without having been asked to") from None
        except httptools.HttpParserError as error:
            if self.is_over:
                self.has_surplus = True
                return
            cause = error.__context__
            raise cause if isinstance(cause, Garbage | TooLarge) else Garbage(_told(error)) from None
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
        """The connection ended, which may be the end of the body.

        Args:
            error: Why, when it was no orderly end.
        """
        if self.is_over:
            return
        if self.has_head and self._ends_at_close and error is None:
            self.is_over = True
        self.fail(Broken())

    def fail(self, error: Exception) -> None:
        """Give up what has not come yet, unless it is over."""
        if not self.is_over and self.error is None:
            self.error = error
        if not self.head.done():
            self.head.set_exception(error)
            self.head.exception()  # it was told, whether or not somebody waits
        self.wake()

    def wake(self) -> None:
        """Let whoever waits for the next piece look again."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What the reader of the body calls

    def take(self) -> bytes:
        """Return what of the body is there, nothing when it has to be waited for or is over."""
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
        """Return when something came, or the body is over.

        Raises:
            TimeoutError: Nothing came for so many seconds.
        """
        loop = asyncio.get_running_loop()
        self._waiter = waiter = loop.create_future()
        timer = loop.call_later(seconds, _too_long, waiter)
        try:
            await waiter
        finally:
            timer.cancel()
            self._waiter = None

    # What the parser calls

    def on_message_begin(self) -> None:
        """An answer begins: the first, one after interim answers, or one too many."""
        if self.is_over:
            self.has_surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field came."""
        if self.has_head:  # a trailer, which nobody has asked for
            return
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._most:
            raise TooLarge
        if len(self._fields) >= MOST_FIELDS:
            raise TooLarge("too many headers")
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """A head is there: that of the answer, or of an interim one."""
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
                "it switches protocols without having been asked to"
                if status == 101
                else f"{status} is no status of an answer"
            )
        self.status, self.has_head = status, True
        self.is_kept_alive = is_kept_alive(fields, is_http_1_1=version == "1.1")
        self.headers = end_to_end(fields, own_bytes)
        if self.is_head or status in _WITHOUT_BODY:
            self.is_over = True
            if _announces_body(self._fields) or (self.is_head and not framed):
                # Some origins send that body nevertheless, and later: it must not answer the next request.
                self.is_kept_alive = False
        elif not framed:
            self._ends_at_close = True
            self.is_kept_alive = False

    def on_body(self, piece: bytes) -> None:
        """A piece of the body came."""
        if self.is_over:
            self.has_surplus = True
        elif piece:
            self._pieces.append(piece)
            self._size += len(piece)

    def on_message_complete(self) -> None:
        """An answer is there whole."""
        if self.has_head:
            self.is_over = True


def _announces_body(fields: list[tuple[bytes, bytes]]) -> bool:
    """Return whether the framing announces a body, which is of no use where there is none."""
    return any(
        name.lower() == b"transfer-encoding" or (name.lower() == b"content-length" and value.strip(b"0"))
        for name, value in fields
    )


def _too_long(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _told(error: httptools.HttpParserError) -> str:
    """Return what the parser found, without what it quotes over several lines."""
    return str(error).strip().partition("\n")[0].strip(" :") or "it cannot be read"
