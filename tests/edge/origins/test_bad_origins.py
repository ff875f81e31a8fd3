"""Origins that are down, slow, broken off, or do not speak HTTP: what is said about each."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from edge.origins.raw_origin import (
    OK,
    RawOrigin,
    Script,
    answering,
    get,
    raw_origin,
    reaching,
    read_request,
    silent,
    started,
    whole,
)
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginError, OriginRequest
from prefetchrouter.edge.origins import UrlPlace
from prefetchrouter.edge.origins.place import NotSent

LIMITS = Limits(connect_seconds=2, answer_seconds=2, silence_seconds=2, header_bytes=4096)


def failure(
    script: Script, request: OriginRequest | None = None, limits: Limits = LIMITS
) -> tuple[str, str, bool]:
    """Return what goes wrong, the message without the address, and whether an answer had begun."""

    async def run() -> tuple[str, str, bool]:
        answer = None
        async with raw_origin(script) as origin, reaching(origin, limits) as place:
            try:
                answer = await place.ask(request or get("/"))
                await whole(answer)
            except OriginError as error:
                address, message = error.message.split(" ", 1)
                return error.failure, message if address == origin.url else "", answer is not None
        raise AssertionError("nothing went wrong")

    return asyncio.run(asyncio.wait_for(run(), 10))


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
def test_what_is_no_http_or_contradicts_itself(raw: bytes) -> None:
    kind, message, begun = failure(answering(raw, then_close=True))

    assert (kind, begun) == ("garbage", False)
    assert message.startswith("sent no proper HTTP: ")
    assert "\n" not in message
    assert len(message) > len("sent no proper HTTP: ")


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
def test_chunks_that_are_none(chunk: bytes) -> None:
    raw = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n" + chunk

    assert failure(answering(raw))[0] in ("cut", "garbage")


def test_a_body_that_ends_with_a_reset() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        await read_request(reader, origin)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nsome")
        await writer.drain()
        await asyncio.sleep(0.05)
        linger = b"\x01\0\0\0\0\0\0\0"
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    assert failure(reset) == ("cut", "broke off in the body", True)


def test_an_origin_that_closes_at_once() -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        writer.close()

    assert failure(close) == ("unreachable", "ended the connection without an answer", False)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200", HEAD + b"X-A: 1\r\n", b"HTTP/1.1 100 C\r\n\r\n"])
def test_an_origin_that_closes_within_the_head_is_asked_once(begun: bytes) -> None:
    async def run() -> int:
        async with raw_origin(answering(begun, then_close=True)) as origin:
            async with started(UrlPlace("http", "127.0.0.1", origin.port, limits=LIMITS)) as place:
                with pytest.raises(OriginError, match="ended the connection without an answer"):
                    await place.ask(get("/"))
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

    assert failure(script, limits=limits) == ("timeout", "gave no answer within 0.1 s", False)


async def _never_reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    await asyncio.sleep(60)


def test_an_origin_that_does_not_take_the_body() -> None:
    request = replace(get("/", "POST"), body=b"x" * 30_000_000)

    assert failure(_never_reads, request, replace(LIMITS, answer_seconds=0.2))[0] == "timeout"


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
        async with raw_origin(answering(raw)) as origin:
            limits = replace(LIMITS, silence_seconds=0.1)
            async with started(UrlPlace("http", "127.0.0.1", origin.port, limits=limits)) as place:
                answer = await place.ask(get("/"))
                await asyncio.sleep(0.3)
                return len(await whole(answer))

    assert asyncio.run(run()) == 3_000_000


def _unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_an_origin_that_refuses_has_seen_nothing() -> None:
    async def run() -> NotSent:
        async with started(UrlPlace("http", "127.0.0.1", _unused_port(), limits=LIMITS)) as place:
            with pytest.raises(NotSent, match="cannot be reached: ") as caught:
                await place.ask(get("/"))
            return caught.value

    assert asyncio.run(run()).failure == "unreachable"


def test_a_name_that_has_no_address() -> None:
    async def run() -> NotSent:
        async with started(UrlPlace("http", "origin.invalid", None, limits=LIMITS)) as place:
            with pytest.raises(NotSent, match=r"^http://origin\.invalid cannot be reached: ") as caught:
                await place.ask(get("/"))
            return caught.value

    assert asyncio.run(run()).failure == "unreachable"


def test_a_connection_that_is_never_made() -> None:
    """A TLS handshake that the other side never answers."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
        await reader.read()

    async def run() -> NotSent:
        async with raw_origin(mute) as origin:
            limits = replace(LIMITS, connect_seconds=0.1)
            async with started(UrlPlace("https", "127.0.0.1", origin.port, limits=limits)) as place:
                with pytest.raises(NotSent, match=r"no connection within 0\.1 s") as caught:
                    await place.ask(get("/"))
                return caught.value

    assert asyncio.run(run()).failure == "timeout"


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
        async with raw_origin(_hangs_up) as origin, reaching(origin, LIMITS) as place:
            await whole(await place.ask(get("/first")))
            try:
                await whole(await place.ask(get("/second", method)))
                outcome = "answered"
            except OriginError as error:
                outcome = error.failure
            return len(origin.heads) - 1, outcome

    assert asyncio.run(run()) == (times, "answered" if times == 2 else "unreachable")


def test_a_get_with_a_body_is_not_sent_twice() -> None:
    async def run() -> int:
        async with raw_origin(_hangs_up) as origin, reaching(origin, LIMITS) as place:
            await whole(await place.ask(get("/first")))
            with pytest.raises(OriginError):
                await place.ask(replace(get("/second"), body=b"x"))
            return len(origin.heads)

    assert asyncio.run(run()) == 2


@pytest.mark.parametrize("wait", [0.0, 0.05])
def test_what_an_origin_says_unasked_is_not_the_answer_to_the_next_request(wait: float) -> None:
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

    async def run() -> tuple[list[bytes], int]:
        async with raw_origin(poisoning) as origin, reaching(origin, LIMITS) as place:
            bodies = []
            for _ in range(2):
                bodies.append(await whole(await place.ask(get("/"))))
                await asyncio.sleep(wait + 0.05)
            return bodies, origin.connections

    assert asyncio.run(run()) == ([b"ok", b"ok"], 2)


def test_a_body_after_an_answer_to_head_is_not_the_next_answer() -> None:
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"

    async def run() -> list[bytes]:
        bodies = []
        async with raw_origin(answering(OK + poison, OK)) as origin, reaching(origin, LIMITS) as place:
            for method in ("HEAD", "GET"):
                try:
                    bodies.append(await whole(await place.ask(get("/", method))))
                except OriginError as error:
                    bodies.append(error.failure.encode())
        return bodies

    assert asyncio.run(run())[0] in (b"", b"garbage")
    assert b"poison" not in asyncio.run(run())[1]
