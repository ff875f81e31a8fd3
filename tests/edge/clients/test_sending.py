"""How responses are framed, seen by clients on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from edge.serving import Answer, Served, request, serving
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields


class Pieces:
    """A body that knows whether it was closed."""

    def __init__(self, *pieces: bytes, breaks_off: bool = False) -> None:
        self.pieces = iter(pieces)
        self.breaks_off = breaks_off
        self.closed = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(0)
        for piece in self.pieces:
            return piece
        if self.breaks_off:
            raise OriginError("cut", "the origin broke off")
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self.closed += 1


def given(response: EdgeResponse, message: bytes) -> tuple[bytes, Served]:
    """What a client gets, to the last byte, when it asks with a message and all is answered like this."""

    async def handle(_: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        return response, RequestTrace("miss")

    async def main() -> tuple[bytes, Served]:
        async with serving(handle, limits=Limits(object_bytes=10)) as served:
            client = await served.client()
            await client.send(message)
            got = await client.rest()
            await served.exchange()
        return got, served

    return asyncio.run(main())


def parts(got: bytes) -> tuple[bytes, list[bytes], bytes]:
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first, lines, body


CLOSE = request("/", "Connection: close")


def test_a_whole_body_has_its_length() -> None:
    """Whatever the headers say of it."""
    headers = HeaderFields({"content-length": "99", "transfer-encoding": "chunked", "date": "x"})
    got, served = given(EdgeResponse(200, headers, b"abc"), CLOSE)
    assert got == b"HTTP/1.1 200 OK\r\ndate: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc"
    assert (served.told[0].size, served.told[0].ended) == (3, "whole")


def test_an_empty_body_has_a_length_too() -> None:
    """Or the client would wait for it."""
    assert b"content-length: 0" in parts(given(EdgeResponse(412), CLOSE)[0])[1]


def test_a_body_in_pieces_keeps_the_length_that_its_origin_gave() -> None:
    """So that the client can show how far it is."""
    body = Pieces(b"ab", b"", b"c")
    got, served = given(EdgeResponse(200, HeaderFields({"content-length": "3"}), body), CLOSE)
    assert b"content-length: 3" in parts(got)[1]
    assert parts(got)[2] == b"abc"
    assert (served.told[0].size, served.told[0].ended, body.closed) == (3, "whole", 1)


def test_a_body_of_unknown_length_goes_in_chunks() -> None:
    """An empty piece is not taken for the end."""
    body = Pieces(b"ab", b"", b"c")
    got, _ = given(EdgeResponse(200, body=body), CLOSE)
    assert b"transfer-encoding: chunked" in parts(got)[1]
    assert parts(got)[2] == b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    assert body.closed == 1


def test_an_old_client_gets_no_chunks() -> None:
    """HTTP/1.0 has none: the body is buffered first."""
    body = Pieces(b"ab", b"c")
    got, _ = given(EdgeResponse(200, body=body), request(version="1.0"))
    assert b"content-length: 3" in parts(got)[1]
    assert parts(got)[2] == b"abc"
    assert body.closed == 1


@pytest.mark.parametrize("body", [Pieces(b"x" * 6, b"x" * 6), Pieces(b"x", breaks_off=True)])
def test_an_old_client_gets_an_error_when_a_body_cannot_be_gathered(body: Pieces) -> None:
    """Since it is too large for that, or broke off."""
    got, _ = given(EdgeResponse(200, body=body), request(version="1.0"))
    assert got.startswith(b"HTTP/1.1 502 ")
    assert body.closed == 1


@pytest.mark.parametrize("length", ["4", None])
def test_a_body_that_breaks_off_ends_the_connection(
    length: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Before its end, so that the client can tell; and it is not a fault of the edge."""
    body = Pieces(b"ab", breaks_off=True)
    headers = HeaderFields({"content-length": length} if length else {})
    got, served = given(EdgeResponse(200, headers, body), request())
    assert parts(got)[2] == (b"ab" if length else b"2\r\nab\r\n")
    assert (served.told[0].size, served.told[0].ended, body.closed) == (2, "origin broke off", 1)
    assert caplog.records == []


@pytest.mark.parametrize("pieces, sent", [((b"ab", b"cdef"), b"ab"), ((b"ab",), b"ab")])
def test_a_body_of_another_length_than_it_says_ends_the_connection(
    pieces: tuple[bytes, ...], sent: bytes
) -> None:
    """What is over it would be taken for the next response."""
    body = Pieces(*pieces)
    got, served = given(EdgeResponse(200, HeaderFields({"content-length": "3"}), body), request())
    assert parts(got)[2] == sent
    assert (served.told[0].ended, body.closed) == ("origin broke off", 1)


@pytest.mark.parametrize(
    "response, length",
    [
        (EdgeResponse(200, body=b"abc"), [b"3"]),
        (EdgeResponse(200, HeaderFields({"content-length": "7"}), b""), [b"7"]),
        (EdgeResponse(200, HeaderFields({"content-length": "7"}), Pieces(b"a")), [b"7"]),
        (EdgeResponse(200, body=Pieces(b"a")), []),
        (EdgeResponse(200), []),
    ],
)
def test_head_gets_what_get_would_without_the_body(response: EdgeResponse, length: list[bytes]) -> None:
    """With the length where it is known."""
    got, served = given(response, request("/", "Connection: close", method="HEAD"))
    _, lines, body = parts(got)
    assert [line[16:] for line in lines if line.startswith(b"content-length")] == length
    assert not any(line.startswith(b"transfer-encoding") for line in lines)
    assert (body, served.told[0].size, served.told[0].ended) == (b"", 0, "whole")
    if isinstance(response.body, Pieces):
        assert response.body.closed == 1


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("body", [b"abc", Pieces(b"abc")])
def test_some_responses_never_have_a_body(status: int, body: bytes | Pieces) -> None:
    """Nor a length of one."""
    got, _ = given(EdgeResponse(status, HeaderFields({"content-length": "3", "etag": '"a"'}), body), CLOSE)
    _, lines, rest = parts(got)
    assert b'etag: "a"' in lines
    assert not any(line.startswith((b"content-length", b"transfer-encoding")) for line in lines)
    assert rest == b""


@pytest.mark.parametrize("status", [100, 103, 199, 600, 999])
def test_a_status_that_ends_nothing_is_an_error(status: int) -> None:
    """The client would wait for another."""
    body = Pieces(b"a")
    assert given(EdgeResponse(status, body=body), request())[0].startswith(b"HTTP/1.1 502 ")
    assert body.closed == 1


def test_a_fault_in_a_body_is_reported_in_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    """It is one of the edge; the client sees a body that breaks off."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"
        raise KeyError("a fault")

    got, served = given(EdgeResponse(200, body=pieces()), request())
    assert parts(got)[2] == b"2\r\nab\r\n"
    assert served.told[0].ended == "origin broke off"
    assert "could not be read to its end" in caplog.text


def test_responses_follow_each_other_on_a_connection() -> None:
    """Each with its own body, whatever its framing."""

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        number = asked.path[1:].encode()
        if int(number) % 3 == 0:
            return EdgeResponse(304), RequestTrace()
        return EdgeResponse(
            200, body=number if int(number) % 3 == 1 else Pieces(number, number)
        ), RequestTrace()

    async def main() -> list[Answer]:
        async with serving(handle) as served:
            client = await served.client()
            answers = []
            for number in range(6):
                await client.send(request(f"/{number}"))
                answers.append(await client.answer())
            return answers

    assert [answer.body for answer in asyncio.run(main())] == [b"", b"1", b"22", b"", b"4", b"55"]
