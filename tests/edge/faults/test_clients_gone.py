"""Clients that leave at every moment: the cache gets what it may, the origin's connections come back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from edge.faults.site import LIMITS, HangsUp, Turn, ok, run_scenario, site
from edge.serving import request
from prefetchrouter import Router

TIMES = 3 * LIMITS.origin_connections


class Gated:
    """An answer that goes on when it is let."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.opened = [asyncio.Event() for _ in pieces]

    def open(self) -> None:
        for gate in self.opened:
            gate.set()

    async def __call__(self, turn: Turn) -> None:
        for gate, piece in zip(self.opened, self.pieces, strict=True):
            await gate.wait()
            await turn.write(piece)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n"


@pytest.mark.parametrize("pieces_before", [0, 1, 2])
@pytest.mark.parametrize("others", [0, 3])
def test_what_may_be_kept_is_fetched_to_its_end(pieces_before: int, others: int) -> None:
    """Also for those who joined; who asks later has a hit."""

    async def scenario() -> None:
        async with site() as running:
            answer = Gated(HEAD + b"\r\n", b"half", b"half")
            running.origin.answers["/a"] = answer
            leaver = await running.client()
            await leaver.send(request("/a"))
            await running.until(lambda: len(running.origin.turns) == 1)
            staying = [asyncio.ensure_future(running.get("/a")) for _ in range(others)]
            for gate in answer.opened[:pieces_before]:
                gate.set()
            if pieces_before:
                await leaver.reader.readuntil(b"\r\n\r\n")
            leaver.writer.transport.abort()
            await running.until(lambda: any(told.ended == "client gone" for told in running.told))
            answer.open()
            for got in await asyncio.gather(*staying):
                assert got.body == b"halfhalf"
            await running.idle()
            assert (await running.get("/a")).body == b"halfhalf"
            assert len(running.origin.turns) == 1
            assert running.told[-1].trace.cache == "hit"

    run_scenario(scenario)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("bypass", [False, True])
def test_what_may_not_be_kept_is_given_up(begun: bool, bypass: bool) -> None:
    """The origin learns it, and its connections are free for others."""

    async def scenario() -> None:
        rules = Router().match("/private", caching={"bypass_cache": bypass, "max_age": "1h"})
        async with site(rules, limits=replace(LIMITS, shutdown_seconds=0.1)) as running:
            gone = 0

            async def act(turn: Turn) -> None:
                nonlocal gone
                if begun:
                    await turn.write(HEAD + b"Cache-Control: private\r\n\r\nhalf")
                await turn.reader.read()
                gone += 1
                raise HangsUp

            running.origin.answers["/private"] = act
            for number in range(TIMES):
                client = await running.client()
                await client.send(request(f"/private?{number}"))
                await running.until(lambda: len(running.origin.turns) == number + 1)  # noqa: B023
                if begun:
                    await client.reader.readuntil(b"half")
                client.writer.transport.abort()
                if begun or bypass:
                    await running.until(lambda: gone == number + 1)  # noqa: B023
                else:  # it could have been kept, so it is waited for
                    assert gone == 0
                    if number == LIMITS.origin_connections - 1:
                        return

    run_scenario(scenario)


def test_who_leaves_while_uploading() -> None:
    """The origin does not take it for whole."""

    async def scenario() -> None:
        async with site() as running:
            begun = cut = 0

            async def upload(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                nonlocal begun, cut
                await reader.readuntil(b"\r\n\r\n")
                begun += 1
                try:
                    if not (await reader.read()).endswith(b"0\r\n\r\n"):
                        cut += 1
                except ConnectionError:
                    cut += 1
                writer.close()

            server = await asyncio.start_server(upload, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            async with server, site(origin_url=f"http://127.0.0.1:{port}") as running:
                for number in range(TIMES):
                    client = await running.client()
                    framing = ("Content-Length: 1000", "Transfer-Encoding: chunked")[number % 2]
                    body = (b"some of it", b"4\r\nsome\r\n")[number % 2]
                    await client.send(request("/", framing, method="POST"), body)
                    # A connection that is reset before the edge has read from it has sent nothing.
                    await running.until(lambda: begun == number + 1)  # noqa: B023
                    client.writer.transport.abort()
                    await running.until(lambda: cut == number + 1)  # noqa: B023

    run_scenario(scenario)


def test_many_leave_at_once() -> None:
    """While one answer is under way to all of them, and while each waits for its own."""

    async def scenario() -> None:
        async with site() as running:
            shared = Gated(HEAD + b"\r\n", b"halfhalf")
            running.origin.answers["/shared"] = shared
            clients = [await running.client() for _ in range(200)]
            for number, client in enumerate(clients):
                client.writer.write(request("/shared" if number % 2 else f"/own?{number}"))
            await running.until(lambda: len(running.server._state.tasks) >= 1 and bool(running.origin.turns))
            for client in clients:
                client.writer.transport.abort()
            await running.until(lambda: not running.server._state.connections)
            shared.open()
            await running.idle()
            assert not running.server._state.tasks
            assert (await running.get("/shared")).body == b"halfhalf"
            assert running.origin.targets.count("GET /shared") <= 1
            assert running.origin.connected <= LIMITS.origin_connections

    run_scenario(scenario)


def test_a_client_that_sends_half_a_head_and_leaves() -> None:
    async def scenario() -> None:
        async with site() as running:
            for cut in range(1, len(request("/a")), 3):
                client = await running.client()
                await client.send(request("/a")[:cut])
                client.writer.transport.abort()
            await running.until(lambda: not running.server._state.connections)
            assert running.origin.turns == []
            assert running.told == []

    run_scenario(scenario)


def test_who_says_all_and_closes_its_side() -> None:
    """Counts as gone, since nothing tells it from one that is; the cache gets the answer all the same."""

    async def scenario() -> None:
        async with site() as running:
            answer = running.origin.answers["/a"] = Gated(ok(b"late"))
            client = await running.client()
            client.writer.write(request("/a"))
            client.writer.write_eof()
            await running.until(lambda: len(running.origin.turns) == 1)
            assert await client.rest() == b""
            answer.open()
            await running.idle()
            assert (await running.get("/a")).body == b"late"
            assert len(running.origin.turns) == 1

    run_scenario(scenario)
