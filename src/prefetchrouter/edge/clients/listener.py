"""Accepts connections while there are file descriptors; further clients wait in the backlog."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence

from prefetchrouter.edge.descriptors import EXHAUSTED, limit_of_descriptors

_BACKLOG = 2048
_AT_ONCE = 64
_PAUSE_SECONDS = 0.05


def listening_sockets(addresses: Iterable[str], port: int) -> list[socket.socket]:
    """Return sockets that listen on addresses.

    Raises:
        OSError: One of them is not available; all sockets are closed again.
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
    """Accepts connections and connects each to a protocol.

    Args:
        sockets: Sockets that are listening already.
        protocol: Factory of the protocol of a connection.
        context: For TLS; None for plain HTTP.
        seconds: The time limit of a TLS handshake.
        has_room: Called with the number of pending handshakes; whether one more client can be accepted.
        on_shortage: Called with a text when file descriptors or memory for sockets run out.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        protocol: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext | None,
        *,
        seconds: float,
        has_room: Callable[[int], bool],
        on_shortage: Callable[[str], None],
    ) -> None:
        self._sockets = sockets
        self._protocol = protocol
        self._context = context
        self._seconds = seconds
        self._has_room = has_room
        self._on_shortage = on_shortage
        self._loop = asyncio.get_running_loop()
        self._handshakes: set[asyncio.Task[None]] = set()
        self._pauses: dict[socket.socket, asyncio.TimerHandle] = {}

    def start(self) -> None:
        """Start accepting connections."""
        for one in self._sockets:
            self._loop.add_reader(one, self._accept, one)

    def close(self) -> None:
        """Stop accepting connections."""
        for one in self._sockets:
            if one in self._pauses:
                self._pauses.pop(one).cancel()
            else:
                self._loop.remove_reader(one)
            one.close()

    async def wait_closed(self) -> None:
        """Wait until no handshake is pending."""
        for task in self._handshakes:
            task.cancel()
        await asyncio.gather(*self._handshakes, return_exceptions=True)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            if not self._has_room(len(self._handshakes)):
                self._pause(listening, "file descriptors")
                return
            try:
                accepted, _ = listening.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in EXHAUSTED:
                    self._pause(listening, "file descriptors")
                    return
                if error.errno in (errno.ENOBUFS, errno.ENOMEM):
                    self._pause(listening, "memory for sockets")
                    return
                continue  # the client has disconnected already
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self._loop.create_task(self._connect(accepted))
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)

    async def _connect(self, accepted: socket.socket) -> None:
        seconds = self._seconds if self._context else None
        try:
            await self._loop.connect_accepted_socket(
                self._protocol, accepted, ssl=self._context, ssl_handshake_timeout=seconds
            )
        except (OSError, asyncio.CancelledError):  # failed or slow handshake; or the server stops
            with contextlib.suppress(OSError):
                accepted.close()

    def _pause(self, listening: socket.socket, what: str) -> None:
        """Leave clients in the backlog of the system for a moment, until others have disconnected."""
        limit = f" (the limit is {limit_of_descriptors():,}, see ulimit -n)" if "descriptors" in what else ""
        self._on_shortage(f"out of {what}{limit}: new clients wait until others have disconnected")
        self._loop.remove_reader(listening)

        def resume() -> None:
            del self._pauses[listening]
            self._loop.add_reader(listening, self._accept, listening)

        self._pauses[listening] = self._loop.call_later(_PAUSE_SECONDS, resume)
