"""ConnectionPool to origins: how many, kept, given up, and used again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from edge.origins.raw_origin import (
    LIMITS,
    OK,
    RawOrigin,
    answering,
    asked_in_turn,
    coming,
    get,
    raw_origin,
    reaching,
    read_request,
    started,
    whole,
)
from edge.waiting import PATIENCE
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.origins import UrlUpstream


def test_no_cookie_comes_back() -> None:
    raw = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    origin, _, _ = asked_in_turn(answering(raw), get("/"), get("/"))

    assert b"cookie" not in origin.heads[1].lower()


def test_no_proxy_of_the_surroundings_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    _, _, bodies = asked_in_turn(answering(OK), get("/"))

    assert bodies == [b"ok"]


def test_no_more_connections_than_allowed() -> None:
    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        while True:
            await read_request(reader, origin)
            await asyncio.sleep(0.01)
            writer.write(OK)

    async def run() -> tuple[int, list[bytes]]:
        async with raw_origin(slowly) as origin:
            limits = replace(LIMITS, origin_connections=2)
            async with started(UrlUpstream("http", "127.0.0.1", origin.port, limits=limits)) as upstream:

                async def one() -> bytes:
                    return await whole(await upstream.fetch(get("/")))

                bodies = await asyncio.gather(*(one() for _ in range(6)))
                return origin.connections, bodies

    connections, bodies = asyncio.run(run())
    assert bodies == [b"ok"] * 6
    assert connections == 2


def test_an_answer_that_is_not_read_gives_its_connection_up() -> None:
    """The rest of its body is not taken for the next answer."""
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 500_000

    async def run() -> tuple[int, bytes]:
        async with raw_origin(answering(long)) as origin:
            limits = replace(LIMITS, origin_connections=1)
            async with started(UrlUpstream("http", "127.0.0.1", origin.port, limits=limits)) as upstream:
                first = await upstream.fetch(get("/1"))
                await first.close()
                second = await upstream.fetch(get("/2"))
                piece = await anext(coming(second))
                await second.close()
                return origin.connections, piece

    connections, piece = asyncio.run(run())
    assert connections == 2
    assert set(piece) == {ord("x")}


def test_a_request_that_is_given_up_ends_its_connection() -> None:
    """Its answer is not taken for that of the next one."""
    gone = asyncio.Event()

    async def slow_at_first(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin
    ) -> None:
        await read_request(reader, origin)
        if origin.connections == 1:
            await reader.read()
            gone.set()
            return
        writer.write(OK)
        await reader.read()

    async def run() -> tuple[bytes, int]:
        async with raw_origin(slow_at_first) as origin, reaching(origin, LIMITS) as upstream:
            task = asyncio.create_task(upstream.fetch(get("/1")))
            while not origin.heads:
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(gone.wait(), PATIENCE)
            return await whole(await upstream.fetch(get("/2"))), origin.connections

    assert asyncio.run(run()) == (b"ok", 2)


async def _hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    """Answer one request on the first connection, take one more there, and hang up without a word."""
    first = origin.connections == 1
    while True:
        await read_request(reader, origin)
        if first and len(origin.heads) > 1:
            return
        writer.write(OK if origin.heads[-1].startswith(b"GET") else OK.removesuffix(b"ok"))


@pytest.mark.parametrize("method, times", [("GET", 2), ("HEAD", 2), ("PUT", 1), ("DELETE", 1), ("POST", 1)])
def test_a_kept_connection_that_turns_out_closed_is_replaced_for_reading_only(
    method: str, times: int
) -> None:
    async def run() -> tuple[int, str]:
        async with raw_origin(_hangs_up) as origin, reaching(origin, LIMITS) as upstream:
            await whole(await upstream.fetch(get("/first")))
            try:
                await whole(await upstream.fetch(get("/second", method)))
                outcome = "answered"
            except OriginError as error:
                outcome = error.failure
            return len(origin.heads) - 1, outcome

    assert asyncio.run(run()) == (times, "answered" if times == 2 else "unreachable")


@pytest.mark.parametrize("connections", [2, 100])
def test_a_request_is_repeated_on_a_new_connection(connections: int) -> None:
    """All idle ones may be closed, as after a restart; also where no further connection may be opened."""
    idle = asyncio.Event()

    async def restarts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        is_old = origin.connections <= 2
        await read_request(reader, origin)
        if is_old:
            if len(origin.heads) == 2:
                idle.set()
            await idle.wait()
        writer.write(OK)
        if is_old:
            await read_request(reader, origin)

    async def run() -> tuple[bytes, int]:
        limits = replace(LIMITS, origin_connections=connections)
        async with raw_origin(restarts) as origin, reaching(origin, limits) as upstream:
            first = await asyncio.gather(upstream.fetch(get("/1")), upstream.fetch(get("/2")))
            for answer in first:
                await whole(answer)
            return await whole(await upstream.fetch(get("/3"))), len(origin.heads) - 2

    assert asyncio.run(run()) == (b"ok", 2)


def test_a_get_with_a_body_is_not_sent_twice() -> None:
    async def run() -> int:
        async with raw_origin(_hangs_up) as origin, reaching(origin, LIMITS) as upstream:
            await whole(await upstream.fetch(get("/first")))
            with pytest.raises(OriginError):
                await upstream.fetch(replace(get("/second"), body=b"x"))
            return len(origin.heads)

    assert asyncio.run(run()) == 2


@pytest.mark.parametrize("wait", [0.0, 0.05])
def test_what_an_origin_says_unasked_is_not_the_answer_to_the_next_request(wait: float) -> None:
    given_up = asyncio.Event()

    async def poisoning(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin
    ) -> None:
        await read_request(reader, origin)
        poisoned = origin.connections == 1
        writer.write(OK)
        if poisoned:
            await writer.drain()
            await asyncio.sleep(wait)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
        await reader.read()
        given_up.set()

    async def run() -> tuple[list[bytes], int]:
        async with raw_origin(poisoning) as origin, reaching(origin, LIMITS) as upstream:
            first = await whole(await upstream.fetch(get("/")))
            await asyncio.wait_for(given_up.wait(), PATIENCE)
            return [first, await whole(await upstream.fetch(get("/")))], origin.connections

    assert asyncio.run(run()) == ([b"ok", b"ok"], 2)


def test_a_body_after_an_answer_to_head_is_not_the_next_answer() -> None:
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"

    async def run() -> list[bytes]:
        bodies = []
        async with raw_origin(answering(OK + poison, OK)) as origin, reaching(origin, LIMITS) as upstream:
            for method in ("HEAD", "GET"):
                try:
                    bodies.append(await whole(await upstream.fetch(get("/", method))))
                except OriginError as error:
                    bodies.append(error.failure.encode())
        return bodies

    assert asyncio.run(run())[0] in (b"", b"garbage")
    assert b"poison" not in asyncio.run(run())[1]


@pytest.mark.parametrize(
    "method, status, framing",
    [
        ("HEAD", "200 OK", "Content-Length: 44\r\n"),
        ("HEAD", "200 OK", "Transfer-Encoding: chunked\r\n"),
        ("HEAD", "200 OK", ""),
        ("GET", "204 No Content", "Content-Length: 44\r\n"),
        ("GET", "304 Not Modified", "Content-Length: 44\r\n"),
        ("GET", "304 Not Modified", "Transfer-Encoding: chunked\r\n"),
    ],
)
def test_a_body_where_there_is_none_answers_no_later_request(method: str, status: str, framing: str) -> None:
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"

    async def run() -> tuple[bytes, int]:
        async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
            await read_request(reader, origin)
            if origin.connections > 1:
                writer.write(OK)
            else:
                writer.write(f"HTTP/1.1 {status}\r\n{framing}\r\n".encode())
                await read_request(reader, origin)  # an origin that sends the body after the next request
                writer.write(poison)
            await reader.read()

        async with raw_origin(late) as origin, reaching(origin, LIMITS) as upstream:
            await whole(await upstream.fetch(get("/", method)))
            return await whole(await upstream.fetch(get("/next"))), origin.connections

    assert asyncio.run(run()) == (b"ok", 2)


@pytest.mark.parametrize(
    "method, head",
    [
        ("GET", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_a_response_that_announces_no_body_leaves_its_connection_usable(method: str, head: bytes) -> None:
    async def run() -> int:
        async with raw_origin(answering(head, OK)) as origin, reaching(origin, LIMITS) as upstream:
            await whole(await upstream.fetch(get("/", method)))
            await whole(await upstream.fetch(get("/next")))
            return origin.connections

    assert asyncio.run(run()) == 1
