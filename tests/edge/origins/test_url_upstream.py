"""What goes out to an origin, and what comes back."""

from __future__ import annotations

import pytest

from edge.origins.raw_origin import (
    LIMITS,
    OK,
    answering,
    asked_in_turn,
    get,
)
from prefetchrouter.edge.origin_client import OriginError, OriginRequest
from prefetchrouter.edge.origins import UrlUpstream
from prefetchrouter.http.message import HeaderFields


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
    origin, _, _ = asked_in_turn(answering(OK), get(target))

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
    origin, _, _ = asked_in_turn(answering(OK), OriginRequest("GET", "http", "/", headers))

    assert origin.heads[0].split(b"\r\n")[1:-2] == [
        b"host: Shop.Example:8080",
        b"accept: text/html",
        b"x-a: 1",
        b"x-a: 2",
        b"cookie: a=1",
    ]


def test_the_host_header_can_be_another() -> None:
    origin, _, _ = asked_in_turn(answering(OK), get("/"), host_header="origin.example")

    assert origin.heads[0].split(b"\r\n")[1:-2] == [b"host: origin.example"]


def test_bytes_outside_ascii_are_kept() -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 0\r\n\r\n"
    name = "café".encode().decode("latin-1")
    origin, answers, _ = asked_in_turn(answering(answer), get("/", **{"x-name": name, "x-odd": "caf\xe9"}))

    assert b"x-name: caf\xc3\xa9\r\n" in origin.heads[0]
    assert answers[0].headers["x-name"] == "caf\xe9"


def test_a_header_with_a_line_break_is_not_sent() -> None:
    with pytest.raises(OriginError, match="the request cannot be sent to") as caught:
        asked_in_turn(answering(OK), get("/", **{"x-a": "1\r\nx-b: 2"}))

    assert caught.value.failure == "garbage"


def test_an_answer_comes_without_the_headers_of_the_connection() -> None:
    raw = (
        b"HTTP/1.1 203 Fine\r\nServer: x\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
        b"Keep-Alive: timeout=5\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n"
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        b"Trailer: x-t\r\nUpgrade: h2c\r\nX-Empty:\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n"
    )
    _, (answer,), bodies = asked_in_turn(answering(raw), get("/"))

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
    origin, answers, _ = asked_in_turn(answering(raw), get("/"))

    assert [answer.status for answer in answers] == [status]
    assert len(origin.heads) == 1


def test_the_other_scheme_is_another_port() -> None:
    matching = UrlUpstream("match", "a.example", None, limits=LIMITS)
    fixed = UrlUpstream("http", "::1", 8080, limits=LIMITS)

    assert [matching.address(scheme) for scheme in ("http", "https")] == [
        "http://a.example",
        "https://a.example",
    ]
    assert fixed.address("https") == "http://[::1]:8080"
