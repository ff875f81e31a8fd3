"""What goes out to an origin, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
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
    started,
    whole,
)
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginAnswer, OriginError, OriginRequest
from prefetchrouter.edge.origins import UrlPlace
from prefetchrouter.http import HeaderFields

LIMITS = Limits(connect_seconds=2, answer_seconds=2, silence_seconds=2)


def exchange(
    script: Script, *requests: OriginRequest, limits: Limits = LIMITS, host_header: str | None = None
) -> tuple[RawOrigin, list[OriginAnswer], list[bytes]]:
    """Send requests one after the other, and read each answer to its end."""

    async def run() -> tuple[RawOrigin, list[OriginAnswer], list[bytes]]:
        async with raw_origin(script) as origin:
            place = UrlPlace("http", "127.0.0.1", origin.port, limits=limits, host_header=host_header)
            async with started(place):
                answers, bodies = [], []
                for request in requests:
                    answer = await place.ask(request)
                    answers.append(answer)
                    bodies.append(await whole(answer))
                return origin, answers, bodies

    return asyncio.run(run())


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "//a",
        "//a//b/",
        "/%2F",
        "/%2f%2E%2e",
        "/a%20b?x=%7E&&y",
        "/x?",
        "/?",
        "/a;b=c",
        "/a'\"<>{}|\\^`",
        "/?q=\"a\"&b='c'",
        "/a?b?c",
        "/a+b?c+d=%2B",
        "/%",
        "/a:b@c",
        "/..;/a",
        "/a%C3%A9",
        "/http://other.example/",
    ],
)
def test_path_and_query_go_out_to_the_byte(target: str) -> None:
    origin, _, _ = exchange(answering(OK), get(target))

    assert origin.lines == [f"GET {target} HTTP/1.1"]


def test_only_the_headers_of_the_request_go_out() -> None:
    """In their order, repeated ones apart; nothing of the connection, nothing of the library's own."""
    headers = HeaderFields(
        [
            ("accept", "text/html"),
            ("Host", "Shop.Example:8080"),
            ("x-a", "1"),
            ("cookie", "a=1"),
            ("x-a", "2"),
            ("te", "trailers"),
            ("connection", "keep-alive"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "websocket"),
            ("expect", "100-continue"),
        ]
    )
    origin, _, _ = exchange(answering(OK), OriginRequest("GET", "http", "/", headers))

    assert origin.heads[0].split(b"\r\n")[1:-2] == [
        b"host: Shop.Example:8080",
        b"accept: text/html",
        b"x-a: 1",
        b"x-a: 2",
        b"cookie: a=1",
    ]


def test_the_host_header_can_be_another() -> None:
    origin, _, _ = exchange(answering(OK), get("/"), host_header="origin.example")

    assert origin.heads[0].split(b"\r\n")[1:-2] == [b"host: origin.example"]


def test_bytes_outside_ascii_are_kept() -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 0\r\n\r\n"
    name = "café".encode().decode("latin-1")
    origin, answers, _ = exchange(answering(answer), get("/", **{"x-name": name, "x-odd": "caf\xe9"}))

    assert b"x-name: caf\xc3\xa9\r\n" in origin.heads[0]
    assert answers[0].headers["x-name"] == "caf\xe9"


def test_a_header_with_a_line_break_is_not_sent() -> None:
    with pytest.raises(OriginError, match="cannot be asked this") as caught:
        exchange(answering(OK), get("/", **{"x-a": "1\r\nx-b: 2"}))

    assert caught.value.failure == "garbage"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND"])
def test_a_body_in_one_piece_has_its_length(method: str) -> None:
    request = replace(get("/", method), body=b"four")
    origin, _, _ = exchange(answering(OK), request)

    assert origin.bodies == [b"four"]
    assert origin.heads[0].split(b"\r\n")[1:-2] == [b"host: shop.example", b"content-length: 4"]


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        await asyncio.sleep(0)
        yield piece


def test_a_streamed_body_keeps_the_length_that_is_known() -> None:
    known = replace(get("/", "POST", **{"content-length": "4"}), body=_pieces(b"fo", b"ur"))
    unknown = replace(get("/", "PUT"), body=_pieces(b"fo", b"ur"))
    origin, _, _ = exchange(answering(OK), known, unknown)

    assert origin.bodies == [b"four", b"four"]
    assert b"content-length: 4\r\n" in origin.heads[0]
    assert b"chunked" not in origin.heads[0].lower()
    assert b"transfer-encoding: chunked" in origin.heads[1].lower()


