"""Which requests are taken: those that mean one thing, to everybody who reads them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.edge.clients.admission import WEBSOCKET, Refusal, admit, refused_request
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import Request

LIMITS = Limits(request_body_bytes=100)


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"abc"}


def scope(
    path: bytes = b"/", query: bytes = b"", *headers: tuple[bytes, bytes], **others: Any
) -> dict[str, Any]:
    return {
        "method": "GET",
        "http_version": "1.1",
        "raw_path": path,
        "query_string": query,
        "headers": headers or ((b"host", b"shop.example"),),
        "client": ("192.0.2.7", 5000),
        **others,
    }


def admitted(scope: dict[str, Any], site_identity: SiteIdentity | None = None) -> EdgeRequest:
    request = admit(scope, receive, site=site_identity or SiteIdentity(), limits=LIMITS)
    assert isinstance(request, EdgeRequest), request
    return request


def refused(scope: dict[str, Any]) -> Refusal:
    refusal = admit(scope, receive, site=SiteIdentity(), limits=LIMITS)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def test_a_request_is_taken_in_canonical_form() -> None:
    """Needless escapes are decoded; nothing is resolved or sorted, and runs of slashes stay."""
    request = admitted(scope(b"//a/%2F%2f/b;c=1/..x;/%61", b"b=2&a=1&&%0d%0a=?"))

    assert request.path == "//a/%2F%2F/b;c=1/..x;/a"
    assert request.query == "b=2&a=1&&%0D%0A=?"
    assert (request.method, request.scheme, request.host) == ("GET", "https", "shop.example")
    assert request.client == "192.0.2.7"
    assert request.body is None


def test_headers_are_kept_in_order_and_apart() -> None:
    """Text beyond ASCII comes as it is on the wire, byte for byte."""
    pairs = ((b"host", b"a"), (b"x-b", b"1"), (b"cookie", b"\xe4"), (b"x-b", b"2\t3"))
    assert admitted(scope(b"/", b"", *pairs)).headers.fields() == (
        ("host", "a"),
        ("x-b", "1"),
        ("x-b", "2\t3"),
        ("cookie", "\xe4"),
    )


@pytest.mark.parametrize(
    "path",
    [
        b"/.",
        b"/..",
        b"/a/../b",
        b"/a/./b",
        b"/a/..",
        b"/%2e",
        b"/%2E%2e/b",
        b"/.%2e",
        b"/a/%2E./b",
        b"//..//",
        b"/..;x=1/a",
        b"/a/..%2fb",
        b"/a%5C..",
        b"/%2f..%3B",
    ],
)
def test_dot_segments_are_refused(path: bytes) -> None:
    """Who resolves them reads another path than who does not."""
    assert refused(scope(path)) == Refusal(400, "the path holds a dot segment")


@pytest.mark.parametrize(
    "path", [b"/.well-known", b"/...", b"/a..", b"/a.b/..c", b"/%2e%2e%2e", b"/%252e%252e"]
)
def test_other_dots_are_not(path: bytes) -> None:
    """They are names; what is encoded twice is decoded once by no one here."""
    assert admitted(scope(path)).path == path.decode().replace("%2e", ".")


@pytest.mark.parametrize("path", [b"", b"a", b"*", b"http://b/", b"b:80", b"/a#b", b"?"])
def test_a_target_is_a_path(path: bytes) -> None:
    """An address or a name alone would name the host a second time."""
    assert refused(scope(path)) == Refusal(400, "the target is not a path")


@given(st.integers(0, 255).filter(lambda code: not 0x21 <= code <= 0x7E), st.booleans())
def test_no_target_holds_other_than_visible_ascii(code: int, in_query: bool) -> None:
    """Neither its path nor its query."""
    text = b"/a" + bytes([code]) + b"b"
    assert refused(scope(b"/", text) if in_query else scope(text)).status == 400


@pytest.mark.parametrize(
    "host",
    [
        *(b"", b" ", b"a b", b"a/b", b"a\\b", b"a@b", b"a,b", b"a:b", b"a:80:80", b"a:65536", b"a:123456"),
        *(b"..", b".a", b"a..b", b":80", b"[::1", b"[:::1]", b"[a]", b"::1", b"a?", b"\xe4", b"a%20b", b"a#"),
    ],
)
def test_what_is_not_a_host_is_refused(host: bytes) -> None:
    """It would be part of addresses and keys."""
    assert refused(scope(b"/", b"", (b"host", host))) == Refusal(400, "invalid Host header")


def test_a_host_is_no_longer_than_names_are() -> None:
    """Hosts are remembered, and their number alone is not a bound."""
    host = (b"host", b"a" * 301)
    assert refused(scope(b"/", b"", host)) == Refusal(400, "invalid Host header")
    assert admitted(scope(b"/", b"", (b"host", b"a" * 253 + b":8443"))).host.endswith(":8443")


def test_there_is_one_host() -> None:
    """Two could be read differently by two readers, even when they are equal."""
    host = (b"host", b"a")
    assert refused(scope(b"/", b"", host, host)) == Refusal(400, "more than one Host header")
    assert refused(scope(b"/", b"", (b"x", b"1"))) == Refusal(400, "missing Host header")


@pytest.mark.parametrize(
    "given, scheme, seen",
    [
        (b"Shop.Example", "https", "shop.example"),
        (b"a:443", "https", "a"),
        (b"a:80", "https", "a:80"),
        (b"a:80", "http", "a"),
        (b"a:", "https", "a"),
        (b" a:8080 ", "https", "a:8080"),
        (b"[::1]:443", "https", "[::1]"),
        (b"localhost:8443", "https", "localhost:8443"),
        (b"a_b-c.example.", "https", "a_b-c.example"),
    ],
)
def test_a_host_has_one_spelling(given: bytes, scheme: str, seen: str) -> None:
    """In the header too: rules, keys and origins see the same."""
    request = admitted(scope(b"/", b"", (b"host", given)), SiteIdentity(scheme))
    assert (request.host, request.headers["host"]) == (seen, seen)


@pytest.mark.parametrize("host", [b"localhost", b"LOCALHOST:3000", b"127.0.0.1:80", b"[::1]:8443"])
def test_this_machine_can_stand_for_a_site(host: bytes) -> None:
    """Rules and origins see the site."""
    request = admitted(scope(b"/x", b"", (b"host", host)), SiteIdentity("https", "shop.example"))
    assert request.url == "https://shop.example/x"
    assert request.headers["host"] == "shop.example"


def test_other_hosts_stand_for_themselves() -> None:
    """Also those that only begin like this machine."""
    host = (b"host", b"localhost.example")
    assert admitted(scope(b"/", b"", host), SiteIdentity("https", "b")).host == "localhost.example"


@pytest.mark.parametrize(
    "method, status", [("CONNECT", 501), ("TRACE", 501), ("get", 400), ("A B", 400), ("", 400)]
)
def test_methods_that_are_not_taken(method: str, status: int) -> None:
    """No tunnels and no echoes; and a method is a token in upper case."""
    assert refused(scope(method=method)).status == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PROPFIND", "M-SEARCH"])
def test_methods_that_are_taken(method: str) -> None:
    """Known or not: the origin decides."""
    assert admitted(scope(method=method)).method == method


@pytest.mark.parametrize("version", ["0.9", "1.2", "2", "2.0"])
def test_other_versions_are_refused(version: str) -> None:
    """They frame differently."""
    assert refused(scope(http_version=version)).status == 505


@pytest.mark.parametrize("value", [b"a\rb", b"a\nb", b"a\x00b", b"\x1b[2J", b"\x7f"])
def test_no_header_holds_a_control_character(value: bytes) -> None:
    """It would end a line at some origin, or draw in a terminal."""
    headers = (b"host", b"a"), (b"x-a", value)
    assert refused(scope(b"/", b"", *headers)) == Refusal(400, "a header contains a control character")


HOST = (b"host", b"a")
LENGTH = b"content-length"
CODING = b"transfer-encoding"


@pytest.mark.parametrize(
    "headers, status",
    [
        ([(LENGTH, b"3"), (CODING, b"chunked")], 400),
        ([(LENGTH, b"3"), (LENGTH, b"3")], 400),
        ([(LENGTH, b"3"), (LENGTH, b"4")], 400),
        ([(LENGTH, b"3, 3")], 400),
        ([(LENGTH, b"+3")], 400),
        ([(LENGTH, b"-3")], 400),
        ([(LENGTH, b"0x3")], 400),
        ([(LENGTH, b"\xb2")], 400),
        ([(LENGTH, b"")], 400),
        ([(LENGTH, b"9" * 30)], 400),
        ([(LENGTH, b"101")], 413),
        ([(CODING, b"gzip, chunked")], 501),
        ([(CODING, b"gzip"), (CODING, b"chunked")], 501),
        ([(CODING, b"identity")], 501),
    ],
)
def test_a_body_has_one_length(headers: list[tuple[bytes, bytes]], status: int) -> None:
    """Whatever could be read in two ways is not read at all."""
    assert refused(scope(b"/", b"", HOST, *headers)).status == status


def test_an_old_client_cannot_send_chunks() -> None:
    """HTTP/1.0 does not have them; an edge that reads them anyway disagrees with one that does not."""
    assert refused(scope(b"/", b"", HOST, (CODING, b"chunked"), http_version="1.0")).status == 400


@pytest.mark.parametrize("headers", [[(LENGTH, b"3")], [(LENGTH, b"100")], [(CODING, b"Chunked")]])
def test_a_body_can_be_read(headers: list[tuple[bytes, bytes]]) -> None:
    """With any method."""

    async def read() -> list[bytes]:
        body = admitted(scope(b"/", b"", HOST, *headers)).body
        assert body is not None
        return [piece async for piece in body]

    assert asyncio.run(read()) == [b"abc"]


def test_a_body_of_length_zero_is_not_a_body() -> None:
    """As without a length."""
    assert admitted(scope(b"/", b"", HOST, (LENGTH, b"0"), method="POST")).body is None


VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20).map(str.encode)
RAW = st.binary(max_size=20) | VISIBLE
HOSTS = RAW | st.from_regex(rb"[A-Za-z0-9.-]{1,9}(:[0-9]{1,3})?", fullmatch=True)


@given(RAW, RAW, HOSTS)
def test_what_is_admitted_is_a_request_that_rules_can_be_asked_about(
    path: bytes, query: bytes, host: bytes
) -> None:
    """Whatever bytes come, a request is refused, or evaluation reads the same address in it."""
    path = b"/" + path.replace(b"?", b"")  # a server splits there
    request = admit(scope(path, query, (b"host", host)), receive, site=SiteIdentity(), limits=LIMITS)
    if isinstance(request, EdgeRequest):
        seen = Request(request.url)
        assert (seen.scheme, seen.host) == (request.scheme, request.host)
        assert (seen.path, seen.query) == (request.path, request.query)
    else:
        assert request.status in (400, 413)


def test_what_is_refused_can_be_reported_on_one_line() -> None:
    """Whatever bytes it holds."""
    heard = refused_request(scope(b"/\x1b[2J\r\n\xe4", b"\x00", (b"x-a", b"\x07")), SiteIdentity())
    assert heard.url == "https:///\\x1b[2J\\x0d\\x0a\\xe4?\\x00"
    assert heard.headers["x-a"] == "\\x07"
    assert heard.client == "192.0.2.7"


SHOP = SiteIdentity("https", "www.shop.example", ("www.shop.example",))


def test_a_stranger_is_refused() -> None:
    found = admit(scope(b"/", b"", (b"host", b"Evil.example")), receive, site=SHOP, limits=LIMITS)
    assert isinstance(found, Refusal)
    assert (found.status, found.reason) == (421, "evil.example is not a hostname of this site")
    assert "--alias" in found.hint


@pytest.mark.parametrize("headers", [((b"x", b"1"),), ((b"host", b""),)])
def test_http_1_0_needs_no_host(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """As health checks of load balancers send it; an HTTP/1.1 request without one is broken."""
    old = scope(b"/health", b"", *headers, http_version="1.0")
    assert admitted(old, SHOP).url == "https://www.shop.example/health"
    assert refused({**old, "http_version": "1.1"}).status == 400


@pytest.mark.parametrize(
    ("upgrade", "connection", "is_refused"),
    [
        (b"websocket", b"Upgrade", True),
        (b"WebSocket", b"keep-alive, upgrade", True),
        (b"h2c, websocket", b"Upgrade, HTTP2-Settings", True),
        (b"websocket", b"keep-alive", False),
        (b"h2c", b"Upgrade, HTTP2-Settings", False),
        (b"TLS/1.0", b"Upgrade", False),
    ],
)
def test_only_a_websocket_is_refused_of_all_upgrades(
    upgrade: bytes, connection: bytes, is_refused: bool
) -> None:
    """The others are ignored (RFC 9110, section 7.8): `curl --http2` gets its page by HTTP/1.1."""
    asked = scope(b"/", b"", (b"host", b"a"), (b"connection", connection), (b"upgrade", upgrade))
    found = admit(asked, receive, site=SiteIdentity(), limits=LIMITS)
    assert (found == Refusal(501, WEBSOCKET)) is is_refused
