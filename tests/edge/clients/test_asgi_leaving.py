"""Clients that leave, or read slowly: what is under way for them ends, or waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from edge.serving import never, request, run_on, serving
from edge.waiting import PATIENCE, pass_by, run_by_hand, until
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_the_handler_is_cancelled_when_its_client_leaves(loops: str) -> None:
    """No one waits for the answer any more; it is reported."""
    began, cancelled = asyncio.Event(), asyncio.Event()

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        began.set()
        try:
            await never()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError

    async def main() -> Exchange:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(request("/gone"))
            await began.wait()
            await client.close()
            await asyncio.wait_for(cancelled.wait(), PATIENCE)
            return await served.exchange()

    told = run_on(loops, main)
    assert (told.request.path, told.status, told.ended, told.size) == ("/gone", 499, "client gone", 0)


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_a_body_is_closed_when_its_client_leaves(loops: str) -> None:
    """In the middle of it, while it waits for its origin."""
    closed = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b"abc"
            await never()
        finally:
            closed.set()

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        return EdgeResponse(200, body=pieces()), RequestTrace("miss")

    async def main() -> Exchange:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(request())
            assert await client.reader.readuntil(b"abc")
            await client.close()
            await asyncio.wait_for(closed.wait(), PATIENCE)
            return await served.exchange()

    told = run_on(loops, main)
    assert (told.status, told.ended, told.size) == (200, "client gone", 3)


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_does_not_read_is_cut(loops: str, streamed: bool) -> None:
    """After the time that it has for a piece, and its body is closed."""
    piece = b"x" * 1024 * 1024
    closed = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield piece
        finally:
            closed.set()

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        return EdgeResponse(200, body=pieces() if streamed else piece * 64), RequestTrace("miss")

    async def main() -> Exchange:
        async with serving(handle, limits=Limits(write_seconds=0.1)) as served:
            client = await served.client()
            await client.send(request())
            if streamed:
                await asyncio.wait_for(closed.wait(), PATIENCE)
            await until(lambda: not served.server._state.connections)
            return await served.exchange()

    told = run_on(loops, main)
    assert told.ended == "client gone"


def test_a_client_that_reads_slowly_gets_everything() -> None:
    """However long all of it takes, as long as it goes on."""
    body = b"x" * 16 * 1024 * 1024

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        return EdgeResponse(200, body=body), RequestTrace("miss")

    async def main() -> tuple[int, int]:
        async with serving(handle) as served:
            client = await served.client()
            await client.send(request())
            await client.reader.readuntil(b"\r\n\r\n")
            (held,) = served.server._connections()
            size = passed = 0
            while size < len(body):
                before = held.transport.get_write_buffer_size()
                piece = await client.reader.read(1024 * 1024)
                assert piece
                size += len(piece)
                if held.transport.get_write_buffer_size() != before:  # it has taken something
                    pass_by(served.limits.write_seconds * 0.9)
                    passed += 1
            return size, passed

    size, passed = run_by_hand(main())
    assert size == len(body)
    assert passed > 5
