"""Answers that break off, fall silent or have another length than they say: never kept, never passed off."""

from __future__ import annotations

import asyncio

import pytest

from edge.faults.site import LIMITS, Act, HangsUp, Site, Turn, ok, run_scenario, site
from edge.serving import request
from prefetchrouter import Router

TIMES = 3 * LIMITS.origin_connections
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BEGUN = {"a length": LENGTH + b"begun", "chunks": CHUNKED + b"5\r\nbegun\r\n"}
BROKEN = {
    **BEGUN,
    "within a chunk": CHUNKED + b"40\r\nbegun",
    "a chunk that is none": CHUNKED + b"5\r\nbegun\r\nzz\r\nno\r\n",
    "too long a chunk": CHUNKED + b"2\r\nbegun\r\n0\r\n\r\n",
}


def then_silent(begun: bytes) -> Act:
    async def act(turn: Turn) -> None:
        await turn.write(begun)
        await turn.reader.read()
        raise HangsUp

    return act


def then_gone(begun: bytes) -> Act:
    async def act(turn: Turn) -> None:
        await turn.write(begun)
        raise HangsUp

    return act


def then_reset(begun: bytes) -> Act:
    async def act(turn: Turn) -> None:
        await turn.write(begun)
        await asyncio.sleep(0)
        turn.writer.transport.abort()
        raise HangsUp

    return act


async def broken_answer(running: Site, target: str) -> bytes:
    """Return all that a client gets until the connection ends."""
    client = await running.client()
    await client.send(request(target, "Connection: close"))
    return await client.rest()


@pytest.mark.parametrize("how", [then_silent, then_gone, then_reset])
@pytest.mark.parametrize("begun", BROKEN)
@pytest.mark.parametrize("cached", [True, False])
def test_a_body_that_breaks_off(begun: str, how: object, cached: bool) -> None:
    """Is not whole for the client either, is not kept, and costs the connection that it came on."""

    async def scenario() -> None:
        rules = Router().match("/:path*", caching={"max_age": "1h", "bypass_cache": not cached})
        async with site(rules) as running:
            running.origin.answers["/a"] = how(BROKEN[begun])  # type: ignore[operator]
            with running.impatient():
                broken = await asyncio.gather(*(broken_answer(running, f"/a?{n}") for n in range(TIMES)))
            for got in broken:
                head, _, body = got.partition(b"\r\n\r\n")
                if body.startswith(b"No response"):  # broken before the edge had begun, or waited in vain
                    assert head.startswith((b"HTTP/1.1 502", b"HTTP/1.1 504"))
                elif b"content-length: 100" in head:
                    assert len(body) < 100
                else:
                    assert b"transfer-encoding: chunked" in head
                    assert not body.endswith(b"0\r\n\r\n")
            assert len(running.cache) == 0
            assert (await running.get("/b")).body == b"/b"
            await running.until(lambda: running.origin.connected <= 1)

    run_scenario(scenario)


@pytest.mark.parametrize("how", [then_silent, then_gone, then_reset])
@pytest.mark.parametrize("begun", BEGUN)
def test_a_refresh_that_breaks_off_leaves_the_copy(begun: str, how: object) -> None:
    """The next request begins another; when that is whole, it takes the copy's upstream."""

    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "1s", "stale_while_revalidate": "1h"})
        async with site(rules) as running:
            running.origin.answers["/a"] = ok(b"old")
            await running.get("/a")
            running.age(60)
            running.origin.answers["/a"] = how(BEGUN[begun])  # type: ignore[operator]
            for number in range(3):
                with running.impatient():
                    assert (await running.get("/a")).body == b"old"
                    await running.idle()
                assert len(running.origin.turns) == 2 + number
            running.origin.answers["/a"] = ok(b"new")
            assert (await running.get("/a")).body == b"old"
            await running.idle()
            assert (await running.get("/a")).body == b"new"

    run_scenario(scenario)


def test_all_who_read_a_body_that_breaks_off_are_reported() -> None:
    """The requests that joined as the first one; a later one gets it whole."""

    async def scenario() -> None:
        broken = asyncio.Event()

        async def act(turn: Turn) -> None:
            await turn.write(LENGTH + b"begun")
            await broken.wait()
            raise HangsUp

        async with site() as running:
            running.origin.answers["/a"] = act
            readers = [asyncio.ensure_future(broken_answer(running, "/a")) for _ in range(20)]
            await running.until(lambda: len(running.app._edge._in_flight) == 1)
            await running.until(lambda: len(running.server._state.tasks) == 20)
            broken.set()
            for got in await asyncio.gather(*readers):
                assert got.partition(b"\r\n\r\n")[2] in (b"begun", b"")
            assert len(running.origin.turns) == 1
            running.origin.answers["/a"] = ok(b"whole")
            assert (await running.get("/a")).body == b"whole"

    run_scenario(scenario)


def test_a_body_that_is_longer_than_it_says() -> None:
    """Ends where it said; the rest belongs to no response, and the connection is not used again."""

    async def scenario() -> None:
        async with site() as running:
            more = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
            running.origin.answers["/long"] = ok(b"right") + more
            for number in range(20):
                assert (await running.get(f"/long?{number}")).body == b"right"
                assert (await running.get(f"/a?{number}")).body == b"/a?%d" % number

    run_scenario(scenario)


def test_a_body_after_an_answer_that_has_none() -> None:
    """To HEAD, with 204 or with 304: what follows is not the answer to the next request."""

    async def scenario() -> None:
        async def act(turn: Turn) -> None:
            await turn.write(ok(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"))

        async with site() as running:
            running.origin.answers["/head"] = act
            running.origin.answers["/204"] = ok(b"poison", status="204 No Content")
            for number in range(10):
                assert (await running.get(f"/head?{number}", method="HEAD")).status in (200, 502)
                assert (await running.get(f"/a?{number}")).body == b"/a?%d" % number
                client = await running.client()
                await client.send(request(f"/204?{number}"))
                assert (await client.answer(bodiless=True)).status in (204, 502)
                assert (await running.get(f"/b?{number}")).body == b"/b?%d" % number

    run_scenario(scenario)


def test_an_answer_before_the_body_of_the_request_was_read() -> None:
    """Reaches the client, who sends no more than it likes to; no one waits for the rest."""

    async def scenario() -> None:
        async def act(turn: Turn) -> None:
            raise AssertionError("the body has come whole")

        async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ok(b"enough", "Connection: close", status="403 Forbidden"))
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(early, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with site(origin_url=f"http://127.0.0.1:{port}") as running:
            for _ in range(TIMES):
                client = await running.client()
                await client.send(request("/", "Content-Length: 100000000", method="POST"), b"x" * 1000)
                answer = await client.answer()
                assert answer.status in (403, 502)
                await client.close()
            assert (await running.get("/a")).status == 403
        server.close()

    run_scenario(scenario)


def test_an_origin_that_closes_without_a_length() -> None:
    """Is whole by that, and is kept."""

    async def scenario() -> None:
        async def act(turn: Turn) -> None:
            await turn.write(b"HTTP/1.1 200 OK\r\n\r\nall of it")
            raise HangsUp

        async with site() as running:
            running.origin.answers["/a"] = act
            for _ in range(2):
                assert (await running.get("/a")).body == b"all of it"
                await running.idle()
            assert len(running.origin.turns) == 1

    run_scenario(scenario)
