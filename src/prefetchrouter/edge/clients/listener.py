"""Takes connections from listening sockets: as many as there is room for, and the others wait."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence

from prefetchrouter.edge.descriptors import SHORT, limit_of_descriptors

_BACKLOG = 2048
_AT_ONCE = 64
_PAUSE_SECONDS = 0.05


def listening(addresses: Iterable[str], port: int) -> list[socket.socket]:
    """Return sockets that listen on addresses.

    Raises:
        OSError: One of them cannot be listened on; then none is.
    """
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            one = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address, port))
            one.listen(_BACKLOG)
            one.setblocking(False)
    except BaseException:
        for one in sockets:
            one.close()
        raise
    return sockets


class Listener:
    """Takes connections and gives each to a protocol.

    Args:
        sockets: They listen already.
        protocol: Makes the protocol of a connection.
        context: For TLS; None without.
        seconds: How long a TLS handshake may take.
        has_room: Whether one more client can be let in, beside so many that are being let in.
        on_short: Called with a text when descriptors or memory for sockets run out.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        protocol: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext | None,
        *,
        seconds: float,
        has_room: Callable[[int], bool],
        on_short: Callable[[str], None],
    ) -> None:
        self._sockets = sockets
        self._protocol = protocol
        self._context = context
        self._seconds = seconds
        self._has_room = has_room
        self._on_short = on_short
        self._loop = asyncio.get_running_loop()
        self._handshakes: set[asyncio.Task[None]] = set()
        self._pauses: dict[socket.socket, asyncio.TimerHandle] = {}

    def start(self) -> None:
        """Take connections from now on."""
        for one in self._sockets:
            self._loop.add_reader(one, self._take, one)

    def close(self) -> None:
        """Take none any more."""
        for one in self._sockets:
            if one in self._pauses:
                self._pauses.pop(one).cancel()
            else:
                self._loop.remove_reader(one)
            one.close()

    async def wait_closed(self) -> None:
        """Return when no connection is being made any more."""
        for task in self._handshakes:
            task.cancel()
        await asyncio.gather(*self._handshakes, return_exceptions=True)

    def _take(self, listening: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            if not self._has_room(len(self._handshakes)):
                self._wait(listening, "file descriptors")
                return
            try:
                taken, _ = listening.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in SHORT:
                    self._wait(listening, "file descriptors")
                    return
                if error.errno in (errno.ENOBUFS, errno.ENOMEM):
                    self._wait(listening, "memory for sockets")
                    return
                continue  # the client has left already
            taken.setblocking(False)
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self._loop.create_task(self._served(taken))
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)

    async def _served(self, taken: socket.socket) -> None:
        seconds = self._seconds if self._context else None
        try:
            await self._loop.connect_accepted_socket(
                self._protocol, taken, ssl=self._context, ssl_handshake_timeout=seconds
            )
        except (OSError, asyncio.CancelledError):  # no TLS, or too slow; or the server stops
            with contextlib.suppress(OSError):
                taken.close()

    def _wait(self, listening: socket.socket, what: str) -> None:
        """Let clients wait where the system holds them, until others have left."""
        limit = f" (the limit is {limit_of_descriptors():,}, see ulimit -n)" if "descriptors" in what else ""
        self._on_short(f"out of {what}{limit}: further clients wait until others have left")
        self._loop.remove_reader(listening)

        def again() -> None:
            del self._pauses[listening]
            self._loop.add_reader(listening, self._take, listening)

        self._pauses[listening] = self._loop.call_later(_PAUSE_SECONDS, again)