@pytest.mark.parametrize("length", ["3", "5"])
def test_a_streamed_body_of_another_length_is_not_passed_off_as_whole(length: str) -> None:
    request = replace(get("/", "POST", **{"content-length": length}), body=_pieces(b"fo", b"ur"))

    with pytest.raises(OriginError, match="the body"):
        exchange(answering(OK), request)


def test_why_a_streamed_body_broke_off_is_told_as_it_was() -> None:
    class Gone(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"fo"
        raise Gone

    async def run() -> RawOrigin:
        async with raw_origin(answering(OK)) as origin:
            async with started(UrlPlace("http", "127.0.0.1", origin.port, limits=LIMITS)) as place:
                with pytest.raises(Gone):
                    await place.ask(replace(get("/", "POST"), body=broken()))
            return origin

    assert asyncio.run(run()).heads == []


def test_a_slow_upload_is_no_slow_answer() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(6):
            await asyncio.sleep(0.05)
            yield b"x"

    limits = replace(LIMITS, answer_seconds=0.2)
    origin, _, _ = exchange(answering(OK), replace(get("/", "POST"), body=slow()), limits=limits)

    assert origin.bodies == [b"xxxxxx"]


def test_an_answer_comes_without_the_headers_of_the_connection() -> None:
    raw = (
        b"HTTP/1.1 203 Fine\r\nServer: x\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
        b"Keep-Alive: timeout=5\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n"
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        b"Trailer: x-t\r\nUpgrade: h2c\r\nX-Empty:\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n"
    )
    _, (answer,), bodies = exchange(answering(raw), get("/"))

    assert answer.status == 203
    assert answer.headers.fields() == (
        ("server", "x"),
        ("set-cookie", "a=1; Path=/"),
        ("set-cookie", "b=2"),
        ("content-encoding", "gzip"),
        ("x-empty", ""),
    )
    assert bodies == [b"hello"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 404, 500, 599, 999])
def test_no_status_is_acted_upon(status: int) -> None:
    raw = f"HTTP/1.1 {status} X\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n".encode()
    origin, answers, _ = exchange(answering(raw), get("/"))

    assert [answer.status for answer in answers] == [status]
    assert len(origin.heads) == 1


@pytest.mark.parametrize(
    "method, raw, body",
    [
        ("GET", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, b"ok"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b""),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", b""),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
def test_where_an_answer_ends(method: str, raw: bytes, body: bytes) -> None:
    """And the connection carries the next request."""
    origin, _, bodies = exchange(answering(raw), get("/", method), get("/", method))

    assert bodies == [body, body]
    assert origin.connections == 1


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.0 200 OK\r\n\r\nto the end", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"]
)
def test_a_body_without_a_length_ends_with_the_connection(raw: bytes) -> None:
    _, _, bodies = exchange(answering(raw, then_close=True), get("/"))

    assert bodies == [b"to the end"]


def test_no_cookie_comes_back() -> None:
    raw = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    origin, _, _ = exchange(answering(raw), get("/"), get("/"))

    assert b"cookie" not in origin.heads[1].lower()


def test_no_proxy_of_the_surroundings_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    _, _, bodies = exchange(answering(OK), get("/"))

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
            async with started(UrlPlace("http", "127.0.0.1", origin.port, limits=limits)) as place:

                async def one() -> bytes:
                    return await whole(await place.ask(get("/")))

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
            async with started(UrlPlace("http", "127.0.0.1", origin.port, limits=limits)) as place:
                first = await place.ask(get("/1"))
                await first.close()
                second = await place.ask(get("/2"))
                piece = await anext(second.body)
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
        async with raw_origin(slow_at_first) as origin, reaching(origin, LIMITS) as place:
            task = asyncio.create_task(place.ask(get("/1")))
            while not origin.heads:
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(gone.wait(), 2)
            return await whole(await place.ask(get("/2"))), origin.connections

    assert asyncio.run(run()) == (b"ok", 2)


def test_the_other_scheme_is_another_port() -> None:
    matching = UrlPlace("match", "a.example", None, limits=LIMITS)
    fixed = UrlPlace("http", "::1", 8080, limits=LIMITS)

    assert [matching.address(scheme) for scheme in ("http", "https")] == [
        "http://a.example",
        "https://a.example",
    ]
    assert fixed.address("https") == "http://[::1]:8080"
