"""`ConnectionPool`: the connections to one host, kept alive for further requests, within a limit."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import deque

from aiohappyeyeballs import start_connection

from prefetchrouter.edge.descriptors import max_origin_connections
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origins.connection import OriginConnection
from prefetchrouter.edge.origins.resolver import Resolver

KEPT_SECONDS = 15.0
"""How long an idle connection is kept alive."""

_NEXT_ADDRESS_SECONDS = 0.25
"""How long an address is tried before the next one is tried in parallel (RFC 8305)."""

_CLOSE_SECONDS = 1.0


class ConnectionPool:
    """The connections to one host at a port.

    Args:
        resolver: Finds its addresses.
        limits: The number of connections, the time to connect, and the size of a head.
        context: For HTTPS; None for plain HTTP.
        server_hostname: The name for which the certificate is checked; None for plain HTTP.
    """

    def __init__(
        self,
        resolver: Resolver,
        limits: Limits,
        context: ssl.SSLContext | None = None,
        server_hostname: str | None = None,
    ) -> None:
        self._resolver = resolver
        self._limits = limits
        self._context = context
        self._server_hostname = server_hostname
        self._all: set[OriginConnection] = set()
        self._free: list[OriginConnection] = []
        self._slots = min(limits.origin_connections, max_origin_connections())
        self._waiting: deque[asyncio.Future[OriginConnection | None]] = deque()
        self._is_closed = False
        self._timer: asyncio.TimerHandle | None = None

    def free(self) -> OriginConnection | None:
        """Return an idle connection, None without one."""
        while self._free:
            connection = self._free.pop()
            if connection.is_usable:
                return connection
        return None

    async def take(self, *, is_new: bool = False) -> OriginConnection:
        """Return a connection without a request: an idle one, else a new one.

        Args:
            is_new: Whether an idle one will not do, since another idle one turned out to be closed.

        Raises:
            OSError: No connection can be established.
            TimeoutError: Connecting takes too long.
        """
        while True:
            connection = None if is_new else self.free()
            if connection is not None:
                return connection
            if self._slots > 0:
                self._slots -= 1
                return await self._made()
            if self._free:
                self._free.pop().abort()
            handed = await self._next()
            if handed is None:
                return await self._made()
            if handed.is_usable:
                return handed

    async def _next(self) -> OriginConnection | None:
        """Return the next connection that becomes free, or None if a new one may be opened."""
        waiter: asyncio.Future[OriginConnection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                with contextlib.suppress(ValueError):
                    self._waiting.remove(waiter)
            elif (handed := waiter.result()) is None:
                self._slot_is_free()
            elif handed.is_usable:
                self._given_back(handed)
            raise

    async def close(self) -> None:
        """Close all of them."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ending = tuple(self._all)
        for connection in ending:
            connection.abort()
        if ending:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await asyncio.gather(*(connection.lost.wait() for connection in ending))

    async def _made(self) -> OriginConnection:
        """Return a new connection; its slot was taken before."""
        loop = asyncio.get_running_loop()
        try:
            if self._is_closed:
                raise OSError(None, "the edge is stopping")
            addresses = await self._resolver.addresses()
            async with asyncio.timeout(self._limits.connect_seconds):
                sock = await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
                try:
                    _, connection = await loop.create_connection(
                        lambda: OriginConnection(self._limits.header_bytes, self._given_back, self._lost),
                        sock=sock,
                        ssl=self._context,
                        server_hostname=self._server_hostname,
                    )
                except BaseException:
                    sock.close()
                    raise
        except BaseException:
            self._slot_is_free()
            raise
        if connection.lost.is_set():
            self._slot_is_free()
        else:
            self._all.add(connection)
        return connection

    def _given_back(self, connection: OriginConnection) -> None:
        waiter = self._first_waiter()
        if waiter is not None:
            waiter.set_result(connection)
            return
        loop = asyncio.get_running_loop()
        connection.free_since = loop.time()
        self._free.append(connection)
        if self._timer is None:
            self._timer = loop.call_later(KEPT_SECONDS, self._end_old)

    def _lost(self, connection: OriginConnection) -> None:
        if connection not in self._all:
            return  # it failed while it was being established: `_made` raises
        self._all.discard(connection)
        with contextlib.suppress(ValueError):
            self._free.remove(connection)
        self._slot_is_free()

    def _slot_is_free(self) -> None:
        waiter = self._first_waiter()
        if waiter is None:
            self._slots += 1
        else:
            waiter.set_result(None)

    def _first_waiter(self) -> asyncio.Future[OriginConnection | None] | None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None

    def _end_old(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        before = loop.time() - KEPT_SECONDS
        old = [connection for connection in self._free if connection.free_since <= before]
        self._free = [connection for connection in self._free if connection.free_since > before]
        for connection in old:
            connection.abort()
        if self._free:
            self._timer = loop.call_at(self._free[0].free_since + KEPT_SECONDS, self._end_old)
