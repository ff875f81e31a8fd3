"""Bodies of answers: where they end, and what is said of those that break off or fall silent."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from edge.origins.raw_origin import (
    LIMITS,
    OK,
    RawOrigin,
    answering,
    asked_in_turn,
    failure,
    get,
    raw_origin,
    reaching,
    read_request,
    whole,
)
from edge.waiting import pass_by, run_by_hand, settled
from prefetchrouter.edge.origin_client import OriginError

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "method, raw, body, connections",
    [
        (
            "GET",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
            b"ok",
            1,
        ),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"", 2),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", b"", 2),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", b"", 1),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", 1),
    ],
)
def test_where_an_answer_ends(method: str, raw: bytes, body: bytes, connections: int) -> None:
    """And the connection carries the next request, unless a body is announced that must not come."""
    origin, _, bodies = asked_in_turn(answering(raw), get("/", method), get("/", method))

    assert bodies == [body, body]
    assert origin.connections == connections


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.0 200 OK\r\n\r\nto the end", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"]
)
def test_a_body_without_a_length_ends_with_the_connection(raw: bytes) -> None:
    _, _, bodies = asked_in_turn(answering(raw, then_close=True), get("/"))

    assert bodies == [b"to the end"]


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 10\r\n\r\nabc",
        HEAD + b"Content-Length: 10\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_body_that_is_cut_off(raw: bytes) -> None:
    assert failure(answering(raw, then_close=True)) == ("cut", "broke off in the body", True)


@pytest.mark.parametrize("chunk", [b"xyz\r\nhello\r\n", b"-5\r\nhello\r\n", b"5\r\nhelloworld\r\n0\r\n\r\n"])
def test_invalid_chunks(chunk: bytes) -> None:
    raw = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n" + chunk

    assert failure(answering(raw))[0] in ("cut", "garbage")


def test_a_body_that_ends_with_a_reset() -> None:
    begun = asyncio.Event()

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        await read_request(reader, origin)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nsome")
        await begun.wait()  # else the reset could overtake what is still to be read
        linger = b"\x01\0\0\0\0\0\0\0"
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def run() -> str:
        async with raw_origin(reset) as origin, reaching(origin, LIMITS) as upstream:
            answer = await upstream.fetch(get("/"))
            begun.set()
            with pytest.raises(OriginError, match="broke off in the body") as caught:
                await whole(answer)
            return caught.value.failure

    assert asyncio.run(run()) == "cut"


async def _half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    await read_request(reader, origin)
    writer.write(HEAD + b"Content-Length: 10\r\n\r\nhalf")
    await asyncio.sleep(60)


def test_a_body_that_falls_silent() -> None:
    limits = replace(LIMITS, silence_seconds=0.1)
    told = failure(_half, limits=limits)

    assert told == ("timeout", "sent nothing for 0.1 s in the body", True)


def test_a_request_can_have_its_own_limit_of_silence() -> None:
    told = failure(_half, replace(get("/"), timeout=0.05))

    assert told == ("timeout", "sent nothing for 0.05 s in the body", True)


def test_a_slow_reader_is_not_a_silent_origin() -> None:
    raw = HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 3_000_000

    async def run() -> int:
        async with raw_origin(answering(raw)) as origin, reaching(origin, LIMITS) as upstream:
            answer = await upstream.fetch(get("/"))
            for _ in range(5):
                pass_by(LIMITS.silence_seconds * 2)
                await settled()
            return len(await whole(answer))

    assert run_by_hand(run()) == 3_000_000
