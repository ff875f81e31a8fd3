"""A whole edge on a real socket, with everything behind its app, and an origin that a test scripts."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from edge.origins.raw_origin import RawOrigin, raw_origin, read_request
from edge.serving import Answer, Client, request
from edge.waiting import PATIENCE, limited, until
from prefetchrouter import Property, Router, RuleSet
from prefetchrouter.edge.cache import Cache
from prefetchrouter.edge.clients.server import EdgeServer, run
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.running.app import App
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.preparing import origins_of
from prefetchrouter.edge.running.settings import ServeSettings

LIMITS = Limits(origin_connections=4, shutdown_seconds=2)
"""Few connections to the origin, so that one that is not given back is missed soon."""

Act = Callable[["Turn"], Awaitable[None]]
"""What an origin does about one request; when it raises `HangsUp`, the connection ends."""


class HangsUp(Exception):
    """The origin ends the connection."""


@dataclass
class Turn:
    """One request at the origin.

    Args:
        target: Path and query, as they came.
        head: The whole head.
        body: The body.
    """

    target: str
    head: bytes
    body: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def method(self) -> str:
        return self.head.partition(b" ")[0].decode()

    def header(self, name: str) -> list[str]:
        """Return the texts of a header."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines)
        return [text for own, _, text in pairs if own.lower() == name]

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


@dataclass
class Origin:
    """An origin that answers from a table; what is not in it is answered with the target as body."""

    raw: RawOrigin = field(default_factory=RawOrigin)
    answers: dict[str, bytes | Act] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    connected: int = 0
    """How many connections are open."""

    @property
    def targets(self) -> list[str]:
        return [f"{turn.method} {turn.target}" for turn in self.turns]

    async def script(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: RawOrigin
    ) -> None:
        self.connected += 1
        try:
            while True:
                await read_request(reader, raw)
                head = raw.heads[-1]
                turn = Turn(head.split(b" ", 2)[1].decode("latin-1"), head, raw.bodies[-1], reader, writer)
                self.turns.append(turn)
                answer = self.answers.get(turn.target.partition("?")[0]) or ok(turn.target.encode())
                if isinstance(answer, bytes):
                    is_bodiless = turn.method == "HEAD"
                    await turn.write(
                        answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if is_bodiless else answer
                    )
                else:
                    await answer(turn)
        except HangsUp:
            return
        finally:
            self.connected -= 1


def ok(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer of known length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Site:
    """A running edge, its origin and its clients."""

    server: EdgeServer
    app: App
    origin: Origin
    limits: Limits
    clients: list[Client] = field(default_factory=list)

    @property
    def cache(self) -> Cache:
        return self.app._edge.cache

    @property
    def told(self) -> list[Exchange]:
        """What was reported each request, first to last."""
        return [entry.exchange for entry in reversed(self.app.request_log.entries)]

    async def client(self, *, receive_bytes: int = 2**16) -> Client:
        """Connect.

        Args:
            receive_bytes: How much this client takes before it is read from.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port, limit=receive_bytes)
        client = Client(reader, writer)
        self.clients.append(client)
        return client

    async def get(self, target: str = "/", *headers: str, method: str = "GET") -> Answer:
        """Ask on its own connection."""
        client = await self.client()
        await client.send(request(target, *headers, method=method))
        answer = await client.answer(bodiless=method == "HEAD")
        await client.close()
        return answer

    async def raw(self, data: bytes) -> bytes:
        """Send bytes on its own connection, and return all that comes back until it ends."""
        client = await self.client()
        client.writer.write(data)
        came = await client.rest()
        await client.close()
        return came

    def age(self, seconds: float) -> None:
        """Let all copies be that much older."""
        for shelf in self.cache._by_key.values():
            for copy in shelf.responses:
                copy.response_time -= seconds

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Give origins little time, until the end of the block: only for those that fall silent."""
        with limited(self.limits, answer_seconds=0.4, silence_seconds=0.4):
            yield

    async def idle(self) -> None:
        """Wait until nothing is under way to the cache."""
        async with asyncio.timeout(PATIENCE):
            await self.app._edge.idle()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        await until(condition)


@asynccontextmanager
async def site(
    rules: Router | RuleSet | None = None,
    *,
    limits: Limits = LIMITS,
    origin_url: str | None = None,
    property: Property | None = None,
) -> AsyncIterator[Site]:
    """Run an edge with its origin until the end of the block.

    Args:
        rules: The rules; everything is kept for an hour without any.
        limits: How much it takes.
        origin_url: Where the origin is to be asked instead of this one's own address.
        property: Origins and hostnames.
    """
    limits = replace(limits)  # a site's own, which its tests may change
    given = rules if rules is not None else Router().always(caching={"max_age": "1h"})
    rule_set = given if isinstance(given, RuleSet) else RuleSet(rules=given.rules, property=property)
    origin = Origin()
    async with raw_origin(origin.script) as raw:
        origin.raw = raw
        settings = ServeSettings(origins={"": origin_url or raw.url}, limits=limits, quiet=True)
        request_log = RequestLog(10_000)
        origins = origins_of(rule_set, settings, request_log)
        await origins.start()
        reporter = ConsoleReporter(settings, io.StringIO())
        app = App(rule_set, origins, settings, request_log, reporter)
        server = EdgeServer(app, limits=limits)
        await server.start()
        running = Site(server, app, origin, limits)
        try:
            yield running
        finally:
            for client in running.clients:
                await client.close()
            await server.stop()
            await app.close()
            reporter.close()


def run_scenario(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario on the loop of `serve`; no task may be left, and nothing may have failed unheard."""
    complaints: list[str] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: complaints.append(context["message"]))
        async with asyncio.timeout(3 * PATIENCE):
            await scenario()
        for _ in range(3):
            await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left

    run(watched)
    assert not complaints, complaints
