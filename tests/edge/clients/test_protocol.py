"""ConnectionPool: what is an invalid request ends them, and nothing after it is taken as one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from edge.serving import echo, never, request, run_on, serving
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse

SMUGGLED = request("/smuggled", "Connection: close")
GET = "GET / HTTP/1.1\r\nHost: a\r\n"
POST = "POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"

UNSOUND = [
    GET + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    GET + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    GET + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    GET + "Content-Length: 3, 3\r\n\r\nabc",
    GET + "Content-Length: +3\r\n\r\nabc",
    GET + "Content-Length: 0x3\r\n\r\nabc",
    GET + "Content-Length: 3 3\r\n\r\nabc",
    GET + "Content-Length:\r\n\r\nabc",
    GET + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    GET + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    GET + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + "Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    GET + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    GET.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\nHost: a\n\n",
    "GET / HTTP/1.1\r\nHost: a\n\r\n",
    GET + "\n",
    GET + "X: a\rY: b\r\n\r\n",
    GET + "X: a\x00b\r\n\r\n",
    GET + "X: a\x01b\r\n\r\n",
    GET + "X\x00Y: b\r\n\r\n",
    GET + "X : b\r\n\r\n",
    GET + "X: 1\r\n folded: 2\r\n\r\n",
    GET + ": b\r\n\r\n",
    GET + "no colon\r\n\r\n",
    GET + "Host: a\r\n\r\n",
    "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    "GET http:/b/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET ftp://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://c@b/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://b/ HTTP/1.1\r\n\r\n",
    "GET http://b/ HTTP/1.1\r\nHost: b\r\nHost: b\r\n\r\n",
    "GET b:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a\x7fb HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /\xe4 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /?\xe4 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a/%2e./b HTTP/1.1\r\nHost: a\r\n\r\n",
    "get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01",
    POST + "Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
    CHUNKED + "3 \r\nabc\r\n0\r\n\r\n",
    CHUNKED + "3\nabc\r\n0\r\n\r\n",
    CHUNKED + "3;a=\nb\r\nabc\r\n0\r\n\r\n",
    CHUNKED + "3\r\nabcd\r\n0\r\n\r\n",
    CHUNKED + "-3\r\nabc\r\n0\r\n\r\n",
    CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n",
    CHUNKED + "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("message", UNSOUND)
def test_what_could_be_read_in_two_ways_is_refused(message: str) -> None:
    """With one 400, and nothing after it is taken as a request, in one packet, in two, or byte by byte."""
    raw = message.encode("latin-1")

    async def main() -> None:
        async with serving() as served:
            for pieces in ((raw + SMUGGLED,), (raw, SMUGGLED)):
                got = await served.raw(*pieces)
                assert got.startswith(b"HTTP/1.1 400 ")
                assert b"connection: close\r\n" in got
                assert got.count(b"\r\n\r\n") == 1
            client = await served.client()
            for byte in raw + SMUGGLED:
                client.writer.write(bytes([byte]))
            got = await client.rest()
            assert got.startswith(b"HTTP/1.1 400 ")
            assert got.count(b"\r\n\r\n") == 1
            assert not any(told.request.path == "/smuggled" for told in served.told)

    asyncio.run(main())


@pytest.mark.parametrize(
    "message, status",
    [
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (GET + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        ("GET /\r\n\r\n", 505),
    ],
)
def test_what_is_not_done_here_ends_the_connection_too(message: str, status: int) -> None:
    """With a status that says so."""

    async def main() -> bytes:
        async with serving() as served:
            return await served.raw(message.encode("latin-1") + SMUGGLED)

    got = asyncio.run(main())
    assert got.startswith(b"HTTP/1.1 %d " % status)
    assert got.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_sound_requests_may_come_all_at_once(loops: str) -> None:
    """They are answered in their order, bodies and all."""
    post = request("/2", "Content-Length: 3", method="POST") + b"abc"
    message = (
        request("/1") + post + b"\r\n" + request("/3", method="HEAD") + request("/4", "Connection: close")
    )

    async def main() -> bytes:
        async with serving() as served:
            return await served.raw(message + request("/5"))

    got = run_on(loops, main)
    heads = [part.partition(b"HTTP/1.1")[0] for part in got.split(b"\r\n\r\n")[1:]]
    assert heads == [b"GET https://a/1 ", b"POST https://a/2 abc", b"", b"GET https://a/4 "]


def test_what_came_before_something_unsound_is_answered_first() -> None:
    """An error is not taken for the answer to an earlier request."""

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        await asyncio.sleep(0.02)
        return await echo(asked)

    async def main() -> bytes:
        async with serving(handle) as served:
            unsound = request("/3", "Content-Length: x", method="POST")
            return await served.raw(request("/1") + request("/2") + unsound + SMUGGLED)

    got = asyncio.run(main())
    assert [part[:3] for part in got.split(b"HTTP/1.1 ")[1:]][:3] == [b"200", b"200", b"400"]
    assert b"smuggled" not in got
    assert got.index(b"/1") < got.index(b"/2") < got.index(b"400 invalid")


def test_a_body_that_turns_out_unsound_waits_for_the_answers_before_it() -> None:
    """Its own handler is never asked; its client gets the error."""
    bad = CHUNKED.encode().replace(b" / ", b" /2 ") + b"3\r\nabcd\r\n"

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        await asyncio.sleep(0.02)
        return await echo(asked)

    async def main() -> list[int]:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(request("/1") + bad + SMUGGLED)
            statuses = [(await client.answer()).status, (await client.answer()).status]
            assert await client.rest() == b""
            assert [told.request.path for told in served.told] == ["/1"]
            return statuses

    assert asyncio.run(main()) == [200, 400]


def test_a_body_that_turns_out_unsound_stops_its_handler() -> None:
    """Also when that waits for something else."""
    began = asyncio.Event()

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        began.set()
        await never()
        raise AssertionError

    async def main() -> None:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(CHUNKED.encode())
            await began.wait()
            await client.send(b"not a size\r\n" + SMUGGLED)
            assert (await client.answer()).status == 400
            assert (await served.exchange()).ended == "client gone"

    asyncio.run(main())


def test_an_unsound_body_after_its_answer_began_ends_the_connection() -> None:
    """There is no place left for another answer."""

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        async def pieces() -> Any:
            yield b"begun"
            await never()

        return EdgeResponse(200, body=pieces()), RequestTrace()

    async def main() -> bytes:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(CHUNKED.encode())
            got = await client.reader.readuntil(b"begun")
            await client.send(b"not a size\r\n" + SMUGGLED)
            got += await client.rest()
            assert (await served.exchange()).ended == "client gone"
            return got

    got = asyncio.run(main())
    assert got.count(b"HTTP/1.1") == 1
    assert got.endswith(b"begun\r\n")


@pytest.mark.parametrize("protocol", ["h2c", "TLS/1.0", "websockets", "foo/2"])
def test_an_upgrade_is_not_taken_up(protocol: str) -> None:
    """The request is answered as if it had not asked, and the connection ends: what follows is not HTTP."""

    async def main() -> bytes:
        async with serving() as served:
            upgrade = request("/", "Connection: Upgrade", f"Upgrade: {protocol}")
            return await served.raw(upgrade + SMUGGLED, SMUGGLED)

    got = asyncio.run(main())
    assert got.startswith(b"HTTP/1.1 200 ")
    assert got.endswith(b"GET https://a/ ")


def test_a_websocket_is_refused_with_a_line_and_reported() -> None:
    async def main() -> tuple[bytes, Exchange]:
        async with serving() as served:
            upgrade = request(
                "/ws", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            )  # fmt: skip
            return await served.raw(upgrade + SMUGGLED, SMUGGLED), await served.exchange()

    got, exchange = asyncio.run(main())
    assert got.startswith(b"HTTP/1.1 501 ")
    assert got.endswith(b"501 WebSocket connections are not supported; connect to the origin itself\n")
    assert b"connection: close" in got
    assert (exchange.request.target, exchange.status, exchange.trace.cache) == ("/ws", 501, "error")
    assert exchange.trace.reason.startswith("WebSocket connections are not supported")
