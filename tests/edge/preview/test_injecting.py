"""The script tag in pages: whole, in pieces, compressed; and which responses stay as they are."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from prefetchrouter.browser.files import install_path_of
from prefetchrouter.browser.script_tag import script_tag
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.preview.injecting import Injector
from prefetchrouter.edge.requests import Body, EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields

PAGE = b"<!doctype html><html><head><title>Tea</title></head><body>Tea</body></html>"
PATH = install_path_of("script")
TAG = script_tag(PATH, overlay=True).encode()
TAGGED = PAGE.replace(b"<head>", b"<head>" + TAG)
HTML = {"content-type": "text/html; charset=utf-8"}
GET = EdgeRequest("GET", "http", "localhost", "/tea")


class Pieces(AsyncIterator[bytes]):
    """A body in pieces, which notes how much of it was read, and that it was closed."""

    def __init__(self, *pieces: bytes | OriginError) -> None:
        self._pieces = list(pieces)
        self.left = len(pieces)
        self.is_closed = False

    async def __anext__(self) -> bytes:
        if not self._pieces:
            raise StopAsyncIteration
        self.left -= 1
        piece = self._pieces.pop(0)
        if isinstance(piece, OriginError):
            raise piece
        return piece

    async def aclose(self) -> None:
        self.is_closed = True


def injected(
    body: bytes | Body, headers: dict[str, str] | None = None, request: EdgeRequest = GET, status: int = 200
) -> tuple[EdgeResponse, bytes, list[str]]:
    """Return the response with its whole body, and why pages were skipped."""
    skipped: list[str] = []

    async def run() -> tuple[EdgeResponse, bytes]:
        given = EdgeResponse(status, HeaderFields({**HTML, **(headers or {})}), body)
        response = await Injector(lambda: PATH, skipped.append).response(request, given)
        whole = response.body
        if not isinstance(whole, bytes):
            whole = b"".join([piece async for piece in whole])
            await response.body.aclose()  # type: ignore[union-attr]
        return response, whole

    return *asyncio.run(run()), skipped


def test_a_page_gets_the_tag_and_another_entity_tag() -> None:
    """What described the original's bytes is gone."""
    own = {
        "etag": '"a"',
        "content-length": "75",
        "last-modified": "Mon, 30 Nov 2026 07:18:11 GMT",
        "x-a": "1",
    }
    response, body, skipped = injected(PAGE, own)
    assert body == TAGGED
    assert skipped == []
    assert response.headers["etag"].startswith('"a-tag')
    assert sorted(response.headers) == ["content-type", "etag", "x-a"]


@pytest.mark.parametrize("size", [1, 3, 40, 1000])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_page_in_pieces_gets_it_too_packed_or_not(size: int, is_packed: bool) -> None:
    sent = gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]) if is_packed else PAGE
    pieces = Pieces(*(sent[start : start + size] for start in range(0, len(sent), size)))
    response, body, _ = injected(pieces, {"content-encoding": "gzip"} if is_packed else {})
    assert body == TAGGED
    assert pieces.is_closed
    assert "content-encoding" not in response.headers


def test_a_page_is_not_held_back_until_it_is_complete() -> None:
    """The head is sent as soon as it is there: a page may take as long as it wants for the rest."""

    async def run() -> None:
        pieces = Pieces(b"<!doctype html><html>", b"<head><title>", b"the rest")
        response = await Injector(lambda: PATH, print).response(
            GET, EdgeResponse(200, HeaderFields(HTML), pieces)
        )
        assert pieces.left == 1
        assert not isinstance(response.body, bytes)
        assert TAG in await anext(response.body)
        assert pieces.left == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    ("request_", "headers", "status", "body"),
    [
        (GET, {"content-type": "text/plain"}, 200, PAGE),
        (GET, {"content-type": "text/html; charset=UTF-16"}, 200, PAGE),
        (GET, {"content-range": "bytes 0-9/75"}, 206, PAGE[:10]),
        (GET, {}, 200, b"<li>a fragment</li>"),
        (GET, {}, 200, b"<!doctype html><head>" + script_tag().encode()),
        (GET._replace(headers=HeaderFields({"sec-fetch-dest": "iframe"})), {}, 200, PAGE),
        (GET._replace(method="PUT"), {}, 200, PAGE),
        (GET, {}, 304, b""),
    ],
)
def test_everything_else_stays_as_it_is(
    request_: EdgeRequest, headers: dict[str, str], status: int, body: bytes
) -> None:
    response, sent, skipped = injected(body, {"etag": '"a"', **headers}, request_, status)
    assert (sent, response.headers["etag"], skipped) == (body, '"a"', [])


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"content-encoding": "br"}, "encoded as br"),
        ({"content-security-policy": "default-src 'none'"}, "neither 'self' nor a nonce"),
    ],
)
def test_a_page_that_cannot_get_it_says_why(headers: dict[str, str], reason: str) -> None:
    _, body, skipped = injected(PAGE, headers)
    assert body == PAGE
    assert len(skipped) == 1
    assert skipped[0].startswith("/tea did not get the script tag: ")
    assert reason in skipped[0]


