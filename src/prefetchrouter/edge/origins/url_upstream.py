"""A host that is requested by HTTP or HTTPS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from prefetchrouter.edge.descriptors import descriptors_exhausted
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins.connection import OriginConnection, UploadFailed
from prefetchrouter.edge.origins.connection_pool import ConnectionPool
from prefetchrouter.edge.origins.http1 import body_length, request_head
from prefetchrouter.edge.origins.incoming_response import Broken, Garbage, TooLarge
from prefetchrouter.edge.origins.resolver import Resolver
from prefetchrouter.edge.origins.response_body import ResponseBody
from prefetchrouter.edge.origins.tls import OriginContext
from prefetchrouter.edge.origins.upload import Upload
from prefetchrouter.edge.origins.upstream import NotSent
from prefetchrouter.rules.servers import TlsVerify
from prefetchrouter.rules.typed_property import DnsPreference

_PORTS = {"http": 80, "https": 443}


class UrlUpstream:
    """A host at a port.

    Path, query and headers are sent as given. If a kept-alive connection turns out to be closed, a GET or
    HEAD without a body is sent again once, on a new one; nothing else is sent twice (requirement E37).

    Args:
        scheme: ``"http"``, ``"https"``, or ``"match"`` for that of the client's request.
        host: The host; an IPv6 address without brackets.
        port: The port; None for the default of the scheme.
        limits: Limits of time and size.
        host_header: The Host header that it gets; None for that of the request.
        verify: How its certificate is checked; None for the defaults.
        dns_preference: Which of its addresses are used, and in which order.
    """

    def __init__(
        self,
        scheme: Literal["http", "https", "match"],
        host: str,
        port: int | None,
        *,
        limits: Limits,
        host_header: str | None = None,
        verify: TlsVerify | None = None,
        dns_preference: DnsPreference | None = None,
    ) -> None:
        self._scheme = scheme
        self._host = host.strip("[]")
        self._port = port
        self._limits = limits
        self._host_header = host_header
        self._verify = verify
        self._dns_preference = dns_preference
        self._is_started = False
        self._connections: dict[str, ConnectionPool] = {}
        name = f"[{self._host}]" if ":" in self._host else self._host
        self._addresses = {
            own: f"{own}://{name}" if port in (None, usual) else f"{own}://{name}:{port}"
            for own, usual in _PORTS.items()
        }

    def address(self, scheme: str) -> str:
        """Return the address for people, without a slash at its end."""
        return self._addresses[self._used(scheme)]

    def _used(self, scheme: str) -> str:
        return scheme if self._scheme == "match" else self._scheme

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return OriginContext.made_for(self._host, self._verify)

    def _connections_by(self, scheme: str) -> ConnectionPool:
        found = self._connections.get(scheme)
        if found is None:
            if not self._is_started:
                raise RuntimeError("start() comes before fetch()")
            port = _PORTS[scheme] if self._port is None else self._port
            resolver = Resolver(self._host, port, self._dns_preference, self._limits.connect_seconds)  # pyright: ignore[reportArgumentType]
            found = ConnectionPool(resolver, self._limits)
            if scheme == "https":
                strict = self._verify.sni_hint_and_strict_san_check if self._verify else None
                found = ConnectionPool(resolver, self._limits, self._context, strict or self._host)
            self._connections[scheme] = found
        return found

    async def start(self) -> None:
        """Get ready for requests."""
        self._is_started = True

    async def close(self) -> None:
        """Close all connections."""
        self._is_started = False
        while self._connections:
            _, connections = self._connections.popitem()
            await connections.close()

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        """Return the response as soon as its head has arrived.

        Raises:
            OriginError: There is no response.
        """
        address = self.address(request.scheme)
        try:
            head = request_head(request, self._host_header)
        except ValueError as error:
            raise OriginError("garbage", f"the request cannot be sent to {address}: {error}") from error
        is_repeatable, is_again = request.body is None and request.method in ("GET", "HEAD"), False
        while True:
            deadline = _Deadline(self._limits.answer_seconds)
            connection = await self._connection(request.scheme, address, deadline, is_new=is_again)
            may_be_stale = connection.has_served
            try:
                return await self._answer(request, head, connection, address, deadline)
            except Broken as error:
                if is_again or not (is_repeatable and may_be_stale):
                    raise OriginError(
                        "unreachable", f"{address} closed the connection without a response"
                    ) from error
                is_again = True

    async def _connection(
        self, scheme: str, address: str, deadline: _Deadline, *, is_new: bool
    ) -> OriginConnection:
        connections = self._connections_by(self._used(scheme))
        connection = None if is_new else connections.free()
        if connection is not None:
            return connection
        try:
            async with asyncio.timeout_at(deadline.at) as timeout:
                return await connections.take(is_new=is_new)
        except TimeoutError as error:
            if timeout.expired():  # pyright: ignore[reportPossiblyUnboundVariable]
                raise self._late(address) from error
            raise NotSent(
                "timeout", f"{address}: no connection within {self._limits.connect_seconds:g} s"
            ) from error
        except (OSError, RuntimeError) as error:
            if descriptors_exhausted(error):
                problem = f"no file descriptor is left to connect to {address}"
                raise OriginError("descriptors", problem) from error
            raise NotSent("unreachable", f"{address} cannot be reached: {_why(error)}") from error

    async def _answer(
        self,
        request: OriginRequest,
        head: bytes,
        connection: OriginConnection,
        address: str,
        deadline: _Deadline,
    ) -> OriginResponse:
        upload = None
        if request.body is not None:
            upload = Upload(request.body, body_length(request), deadline.begin_anew).on_the_wire()
        answer = connection.send(request.method, head, upload)
        deadline.start(lambda: answer.fail(TimeoutError()))
        try:
            await answer.head
        except BaseException as error:
            if not answer.is_over:
                connection.abort()
            raise self._error(error, address) from error
        finally:
            deadline.end()
        if answer.is_over:
            return OriginResponse(answer.status, answer.headers, answer.take())
        silence = request.timeout or self._limits.silence_seconds
        body = ResponseBody(answer, connection.abort, silence, address)
        return OriginResponse(answer.status, answer.headers, body)

    def _error(self, error: BaseException, address: str) -> BaseException:
        """Return the error to raise when a request fails."""
        match error:
            case TimeoutError():
                return self._late(address)
            case Garbage():
                return OriginError("garbage", f"{address} sent invalid HTTP: {error}")
            case TooLarge():
                what = str(error) or f"headers of more than {self._limits.header_bytes} bytes"
                return OriginError("too-large", f"{address} sent {what}")
            case UploadFailed(cause=ValueError() as cause):
                return OriginError("garbage", f"the request cannot be sent to {address}: {cause}")
            case UploadFailed():
                return error.cause
            case _:
                return error

    def _late(self, address: str) -> OriginError:
        return OriginError("timeout", f"{address} sent no response within {self._limits.answer_seconds:g} s")


class _Deadline:
    """The deadline for a response, which each piece of an upload extends.

    Args:
        seconds: The time limit.
    """

    __slots__ = ("_is_late", "_loop", "_seconds", "_timer", "at")

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self.at = self._loop.time() + seconds

    def begin_anew(self) -> None:
        self.at = self._loop.time() + self._seconds

    def start(self, is_late: Callable[[], None]) -> None:
        """Call a function when the deadline passes."""
        self._is_late = is_late
        self._timer = self._loop.call_at(self.at, self._look)

    def end(self) -> None:
        """Cancel the deadline."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        if self._loop.time() < self.at:
            self._timer = self._loop.call_at(self.at, self._look)
        else:
            self._is_late()


def _why(error: OSError | RuntimeError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {getattr(error, 'verify_message', None) or error.strerror}"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
