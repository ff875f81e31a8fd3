"""`StreamBuffer`: a body that is still arriving from an origin, read by several clients at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable

from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.requests import Body


class MemoryBudget:
    """How much memory all buffers may use together.

    Args:
        limit: In bytes; above it, only small bodies are stored.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0

    @property
    def is_exceeded(self) -> bool:
        """Whether the buffers use more than the limit."""
        return self.used > self.limit


class StreamBuffer:
    """The pieces of a body, from the first on, for all readers that start in time.

    A body over the limit is not stored: pieces that all readers have read are dropped, and the origin has to
    wait for the slowest reader. The same happens to a body over `ahead` while the budget is exceeded.

    Args:
        limit: The largest body that is stored, in bytes.
        ahead: How far such a larger body may be ahead of its slowest reader, in bytes.
        budget: The memory of all buffers; None for no limit.
    """

    def __init__(self, limit: int, ahead: int, budget: MemoryBudget | None = None) -> None:
        self._limit = limit
        self._ahead = ahead
        self._budget = budget or MemoryBudget(sys.maxsize)
        self._buffered = 0
        self._charged = 0
        self._is_over = False
        self._pieces: list[bytes] = []
        self._dropped = 0
        self._size = 0
        self._readers: set[BufferReader] = set()
        self._changed: asyncio.Event | None = None
        self._error: BaseException | None = None
        self.is_complete = False
        """Whether the end of the body has arrived."""
        self.is_too_large = False
        """Whether the body is over the limit."""

    async def fill(self, body: Body, on_too_large: Callable[[], None]) -> bytes | None:
        """Read a body to its end; return it, or None if it was too large to be stored.

        Args:
            body: The body.
            on_too_large: Called as soon as it is known to be too large.

        Raises:
            OriginError: The body broke off; the readers get the same error.
        """
        try:
            async for piece in body:
                if not piece:
                    continue
                self._pieces.append(piece)
                self._size += len(piece)
                self._buffered += len(piece)
                self._charge()
                if not self.is_too_large and self._size > self._largest:
                    self.is_too_large = True
                    on_too_large()
                self._notify()
                if self.is_too_large and not await self._wait_for_readers():
                    return None
            self.is_complete = True
            return None if self.is_too_large else b"".join(self._pieces)
        except BaseException as error:
            broke_off = isinstance(error, OriginError)
            self._error = error if broke_off else OriginError("cut", "the response was given up")
            raise
        finally:
            self._is_over = True
            self._charge()
            self._notify()

    def reader(self) -> BufferReader:
        """Return the body from its beginning; only while it is not too large."""
        reader = BufferReader(self)
        self._readers.add(reader)
        self._charge()
        return reader

    @property
    def _largest(self) -> int:
        return min(self._limit, self._ahead) if self._budget.is_exceeded else self._limit

    def _charge(self) -> None:
        """Charge to the budget what is buffered for the filler or a reader."""
        charged = 0 if self._is_over and not self._readers else self._buffered
        self._budget.used += charged - self._charged
        self._charged = charged

    def _leave(self, reader: BufferReader) -> None:
        self._readers.discard(reader)
        self._charge()
        self._notify()

    async def _wait_for_readers(self) -> bool:
        """Wait until the slowest reader is near enough; return False if no reader is left."""
        while self._readers:
            slowest = min(reader.position for reader in self._readers)
            self._buffered -= sum(map(len, self._pieces[: slowest - self._dropped]))
            del self._pieces[: slowest - self._dropped]
            self._dropped = slowest
            self._charge()
            if self._buffered <= self._ahead:
                return True
            await self._wait()
        return False

    def _notify(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def _wait(self) -> None:
        if self._changed is None:
            self._changed = asyncio.Event()
        await self._changed.wait()


class BufferReader(AsyncIterator[bytes]):
    """The position of one client in a `StreamBuffer`."""

    def __init__(self, buffer: StreamBuffer) -> None:
        self._buffer = buffer
        self.position = 0
        """The index of the next piece."""

    async def __anext__(self) -> bytes:
        buffer = self._buffer
        while True:
            index = self.position - buffer._dropped
            if index < len(buffer._pieces):
                piece = buffer._pieces[index]
                self.position += 1
                if buffer.is_too_large:
                    buffer._notify()
                return piece
            if buffer._error is not None:
                raise buffer._error
            if buffer.is_complete:
                raise StopAsyncIteration
            await buffer._wait()

    async def aclose(self) -> None:
        """Stop reading."""
        self._buffer._leave(self)
