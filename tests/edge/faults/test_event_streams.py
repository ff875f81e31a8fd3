"""Event streams (SSE) and other long responses: a client gets each event before the origin sends the next."""

from __future__ import annotations

import asyncio

import pytest

from edge.faults.site import Site, Turn, run_scenario, site
from edge.serving import Client, request
from edge.waiting import PATIENCE, limited
from prefetchrouter import Router

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"

RULES = {
    "no rule": Router(),
    "bypass": Router().match("/events", caching={"bypass_cache": True}),
    "stored": Router().match("/events", caching={"max_age": "1h"}),
    "compressed": Router().match(
        "/events", response={"compress_content_types": ["text/event-stream", "text/html"]}
    ),
}


class Events:
    """Sends the events that a test puts into the queue of a stream."""

    def __init__(self, *headers: bytes) -> None:
        self.head = HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n"
        self.streams: list[asyncio.Queue[bytes | None]] = []

    async def __call__(self, turn: Turn) -> None:
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams.append(queue)
        await turn.write(self.head)
        while (event := await queue.get()) is not None:
            await turn.write(b"%x\r\n%b\r\n" % (len(event), event))
        await turn.write(b"0\r\n\r\n")


async def opened(running: Site, *headers: str) -> Client:
    client = await running.client()
    await client.send(request("/events", "Accept: text/event-stream", *headers))
    async with asyncio.timeout(PATIENCE):
        head = await client.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-type: text/event-stream" in head.lower()
    assert b"content-encoding" not in head.lower()
    return client


async def next_event(client: Client) -> bytes:
    async with asyncio.timeout(PATIENCE):
        size = int(await client.reader.readuntil(b"\r\n"), 16)
        return (await client.reader.readexactly(size + 2))[:-2]


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("control", [b"Cache-Control: no-store", b"X-A: 1"])
def test_each_event_arrives_before_the_next_is_sent(rules: Router, control: bytes) -> None:
    """Whatever the rules: also while the response is being stored."""

    async def scenario() -> None:
        async with site(rules) as running:
            events = running.origin.answers["/events"] = Events(control)
            client = await opened(running, "Accept-Encoding: gzip")
            for number in range(5):
                event = b"id: %d\ndata: tick\n\n" % number
                events.streams[0].put_nowait(event)
                assert await next_event(client) == event
            events.streams[0].put_nowait(None)
            assert await next_event(client) == b""

    run_scenario(scenario)


def test_two_clients_of_a_stream_that_is_not_stored_have_separate_streams() -> None:
    async def scenario() -> None:
        async with site(RULES["stored"]) as running:
            events = running.origin.answers["/events"] = Events(b"Cache-Control: no-cache, no-store")
            first, second = await opened(running), await opened(running)
            assert len(running.origin.turns) == 2
            for number, client in enumerate((first, second)):
                events.streams[number].put_nowait(b"data: %d\n\n" % number)
                assert await next_event(client) == b"data: %d\n\n" % number
                events.streams[number].put_nowait(None)

    run_scenario(scenario)


def test_a_silent_stream_ends_after_the_limit() -> None:
    """`silence_seconds`: origins send a comment, such as ": ping", more often than that."""

    async def scenario() -> None:
        async with site(Router()) as running:
            events = running.origin.answers["/events"] = Events(b"Cache-Control: no-store")
            with limited(running.limits, silence_seconds=0.05):
                client = await opened(running)
                assert await client.rest() == b""
            events.streams[0].put_nowait(None)

    run_scenario(scenario)
