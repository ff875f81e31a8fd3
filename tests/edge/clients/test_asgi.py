"""The application: requests in, responses out, and each told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from edge.serving import echo, request, run_on, serving
from edge.waiting import PATIENCE, limited
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.request_body import BodyTooLarge
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse

BODY = Limits(request_body_bytes=10, shutdown_seconds=0.2)


def test_a_request_is_answered_and_reported() -> None:
    """With its trace, how long it took and how much was sent."""

    async def main() -> Exchange:
        async with serving(site=SiteIdentity("https", "shop.example")) as served:
            client = await served.client()
            await client.send(
                b"GET /pages/1?x=1 HTTP/1.1\r\nHost: localhost:8000\r\nAccept: text/html\r\n\r\n"
            )
            answer = await client.answer()
            assert (answer.status, answer.body) == (200, b"GET https://shop.example/pages/1?x=1 ")
            assert len(answer.header("date")) == 1
            assert answer.header("server") == []
            return await served.exchange()

    told = asyncio.run(main())
    assert (told.status, told.trace.reason, told.size, told.ended) == (200, "echo", 37, "whole")
    assert told.request.headers["accept"] == "text/html"
    assert told.request.client == "127.0.0.1"
    assert 0 < told.seconds < 5
    assert told.time > 1.7e9


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_a_body_comes_through(loops: str) -> None:
    """With a length or in chunks, and after the client got a 100."""

    async def main() -> None:
        async with serving() as served:
            client = await served.client()
            await client.send(request("/a", "Content-Length: 5", method="POST"), b"he", b"llo")
            assert (await client.answer()).body == b"POST https://a/a hello"
            chunks = (b"2\r\nhe\r\n", b"3\r\nllo\r\n", b"0\r\n\r\n")
            await client.send(request("/b", "Transfer-Encoding: chunked", method="PUT"), *chunks)
            assert (await client.answer()).body == b"PUT https://a/b hello"
            await client.send(request("/c", "Content-Length: 2", "Expect: 100-continue", method="POST"))
            assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            await client.send(b"hi")
            assert (await client.answer()).body == b"POST https://a/c hi"

    run_on(loops, main)


@pytest.mark.parametrize(
    "headers, pieces, status",
    [
        (["Content-Length: 11"], [], 413),
        (["Content-Length: 11", "Expect: 100-continue"], [], 413),
        (["Transfer-Encoding: chunked"], [b"6\r\nabcdef\r\n", b"5\r\nghijk\r\n"], 413),
        (["Content-Length: 10"], [b"abc"], 408),
        (["Transfer-Encoding: chunked"], [b"3\r\nabc\r\n"], 408),
    ],
)
def test_a_body_that_is_too_large_or_too_slow(headers: list[str], pieces: list[bytes], status: int) -> None:
    """Ends its connection, with an answer that says so."""

    async def main() -> None:
        async with serving(limits=BODY) as served:
            client = await served.client()
            with limited(served.limits, request_body_seconds=0.05 if status == 408 else PATIENCE):
                await client.send(request("/", *headers, method="POST"), *pieces)
                answer = await client.answer()
            assert (answer.status, answer.header("connection")) == (status, ["close"])
            assert answer.header("cache-control") == ["no-store"]
            assert await client.rest() == b""
            told = await served.exchange()
            assert (told.status, told.trace.cache, told.ended) == (status, "error", "whole")

    asyncio.run(main())


def test_a_body_error_is_reported_as_such_whatever_the_handler_made_of_it() -> None:
    """Even when it took it for a fault of the origin."""
    closed = []

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                yield b""
            finally:
                closed.append(True)

        body = pieces()
        await anext(body)
        assert asked.body is not None
        with pytest.raises(BodyTooLarge):
            await anext(asked.body)
        return EdgeResponse(502, body=body), RequestTrace("error")

    async def main() -> None:
        async with serving(handle, limits=BODY) as served:
            client = await served.client()
            await client.send(
                request("/", "Transfer-Encoding: chunked", method="POST"), b"b\r\nabcdefghijk\r\n"
            )
            assert (await client.answer()).status == 413

    asyncio.run(main())
    assert closed == [True]


def test_a_refused_request_never_reaches_the_handler() -> None:
    """It is reported, and its connection ends."""

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        raise AssertionError

    async def main() -> None:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(request("/a/../b") + request("/c"))
            answer = await client.answer()
            assert (answer.status, answer.body) == (400, b"400 the path holds a dot segment\n")
            assert answer.header("content-type") == ["text/plain; charset=utf-8"]
            assert (await client.rest()) == b""
            told = await served.exchange()
            assert (told.status, told.request.path, told.trace.cache) == (400, "/a/../b", "error")
            assert len(served.told) == 1

    asyncio.run(main())


def test_a_fault_of_the_edge_is_500_and_told_in_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of it reaches the client, and the next request is served."""

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        if asked.path == "/fault":
            raise KeyError("a secret")
        return await echo(asked)

    async def main() -> None:
        async with serving(handle) as served:
            answer = await served.get("/fault")
            assert answer.status == 500
            assert b"secret" not in answer.body
            assert (await served.get("/")).status == 200

    asyncio.run(main())
    assert [record.getMessage() for record in caplog.records] == ["GET https://a/fault failed"]


def test_an_error_in_the_listener_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    """The response is out already."""

    def told(_: Exchange) -> None:
        raise KeyError

    async def main() -> None:
        async with serving() as served:
            served.server._config.loaded_app._on_exchange = told
            client = await served.client()
            for _ in range(2):
                await client.send(request())
                assert (await client.answer()).status == 200

    asyncio.run(main())
    assert "GET https://a/ could not be logged" in caplog.text


def test_websockets_are_refused() -> None:
    """The edge has none."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    asyncio.run(EdgeApp(echo)({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1002}]


def test_any_asgi_server_can_start_and_stop_it() -> None:
    """There is nothing to do."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    asyncio.run(EdgeApp(echo)({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
