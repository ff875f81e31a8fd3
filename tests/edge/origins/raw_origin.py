"""Origins on loopback that write exactly the bytes that a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from edge.waiting import PATIENCE
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins import UrlUpstream
from prefetchrouter.edge.requests import Body, pieces
from prefetchrouter.http.message import HeaderFields

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, "RawOrigin"], Awaitable[None]]

LIMITS = Limits(
    connect_seconds=PATIENCE, answer_seconds=PATIENCE, silence_seconds=PATIENCE, header_bytes=4096
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class RawOrigin:
    """An origin, and what it was sent."""

    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[str]:
        """The request lines."""
        return [head.partition(b"\r\n")[0].decode("latin-1") for head in self.heads]


@asynccontextmanager
async def raw_origin(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawOrigin]:
    """Listen, run the script for each connection, and end all connections in the end."""
    origin = RawOrigin()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await script(reader, writer, origin)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    origin.port = server.sockets[0].getsockname()[1]
    try:
        yield origin
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await server.wait_closed()


async def read_request(reader: asyncio.StreamReader, origin: RawOrigin) -> None:
    """Read one request, body included, and note it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    body = b""
    if b"\r\ncontent-length: " in lower:
        body = await reader.readexactly(
            int(lower.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])
        )
    elif b"\r\ntransfer-encoding: chunked" in lower:
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    origin.heads.append(head)
    origin.bodies.append(body)


def answering(*answers: bytes, then_close: bool = False) -> Script:
    """Return a script that gives these answers in turn on each connection, the last one again and again."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        number = 0
        while True:
            await read_request(reader, origin)
            writer.write(answers[min(number, len(answers) - 1)])
            await writer.drain()
            number += 1
            if then_close:
                return

    return script


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    """Read a request and never answer."""
    await read_request(reader, origin)
    await reader.read()


def get(target: str = "/", method: str = "GET", **headers: str) -> OriginRequest:
    """Return a request without a body."""
    return OriginRequest(method, "http", target, HeaderFields({"host": "shop.example", **headers}))


def coming(answer: OriginResponse) -> Body:
    """Return the body of an answer that comes in pieces."""
    assert not isinstance(answer.body, bytes)
    return answer.body


async def whole(answer: OriginResponse) -> bytes:
    """Read a body to its end, and close the answer."""
    try:
        return b"".join([piece async for piece in pieces(answer.body)])
    finally:
        await answer.close()


@asynccontextmanager
async def started(upstream: UrlUpstream) -> AsyncIterator[UrlUpstream]:
    await upstream.start()
    try:
        yield upstream
    finally:
        await upstream.close()


@asynccontextmanager
async def reaching(origin: RawOrigin, limits: Limits) -> AsyncIterator[UrlUpstream]:
    """Ask this origin, and close all connections in the end."""
    async with started(UrlUpstream("http", "127.0.0.1", origin.port, limits=limits)) as upstream:
        yield upstream


def asked_in_turn(
    script: Script, *requests: OriginRequest, limits: Limits = LIMITS, host_header: str | None = None
) -> tuple[RawOrigin, list[OriginResponse], list[bytes]]:
    """Send requests one after the other, and read each answer to its end."""

    async def run() -> tuple[RawOrigin, list[OriginResponse], list[bytes]]:
        async with raw_origin(script) as origin:
            upstream = UrlUpstream("http", "127.0.0.1", origin.port, limits=limits, host_header=host_header)
            async with started(upstream):
                answers, bodies = [], []
                for request in requests:
                    answer = await upstream.fetch(request)
                    answers.append(answer)
                    bodies.append(await whole(answer))
                return origin, answers, bodies

    return asyncio.run(run())


def failure(
    script: Script, request: OriginRequest | None = None, limits: Limits = LIMITS
) -> tuple[str, str, bool]:
    """Return what goes wrong, the message without the address, and whether an answer had begun."""

    async def run() -> tuple[str, str, bool]:
        answer = None
        async with raw_origin(script) as origin, reaching(origin, limits) as upstream:
            try:
                answer = await upstream.fetch(request or get("/"))
                await whole(answer)
            except OriginError as error:
                address, message = error.message.split(" ", 1)
                return error.failure, message if address == origin.url else "", answer is not None
        raise AssertionError("nothing went wrong")

    return asyncio.run(asyncio.wait_for(run(), PATIENCE))
