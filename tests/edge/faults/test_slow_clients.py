"""Clients that read slowly or not at all: others do not wait for them, and memory does not fill."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from edge.faults.site import LIMITS, HangsUp, Site, Turn, run_scenario, site
from edge.serving import Client, request
from edge.waiting import limited
from prefetchrouter import Router
from prefetchrouter.edge.limits import Limits

MIB = 1024 * 1024
LARGE = replace(LIMITS, object_bytes=MIB, buffered_bytes=MIB // 4, write_seconds=5)


class Endless:
    """An answer of many mebibytes; counts what the edge has taken of it."""

    def __init__(self, mebibytes: int, *headers: bytes) -> None:
        self.length = mebibytes * MIB
        self.head = b"\r\n".join(
            [b"HTTP/1.1 200 OK", b"Content-Length: %d" % self.length, *headers, b"", b""]
        )
        self.sent = 0

    async def __call__(self, turn: Turn) -> None:
        turn.writer.transport.set_write_buffer_limits(0)
        await turn.write(self.head)
        try:
            while self.sent < self.length:
                await turn.write(b"x" * 65536)
                self.sent += 65536
        except ConnectionError:
            raise HangsUp from None


async def slow_client(running: Site) -> Client:
    """Return a client that takes some kibibytes and then no more."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", running.server.port))
    client = Client(*await asyncio.open_connection(sock=sock, limit=4096))
    running.clients.append(client)
    return client


async def still(count: Endless) -> int:
    """Return how much the origin got rid of, once that grows no more."""
    before = -1
    while before != count.sent:
        before = count.sent
        await asyncio.sleep(0.05)
    return before


@pytest.mark.parametrize("kept", [False, True])
def test_a_large_answer_to_a_client_that_does_not_read(kept: bool) -> None:
    """The origin has to wait: the edge holds no more of it than a little."""

    async def scenario() -> None:
        rules = Router().always(caching={"max_age": "1h", "bypass_cache": not kept})
        async with site(rules, limits=LARGE) as running:
            answer = running.origin.answers["/large"] = Endless(64)
            client = await slow_client(running)
            await client.send(request("/large"))
            await running.until(lambda: answer.sent > 0)
            assert await still(answer) < 16 * MIB
            for _ in range(20):
                assert (await running.get("/a")).body == b"/a"
            client.writer.transport.abort()
            await running.until(lambda: not running.server._state.tasks)
            await running.idle()
            assert answer.sent < 32 * MIB
            await running.until(lambda: running.origin.connected == 1)

    run_scenario(scenario)


def test_many_large_answers_to_clients_that_do_not_read() -> None:
    """Each alone could be kept; what all have under way is bounded, and small answers are kept as before."""

    async def scenario() -> None:
        limits = replace(
            LIMITS,
            origin_connections=30,
            object_bytes=8 * MIB,
            buffered_bytes=MIB // 4,
            under_way_bytes=8 * MIB,
        )
        async with site(limits=limits) as running:
            clients = []
            for number in range(20):
                answer = running.origin.answers[f"/{number}"] = Endless(6)
                clients.append(await slow_client(running))
                await clients[-1].send(request(f"/{number}"))
                await still(answer)
            budget = running.app._edge._filler.budget
            assert budget.used < 32 * MIB, "of 120"
            for _ in range(2):
                assert (await running.get("/small")).body == b"/small"
            assert running.told[-1].trace.cache == "hit"
            assert [len((await client.answer()).body) for client in clients] == [6 * MIB] * 20
            await running.until(lambda: budget.used == 0)

    run_scenario(scenario)


@pytest.mark.parametrize("header", ["Accept: */*", "Range: bytes=1-", "Range: bytes=0-9,20-"])
def test_copies_and_their_parts_to_clients_that_do_not_read(header: str) -> None:
    """A client has no more of it waiting than one piece and what its connection holds."""

    async def scenario() -> None:
        async with site(limits=replace(LIMITS, object_bytes=8 * MIB)) as running:
            running.origin.answers["/large"] = Endless(6)
            await running.get("/large")
            await running.idle()
            await running.until(lambda: not running.server._connections())
            client = await slow_client(running)
            await client.send(request("/large", header))
            await running.until(lambda: len(running.server._connections()) == 1)
            (held,) = running.server._connections()
            await running.until(lambda: held.transport.get_write_buffer_size() > 0)
            await asyncio.sleep(0.1)  # in which it could become more
            assert held.transport.get_write_buffer_size() < MIB
            assert len((await client.answer()).body) > 5 * MIB

    run_scenario(scenario)


