"""`Filling`: a body on its way from an origin, read by several clients while it comes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable

from prefetchrouter.edge.message import Body, OriginError


class Room:
    """How much the bodies that are under way may take together, in bytes.

    Args:
        most: With this much, bodies that are not small any more are not kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no more."""
        return self.taken > self.most


class Filling:
    """The pieces of a body, from the first on, for as many readers as come in time.

    A body that turns out larger than the limit is not kept: what all readers have had is forgotten, and the
    origin waits for the slowest reader. The same becomes of one that is larger than `ahead` when there is no
    more room for all that are under way.

    Args:
        limit: The largest body that is kept, in bytes.
        ahead: How far such a larger body may run ahead of its slowest reader, in bytes.
        room: What it shares with others; None for no bound.
    """

    def __init__(self, limit: int, ahead: int, room: Room | None = None) -> None:
        self._limit = limit
        self._ahead = ahead
        self._room = room or Room(sys.maxsize)
        self._here = 0
        self._taken = 0
        self._is_over = False
        self._pieces: list[bytes] = []
        self._forgotten = 0
        self._size = 0
        self._readers: set[Reader] = set()
        self._changed: asyncio.Event | None = None
        self._error: BaseException | None = None
        self.is_whole = False
        """Whether all of it came."""
        self.is_too_large = False
        """Whether it is larger than the limit."""

    async def fill(self, body: Body, on_too_large: Callable[[], None]) -> bytes | None:
        """Read a body to its end; return it, or None when it was too large to keep.

        Args:
            body: The body.
            on_too_large: Called as soon as it is known to be too large.

        Raises:
            OriginError: The body broke off; the readers get the same.
        """
        try:
            async for piece in body:
                if not piece:
                    continue
                self._pieces.append(piece)
                self._size += len(piece)
                self._here += len(piece)
                self._account()
                if not self.is_too_large and self._size > self._most:
                    self.is_too_large = True
                    on_too_large()
                self._tell()
                if self.is_too_large and not await self._let_readers_follow():
                    return None
            self.is_whole = True
            return None if self.is_too_large else b"".join(self._pieces)
        except BaseException as error:
            broke_off = isinstance(error, OriginError)
            self._error = error if broke_off else OriginError("cut", "the answer was given up")
            raise
        finally:
            self._is_over = True
            self._account()
            self._tell()

    def reader(self) -> Reader:
        """Return the body from its beginning; only while it is not too large."""
        reader = Reader(self)
        self._readers.add(reader)
        self._account()
        return reader

    @property
    def _most(self) -> int:
        return min(self._limit, self._ahead) if self._room.is_full else self._limit

    def _account(self) -> None:
        """Take as much of the room as there is here for somebody."""
        taken = 0 if self._is_over and not self._readers else self._here
        self._room.taken += taken - self._taken
        self._taken = taken

    def _left(self, reader: Reader) -> None:
        self._readers.discard(reader)
        self._account()
        self._tell()

    async def _let_readers_follow(self) -> bool:
        """Wait until the readers are near enough; return whether there are any."""
        while self._readers:
            slowest = min(reader.position for reader in self._readers)
            self._here -= sum(map(len, self._pieces[: slowest - self._forgotten]))
            del self._pieces[: slowest - self._forgotten]
            self._forgotten = slowest
            self._account()
            if self._here <= self._ahead:
                return True
            await self._change()
        return False

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def _change(self) -> None:
        if self._changed is None:
            self._changed = asyncio.Event()
        await self._changed.wait()


class Reader(AsyncIterator[bytes]):
    """One client's way through a `Filling`."""

    def __init__(self, filling: Filling) -> None:
        self._filling = filling
        self.position = 0
        """The number of the piece that comes next."""

    async def __anext__(self) -> bytes:
        filling = self._filling
        while True:
            number = self.position - filling._forgotten
            if number < len(filling._pieces):
                piece = filling._pieces[number]
                self.position += 1
                if filling.is_too_large:
                    filling._tell()
                return piece
            if filling._error is not None:
                raise filling._error
            if filling.is_whole:
                raise StopAsyncIteration
            await filling._change()

    async def aclose(self) -> None:
        """Read no further."""
        self._filling._left(self)
