"""The edge's server: listens, tracks its connections, and drains them on shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import warnings
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from uvicorn.config import Config
from uvicorn.server import ServerState

from prefetchrouter.edge.clients.certificate import Certificate
from prefetchrouter.edge.clients.listener import Listener, listening_sockets
from prefetchrouter.edge.clients.protocol import EdgeProtocol
from prefetchrouter.edge.descriptors import max_client_connections
from prefetchrouter.edge.limits import Limits
from prefetchrouter.errors import ServeError

Result = TypeVar("Result")

_ABORT_SECONDS = 1.0
_SHED_AT_ONCE = 32


class EdgeServer:
    """Serves an ASGI application to clients.

    Args:
        app: The application; its lifespan is not called.
        host: The address or name to listen on.
        port: The port; 0 for any free one.
        limits: What one client may cost.
        certificate: For HTTPS; None for plain HTTP.
        on_refused: Called for a request that is refused before its head is complete, with the part that was
            received as an ASGI scope, the status and the reason.
        on_shortage: Called with a text, once in a while, when the machine runs out of file descriptors or
            of memory for sockets.
    """

    def __init__(
        self,
        app: Callable[..., Any],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        certificate: Certificate | None = None,
        on_refused: Callable[[dict[str, Any], int, str], None] | None = None,
        on_shortage: Callable[[str], None] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._certificate = certificate
        self._host = host
        self._wanted_port = port
        self._state = ServerState()
        self._on_refused = on_refused
        self._on_shortage = on_shortage or (lambda text: None)
        self._listener: Listener | None = None
        self._config = Config(
            app,
            http=EdgeProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        self.port = port
        self._room = 0

    @property
    def address(self) -> str:
        """The URL of the server, such as ``"http://127.0.0.1:8000"``."""
        scheme = "https" if self._certificate else "http"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{scheme}://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; once this returns, clients are served and `port` is known.

        Raises:
            ServeError: The address is not available, or the certificate is invalid.
        """
        self._config.load()
        self._room = max_client_connections()
        context = self._certificate.context() if self._certificate else None
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(None, _addresses, self._host, self._wanted_port)
            sockets = listening_sockets(addresses, self._wanted_port)
        except (OSError, OverflowError, UnicodeError) as error:
            raise _cannot_listen(self._host, self._wanted_port, error) from error
        self.port = sockets[0].getsockname()[1]
        self._listener = Listener(
            sockets,
            lambda: EdgeProtocol(self._config, self._state, self._limits, self._on_refused),
            context,
            seconds=self._limits.request_head_seconds,
            has_room=self._has_room,
            on_shortage=self._on_shortage,
        )
        self._listener.start()

    async def stop(self) -> None:
        """Stop listening, finish open requests, and abort those that take over `shutdown_seconds`."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        listener.close()
        for connection in self._connections():
            connection.shutdown()
        try:
            async with asyncio.timeout(self._limits.shutdown_seconds):
                await self._wait_closed()
        except TimeoutError:
            for connection in self._connections():
                connection.abort()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ABORT_SECONDS):
                    await self._wait_closed()
        await listener.wait_closed()

    def _has_room(self, pending: int) -> bool:
        """Return whether one more client can be accepted, with descriptors left for connections to origins.

        If not, some idle keep-alive connections are closed to make room.
        """
        held = self._state.connections
        if len(held) + pending < self._room:
            return True
        idle = [connection for connection in self._connections() if connection.is_idle]
        for connection in idle[:_SHED_AT_ONCE]:
            connection.shutdown()
        return False

    def _connections(self) -> list[EdgeProtocol]:
        return [held for held in self._state.connections if isinstance(held, EdgeProtocol)]

    async def _wait_closed(self) -> None:
        while self._state.connections or self._state.tasks:
            if self._state.tasks:
                await asyncio.wait(self._state.tasks)
            await asyncio.gather(*(held.lost.wait() for held in self._connections()))


def run(
    main: Callable[[], Coroutine[Any, Any, Result]],
    new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Result:
    """Run a coroutine function in a new event loop.

    Args:
        main: The coroutine function.
        new_loop: Makes the loop; by default one of uvloop where that is installed.

    Example:
        >>> async def main() -> int:
        ...     return 1
        >>> run(main)
        1
    """
    with asyncio.Runner(loop_factory=new_loop or _new_loop()) as runner:
        try:
            return runner.run(main())
        finally:
            _close(runner)


def _new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None


def _close(runner: asyncio.Runner) -> None:
    """Close a runner and its loop, and only then warn of what was left open.

    uvloop warns of an open handle and then closes it. Where warnings are errors, as in tests and with
    ``python -W error``, the warning would end that before the handle is closed, and uvloop waits for all of
    them to close: for ever.
    """
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        runner.close()
    for each in found:
        warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host; only the first for port 0, as each would get another free port."""
    if not 0 <= port <= 65535:
        raise OverflowError
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = list(dict.fromkeys(str(address[4][0]) for address in found))
    return addresses[:1] if port == 0 else addresses


def _cannot_listen(host: str, port: int, error: OSError | OverflowError | UnicodeError) -> ServeError:
    where = f"{host}:{port}"
    if isinstance(error, OverflowError):
        return ServeError.of("serve", f"invalid port {port}", expected="a number from 0 to 65535")
    if isinstance(error, socket.gaierror | UnicodeError):
        return ServeError.of("serve", f"{host} is not an address of this machine", hint='write "127.0.0.1"')
    if error.errno == errno.EADDRINUSE:
        hint = "stop the program that listens there, or use another port; port 0 is any free one"
        return ServeError.of("serve", f"{where} is in use", hint=hint)
    if error.errno == errno.EACCES:
        return ServeError.of("serve", f"no permission to listen on {where}", hint="use a port above 1023")
    if error.errno == errno.EADDRNOTAVAIL:
        return ServeError.of("serve", f"{host} is not an address of this machine", hint='write "127.0.0.1"')
    return ServeError.of("serve", f"cannot listen on {where}: {error.strerror or error}")
