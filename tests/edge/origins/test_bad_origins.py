"""Origins that are down, slow, broken off, or do not speak HTTP: what is said about each."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from edge.origins.raw_origin import (
    LIMITS,
    RawOrigin,
    Script,
    answering,
    failure,
    get,
    raw_origin,
    read_request,
    silent,
    started,
)
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.origins import UrlUpstream
from prefetchrouter.edge.origins.upstream import NotSent

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"not http at all\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        HEAD + b"Content-Length: 2, 3\r\n\r\nabc",
        HEAD + b"Content-Length: +2\r\n\r\nab",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 0x2\r\n\r\nab",
        HEAD + b"Content-Length: two\r\n\r\nab",
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\nab",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: identity\r\n\r\nab",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        HEAD + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"X-A: a\x1bb\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"X A: 1\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"X-A : 1\r\nContent-Length: 0\r\n\r\n",
        HEAD + b": 1\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"no colon\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
def test_what_is_not_http_or_contradicts_itself(raw: bytes) -> None:
    kind, message, begun = failure(answering(raw, then_close=True))

    assert (kind, begun) == ("garbage", False)
    assert message.startswith("sent invalid HTTP: ")
    assert "\n" not in message
    assert len(message) > len("sent invalid HTTP: ")


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"X-A: " + b"a" * 5000 + b"\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 90) for number in range(60)) + b"\r\n",
        HEAD + b"X-A: " + b"a" * 5_000_000,
        b"HTTP/1.1 200 " + b"a" * 5_000_000,
    ],
)
def test_a_head_that_is_too_large(raw: bytes) -> None:
    kind, message, begun = failure(answering(raw, then_close=True))

    assert (kind, message, begun) == ("too-large", "sent headers of more than 4096 bytes", False)


def test_a_head_of_too_many_fields() -> None:
    raw = HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(2000)) + b"\r\n"

    assert failure(answering(raw)) == ("too-large", "sent too many headers", False)


def test_an_origin_that_closes_at_once() -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        writer.close()

    assert failure(close) == ("unreachable", "closed the connection without a response", False)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200", HEAD + b"X-A: 1\r\n", b"HTTP/1.1 100 C\r\n\r\n"])
def test_an_origin_that_closes_within_the_head_is_asked_once(begun: bytes) -> None:
    async def run() -> int:
        async with raw_origin(answering(begun, then_close=True)) as origin:
            async with started(UrlUpstream("http", "127.0.0.1", origin.port, limits=LIMITS)) as upstream:
                with pytest.raises(OriginError, match="closed the connection without a response"):
                    await upstream.fetch(get("/"))
            return len(origin.heads)

    assert asyncio.run(run()) == 1


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    await read_request(reader, origin)
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("script", [silent, _trickle])
def test_an_origin_that_is_too_slow(script: Script) -> None:
    limits = replace(LIMITS, answer_seconds=0.1)

    assert failure(script, limits=limits) == ("timeout", "sent no response within 0.1 s", False)


def _unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_an_origin_that_refuses_has_seen_nothing() -> None:
    async def run() -> NotSent:
        async with started(UrlUpstream("http", "127.0.0.1", _unused_port(), limits=LIMITS)) as upstream:
            with pytest.raises(NotSent, match="cannot be reached: ") as caught:
                await upstream.fetch(get("/"))
            return caught.value

    assert asyncio.run(run()).failure == "unreachable"


def test_a_name_that_has_no_address() -> None:
    async def run() -> NotSent:
        async with started(UrlUpstream("http", "origin.invalid", None, limits=LIMITS)) as upstream:
            with pytest.raises(NotSent, match=r"^http://origin\.invalid cannot be reached: ") as caught:
                await upstream.fetch(get("/"))
            return caught.value

    assert asyncio.run(run()).failure == "unreachable"


def test_a_connection_that_is_never_made() -> None:
    """A TLS handshake that the other side never answers."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        await reader.read()

    async def run() -> NotSent:
        async with raw_origin(mute) as origin:
            limits = replace(LIMITS, connect_seconds=0.1)
            async with started(UrlUpstream("https", "127.0.0.1", origin.port, limits=limits)) as upstream:
                with pytest.raises(NotSent, match=r"no connection within 0\.1 s") as caught:
                    await upstream.fetch(get("/"))
                return caught.value

    assert asyncio.run(run()).failure == "timeout"
