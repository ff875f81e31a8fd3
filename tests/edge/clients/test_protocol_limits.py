"""What a connection may cost: large heads, slow clients, bodies that no one reads, too many of them."""

from __future__ import annotations

import asyncio

import pytest

from edge.serving import Client, echo, request, run_on, serving
from edge.waiting import PATIENCE, limited, until
from prefetchrouter.edge.clients import protocol
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse

HEAD = Limits(header_bytes=2000, shutdown_seconds=0.2)


@pytest.mark.parametrize(
    "pieces",
    [
        [request("/" + "a" * 2000)],
        [request("/", "X: " + "a" * 2000)],
        [request("/", *(f"X-{number}: 1" for number in range(300)))],
        [b"GET /" + b"a" * 2500],
        [b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1000, b"a" * 1000, b"a" * 1000],
        [b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1500, b"a" * 600 + b"\r\n\r\n"],
        [request("/1") + request("/", "X: " + "a" * 2000)],
    ],
)
def test_a_head_is_not_larger_than_allowed(pieces: list[bytes]) -> None:
    """Whether it is complete or still comes."""

    async def main() -> bytes:
        async with serving(limits=HEAD) as served:
            return await served.raw(*pieces)

    got = asyncio.run(main())
    assert got.split(b"HTTP/1.1 ")[-1].startswith(b"431 ")
    assert b"connection: close" in got


def test_only_the_head_counts_as_head() -> None:
    """Not a body, nor other heads that came with it."""

    async def main() -> None:
        async with serving(limits=HEAD) as served:
            client = await served.client()
            post = request("/", "Content-Length: 100000", method="POST") + b"x" * 100000
            await client.send(post + request("/", "X: " + "a" * 1900)[:1000])
            assert len((await client.answer()).body) > 100000
            await client.send(request("/", "X: " + "a" * 1900)[1000:])
            assert (await client.answer()).status == 200
            await client.send(request("/") * 100)
            for _ in range(100):
                assert (await client.answer()).status == 200

    asyncio.run(main())


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_a_head_that_takes_too_long_is_refused(loops: str) -> None:
    """However steadily it comes; also on a connection that was good before."""

    async def trickled(client: Client) -> bytes:
        async def trickle() -> None:
            for byte in request("/", "X: " + "a" * 1000):
                client.writer.write(bytes([byte]))
                await asyncio.sleep(0.01)

        task = asyncio.create_task(trickle())
        try:
            return await client.rest()
        finally:
            task.cancel()

    async def main() -> None:
        async with serving() as served:
            client, other = await served.client(), await served.client()
            await other.send(request())
            assert (await other.answer()).status == 200
            with limited(served.limits, request_head_seconds=0.1):
                assert (await trickled(client)).startswith(b"HTTP/1.1 408 ")
                assert (await trickled(other)).startswith(b"HTTP/1.1 408 ")

    run_on(loops, main)


@pytest.mark.parametrize("asked", [0, 1, 3])
def test_an_idle_connection_is_closed_without_a_word(asked: int) -> None:
    """Before its first request and after others; browsers keep some for later."""

    async def main() -> bytes:
        async with serving() as served:
            with limited(served.limits, request_head_seconds=PATIENCE if asked else 0.1):
                client = await served.client()
                await until(lambda: served.server._connections())
            for left in reversed(range(asked)):
                with limited(served.limits, idle_seconds=PATIENCE if left else 0.1):
                    await client.send(request())
                    assert (await client.answer()).status == 200
            return await client.rest()

    assert asyncio.run(main()) == b""


def test_a_request_may_take_longer_than_a_connection_may_idle() -> None:
    """Waiting for the edge is not idling."""

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        await asyncio.sleep(0.3)
        return await echo(asked)

    async def main() -> int:
        async with serving(handle, limits=Limits(idle_seconds=0.05, shutdown_seconds=0.2)) as served:
            return (await served.get()).status

    assert asyncio.run(main()) == 200


async def deny(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
    return EdgeResponse(403, body=b"no"), RequestTrace("synthetic")


def test_a_body_that_no_one_reads_is_thrown_away() -> None:
    """The connection goes on with what follows it."""

    async def main() -> None:
        async with serving(deny) as served:
            client = await served.client()
            post = request("/", "Content-Length: 300000", method="POST")
            await client.send(post + b"x" * 100000)
            assert (await client.answer()).status == 403
            await client.send(b"x" * 200000 + request("/next"))
            assert (await client.answer()).status == 403
            assert [told.request.path for told in served.told] == ["/", "/next"]

    asyncio.run(main())


async def flood(client: Client) -> None:
    for _ in range(10_000):
        await client.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_much_that_no_one_reads_ends_the_connection(loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the client had its answer."""
    monkeypatch.setattr(protocol, "_LINGER_SECONDS", 0.1)

    async def main() -> None:
        async with serving(deny, limits=Limits(shutdown_seconds=0.2)) as served:
            client = await served.client()
            await client.send(request("/", "Transfer-Encoding: chunked", method="POST"))
            assert (await client.answer()).status == 403
            with pytest.raises(ConnectionError):
                await flood(client)

    run_on(loops, main)


def test_a_body_that_no_one_reads_may_not_stop_either() -> None:
    """The connection is neither idle nor good for another request."""

    async def main() -> bytes:
        async with serving(deny, limits=Limits(request_body_seconds=0.1, shutdown_seconds=0.2)) as served:
            client = await served.client()
            await client.send(request("/", "Content-Length: 10", method="POST") + b"x")
            assert (await client.answer()).status == 403
            return await client.rest()

    assert asyncio.run(main()) == b""


def test_there_are_only_so_many_connections() -> None:
    """One more gets an error, and is closed; when one leaves there is room again."""

    async def main() -> None:
        async with serving(limits=Limits(connections=2, shutdown_seconds=0.2)) as served:
            first, second = await served.client(), await served.client()
            for client in (first, second):
                await client.send(request())
                assert (await client.answer()).status == 200
            third = await served.client()
            assert (await third.rest()).startswith(b"HTTP/1.1 503 ")
            await third.close()
            await first.close()
            await until(lambda: len(served.server._state.connections) <= 1)
            assert (await served.get()).status == 200

    asyncio.run(main())