def test_a_slow_reader_does_not_hold_up_a_quick_one() -> None:
    """Of an answer that is kept: the quick one has it whole while the slow one has not begun."""

    async def scenario() -> None:
        async with site(limits=replace(LIMITS, object_bytes=8 * MIB)) as running:
            answer = running.origin.answers["/large"] = Endless(4)
            slow = await slow_client(running)
            await slow.send(request("/large"))
            await running.until(lambda: answer.sent > 0)
            quick = await asyncio.gather(*(running.get("/large") for _ in range(5)))
            assert [len(got.body) for got in quick] == [4 * MIB] * 5
            assert len(running.origin.turns) == 1
            assert len((await slow.answer()).body) == 4 * MIB

    run_scenario(scenario)


def test_a_client_that_takes_nothing_is_cut_off() -> None:
    """After the time that a client has to take the next piece."""

    async def scenario() -> None:
        limits = Limits(object_bytes=MIB, buffered_bytes=MIB, write_seconds=0.2, shutdown_seconds=2)
        rules = Router().always(caching={"bypass_cache": True})
        async with site(rules, limits=limits) as running:
            running.origin.answers["/large"] = Endless(64)
            client = await slow_client(running)
            await client.send(request("/large"))
            await running.until(lambda: any(told.ended == "client gone" for told in running.told))
            await running.until(lambda: not running.server._state.connections)

    run_scenario(scenario)


def test_clients_that_send_their_heads_slowly_hold_no_one_up() -> None:
    """Hundreds of them; each is ended when its time is over."""

    async def scenario() -> None:
        async with site() as running:
            slow = [await running.client() for _ in range(300)]
            with limited(running.limits, request_head_seconds=0.5):  # for what begins now
                for client in slow:
                    client.writer.write(b"GET /a HTTP/1.1\r\nHost: ")
                await running.until(lambda: all(one._in_head for one in running.server._connections()))
            for _ in range(20):
                assert (await running.get("/a")).body == b"/a"
            for client in slow:
                assert (await client.rest()).startswith(b"HTTP/1.1 408 ")
            await running.until(lambda: not running.server._state.connections)

    run_scenario(scenario)


def test_a_large_upload_passes_in_pieces() -> None:
    """As fast as the origin takes it; what is over the limit is refused while it comes."""

    async def scenario() -> None:
        taken = 0
        paused = asyncio.Event()

        async def upload(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal taken
            await reader.readuntil(b"\r\n\r\n")
            await paused.wait()
            while taken < 32 * MIB and (piece := await reader.read(65536)):
                taken += len(piece)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(upload, "127.0.0.1", 0, limit=65536)
        port = server.sockets[0].getsockname()[1]
        limits = replace(LIMITS, request_body_bytes=32 * MIB)
        async with site(origin_url=f"http://127.0.0.1:{port}", limits=limits) as running:
            client = await running.client()
            client.writer.write(request("/", f"Content-Length: {32 * MIB}", method="POST"))
            client.writer.transport.set_write_buffer_limits(0)
            sent = 0

            async def send() -> None:
                nonlocal sent
                while sent < 32 * MIB:
                    client.writer.write(b"x" * 65536)
                    await client.writer.drain()
                    sent += 65536

            sending = asyncio.ensure_future(send())
            before = -1
            while before != sent:
                before = sent
                await asyncio.sleep(0.05)
            assert sent < 24 * MIB
            paused.set()
            await sending
            assert (await client.answer()).status == 200
        server.close()

    run_scenario(scenario)


def test_an_upload_that_grows_too_large_is_refused_while_it_comes() -> None:
    """The origin does not take what it got of it for whole."""

    async def scenario() -> None:
        async with site(limits=replace(LIMITS, request_body_bytes=MIB)) as running:
            client = await running.client()
            await client.send(request("/", "Transfer-Encoding: chunked", method="POST"))

            async def send() -> None:
                while True:
                    client.writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                    await client.writer.drain()

            sending = asyncio.ensure_future(send())
            assert (await client.answer()).status == 413
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            assert running.origin.turns == []
            await running.until(lambda: running.origin.connected == 0)

    run_scenario(scenario)