def test_the_nonce_of_the_policy_is_in_the_tag() -> None:
    _, body, _ = injected(PAGE, {"content-security-policy": "script-src 'nonce-r4' 'strict-dynamic'"})
    assert b' nonce="r4" ' in body


def test_a_head_has_no_length_since_only_the_body_tells_whether_it_gets_the_tag() -> None:
    response, body, _ = injected(PAGE, {"etag": '"a"', "content-length": "75"}, GET._replace(method="HEAD"))
    assert body == b""
    assert sorted(response.headers) == ["content-type"]


@pytest.mark.parametrize("first", [(), (b"<!doctype",), (b"<!doctype html><p>",)])
def test_a_body_that_breaks_off_breaks_off(first: tuple[bytes, ...]) -> None:
    """Before or after the head."""
    with pytest.raises(OriginError, match="cut off"):
        injected(Pieces(*first, OriginError("cut", "cut off")))


def test_bytes_that_are_not_gzip_break_off() -> None:
    with pytest.raises(OriginError, match="not valid gzip"):
        injected(Pieces(PAGE), {"content-encoding": "gzip"})


def navigation(**headers: str) -> HeaderFields:
    request = GET._replace(
        headers=HeaderFields({name.replace("_", "-"): text for name, text in headers.items()})
    )
    return Injector(lambda: PATH, print).request(request).headers


def test_only_a_copy_with_the_tag_counts_when_a_page_is_opened() -> None:
    """A browser may have the page from before; what else it validates is as ever."""
    tagged = injected(PAGE, {"etag": '"a"'})[0].headers["etag"]
    opened = {"accept": "text/html,*/*", "if_modified_since": "Mon, 30 Nov 2026 07:18:11 GMT"}
    assert "if-none-match" not in navigation(**opened, if_none_match='"a"')
    assert "if-modified-since" not in navigation(**opened)
    assert navigation(**opened, if_none_match=f'"b", {tagged}')["if-none-match"] == '"a"'
    assert navigation(accept="*/*", if_none_match='W/"a"')["if-none-match"] == 'W/"a"'
    asked = GET._replace(headers=HeaderFields({"if-none-match": tagged}))
    assert injected(b"", {"etag": '"a"'}, asked, 304)[0].headers["etag"] == tagged


def test_origins_get_requests_for_gzip_or_for_no_encoding() -> None:
    """Another encoding could not be read."""
    assert navigation(accept_encoding="br, gzip, zstd")["accept-encoding"] == "gzip"
    assert "accept-encoding" not in navigation(accept_encoding="br")


def test_a_page_with_the_script_of_earlier_rules_is_not_taken_for_one_of_now() -> None:
    """The path of the script changes with the rules, so the page with it is another one."""
    path = PATH
    injector = Injector(lambda: path, print)
    response = EdgeResponse(200, HeaderFields({**HTML, "etag": '"a"'}), PAGE)
    tagged = asyncio.run(injector.response(GET, response))
    opening = {"if-none-match": tagged.headers["etag"], "sec-fetch-dest": "document"}
    same = injector.request(GET._replace(headers=HeaderFields(opening))).headers
    assert same["if-none-match"] == '"a"'
    path = "/__edgio__/prefetch/0123456789/install.js"
    assert "if-none-match" not in injector.request(GET._replace(headers=HeaderFields(opening))).headers
