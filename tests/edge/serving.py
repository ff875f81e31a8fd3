"""An edge on a real socket, and clients that send exactly what a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from edge.waiting import PATIENCE
from prefetchrouter.edge.clients.asgi import EdgeApp, Handle
from prefetchrouter.edge.clients.certificate import Certificate
from prefetchrouter.edge.clients.server import EdgeServer, run
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse

Result = TypeVar("Result")


@dataclass
class Answer:
    """What a client got for one request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for own, value in self.headers if own == name]


@dataclass
class Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        """Send pieces, each in its own packet if it can be."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.001)

    async def answer(self, *, bodiless: bool = False) -> Answer:
        """Read one answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = [(name, value) for name, _, value in (line.partition(": ") for line in head[1:-2])]
            answer = Answer(int(head[0].split()[1]), headers, b"")
            if answer.status == 100:
                return await self.answer(bodiless=bodiless)
            if not bodiless and answer.header("transfer-encoding"):
                while size := int(await self.reader.readuntil(b"\r\n"), 16):
                    answer.body += (await self.reader.readexactly(size + 2))[:-2]
                await self.reader.readexactly(2)
            elif not bodiless and (length := answer.header("content-length")):
                answer.body = await self.reader.readexactly(int(length[0]))
        return answer

    async def rest(self) -> bytes:
        """Read until the edge ends the connection."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()


@dataclass
class Served:
    """A running edge, and what was reported to it."""

    server: EdgeServer
    told: list[Exchange]
    limits: Limits
    clients: list[Client] = field(default_factory=list)

    async def client(self, context: ssl.SSLContext | None = None) -> Client:
        """Connect."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.server.port, ssl=context, server_hostname="localhost" if context else None
        )
        client = Client(reader, writer)
        self.clients.append(client)
        return client

    async def get(self, target: str = "/", *headers: str, method: str = "GET") -> Answer:
        """Ask on its own connection."""
        client = await self.client()
        await client.send(request(target, *headers, method=method))
        return await client.answer(bodiless=method == "HEAD")

    async def raw(self, *pieces: bytes) -> bytes:
        """Send pieces on their own connection, and return all that comes back until it ends."""
        client = await self.client()
        await client.send(*pieces)
        return await client.rest()

    async def exchange(self, number: int = 1) -> Exchange:
        """Return what was reported last, when that many exchanges were reported."""
        async with asyncio.timeout(PATIENCE):
            while len(self.told) < number:
                await asyncio.sleep(0.001)
        return self.told[-1]


def request(target: str = "/", *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    """Return the head of a request to the host ``a``."""
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: a", *headers, "", ""]).encode("latin-1")


async def echo(request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
    """Answer with the method, the address and the body."""
    body = b"".join([piece async for piece in request.body]) if request.body else b""
    return EdgeResponse(200, body=f"{request.method} {request.url} ".encode() + body), RequestTrace(
        "synthetic", "echo"
    )


@asynccontextmanager
async def serving(
    handle: Handle = echo,
    *,
    limits: Limits | None = None,
    site: SiteIdentity | None = None,
    certificate: Certificate | None = None,
) -> AsyncIterator[Served]:
    """Run an edge until the end of the block."""
    limits = replace(limits or Limits(shutdown_seconds=0.2))  # its own, which a test may change
    told: list[Exchange] = []
    app = EdgeApp(handle, site=site, limits=limits, on_exchange=told.append)
    server = EdgeServer(app, limits=limits, certificate=certificate)
    await server.start()
    served = Served(server, told, limits)
    try:
        yield served
    finally:
        for client in served.clients:
            await client.close()
        await server.stop()


def run_on(loops: str, main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run on asyncio's own loop or on uvloop's."""
    import uvloop

    return run(main, uvloop.new_event_loop if loops == "uvloop" else asyncio.new_event_loop)


def never() -> Awaitable[None]:
    """Wait for what does not happen."""
    return asyncio.get_running_loop().create_future()
