"""Byte ranges of copies: rule E24."""

from __future__ import annotations

import asyncio
from email import message_from_bytes

import pytest

from prefetchrouter.edge.policy.ranges import MOST_RANGES, range_response
from prefetchrouter.edge.requests import EdgeResponse
from prefetchrouter.http.message import HeaderFields

BODY = b"0123456789"
AT_899 = "Thu, 01 Jan 1970 00:14:59 GMT"
AT_900 = "Thu, 01 Jan 1970 00:15:00 GMT"
COPY = HeaderFields({"content-type": "text/plain", "content-length": "10", "etag": '"a"', "x-a": "1"})


def asked(text: str, *, body: bytes = BODY, copy: HeaderFields = COPY, **more: str) -> EdgeResponse | None:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return range_response("GET", HeaderFields({"range": text, **headers}), copy, body)


def parts_of(response: EdgeResponse) -> list[tuple[str, str, object]]:
    """What Python's own reader finds in a multipart body: type, range and bytes of each part."""
    assert isinstance(response.body, bytes)
    head = f"content-type: {response.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + response.body)
    assert message.is_multipart()
    assert not message.defects
    return [
        (part.get_content_type(), part["content-range"], part.get_payload(decode=True))
        for part in message.walk()
        if not part.is_multipart()
    ]


@pytest.mark.parametrize(
    ("text", "told", "body"),
    [
        ("bytes=0-0", "bytes 0-0/10", b"0"),
        ("bytes=0-9", "bytes 0-9/10", BODY),
        ("bytes=5-", "bytes 5-9/10", b"56789"),
        ("bytes=5-999", "bytes 5-9/10", b"56789"),
        ("bytes=5-" + "9" * 5000, "bytes 5-9/10", b"56789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=-999", "bytes 0-9/10", BODY),
        ("BYTES = 1-2 ,", "bytes 1-2/10", b"12"),
        ("bytes=1-2, 50-60", "bytes 1-2/10", b"12"),
        ("bytes=0001-002", "bytes 1-2/10", b"12"),
    ],
)
def test_one_range(text: str, told: str, body: bytes) -> None:
    response = asked(text)
    assert response is not None
    assert (response.status, response.headers["content-range"], response.body) == (206, told, body)
    assert response.headers["content-length"] == str(len(body))
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["x-a"] == "1"


@pytest.mark.parametrize(
    "text",
    [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=2-1", "bytes=1-2,x", "bytes=1",
        "seconds=1-2",
        "bytes=--1", "bytes=1-2-3", "bytes=+1-2", "bytes=\u0661-2", "bytes 1-2", "bytes=1-2;q=1",
        "bytes=0-4,4-5", "bytes=5-,-5", "bytes=0-0,0-0", "bytes=0-,0-,0-", "bytes=3-5,0-9",
    ],
)  # fmt: skip
def test_what_cannot_be_read_or_overlaps_gets_the_whole(text: str) -> None:
    assert asked(text) is None


def test_too_many_ranges_get_the_whole() -> None:
    body = bytes(100)
    some = ",".join(f"{2 * number}-{2 * number}" for number in range(MOST_RANGES))
    response = asked(f"bytes={some}", body=body)
    assert response is not None
    assert len(parts_of(response)) == MOST_RANGES
    assert asked(f"bytes={some},90-90", body=body) is None


@pytest.mark.parametrize("text", ["bytes=10-", "bytes=10-20, 99-", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_what_lies_behind_the_end_gets_416(text: str) -> None:
    response = asked(text)
    assert response is not None
    assert (response.status, response.body) == (416, b"")
    assert response.headers["content-range"] == "bytes */10"
    request = HeaderFields({"range": text})
    assert range_response("GET", request, COPY, BODY, ignores_unsatisfiable=True) is None


def test_ranges_of_nothing() -> None:
    first = asked("bytes=0-", body=b"")
    assert first is not None
    assert (first.status, first.headers["content-range"]) == (416, "bytes */0")
    assert asked("bytes=-5", body=b"") is None


def test_several_ranges_come_in_the_order_asked() -> None:
    response = asked("bytes=8-, 0-1")
    assert response is not None
    assert response.status == 206
    assert "content-range" not in response.headers
    assert isinstance(response.body, bytes)
    assert response.headers["content-length"] == str(len(response.body))
    assert parts_of(response) == [
        ("text/plain", "bytes 8-9/10", b"89"),
        ("text/plain", "bytes 0-1/10", b"01"),
    ]


def test_a_boundary_is_always_the_same() -> None:
    response = asked("bytes=0-1,3-4")
    assert response is not None
    assert response == asked("bytes=0-1,3-4")
    assert response != asked("bytes=0-1,3-5")


def test_a_boundary_is_never_in_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "prefetchrouter.edge.policy.ranges._boundaries", lambda pieces: iter([b"0", b"34", b"zz"])
    )
    response = asked("bytes=0-1,3-4")
    assert response is not None
    assert response.headers["content-type"] == "multipart/byteranges; boundary=zz"
    assert [piece for _, _, piece in parts_of(response)] == [b"01", b"34"]


def test_a_content_type_with_line_breaks_stays_out_of_the_parts() -> None:
    response = asked("bytes=0-1,3-4", copy=HeaderFields({"content-type": "text/plain\r\nx-evil: 1"}))
    assert response is not None
    assert isinstance(response.body, bytes)
    assert b"evil" not in response.body


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_only_get_has_ranges(method: str) -> None:
    assert range_response(method, HeaderFields({"range": "bytes=0-1"}), COPY, BODY) is None


def test_two_range_headers_get_the_whole() -> None:
    assert range_response("GET", HeaderFields({"range": ["bytes=0-1", "bytes=3-4"]}), COPY, BODY) is None


@pytest.mark.parametrize(
    ("condition", "copy", "expected"),
    [
        ('"a"', {"etag": '"a"'}, 206),
        ('"b"', {"etag": '"a"'}, None),
        ('W/"a"', {"etag": 'W/"a"'}, None),
        ('"a"', {"etag": 'W/"a"'}, None),
        ("a", {"etag": "a"}, None),
        ('"a"', {}, None),
        ("", {"etag": '"a"'}, None),
        (AT_899, {"last-modified": AT_899, "date": AT_900}, 206),
        (AT_899, {"last-modified": AT_899, "date": AT_899}, None),
        (AT_899, {"last-modified": AT_899}, None),
        (AT_900, {"last-modified": AT_899, "date": AT_900}, None),
        (AT_899, {"last-modified": AT_900, "date": AT_900}, None),
        ("yesterday", {"last-modified": "yesterday", "date": AT_900}, None),
    ],
)
def test_if_range(condition: str, copy: dict[str, str], expected: int | None) -> None:
    response = asked("bytes=0-1", copy=HeaderFields(copy), if_range=condition)
    assert (response and response.status) == expected


def test_two_if_range_headers_get_the_whole() -> None:
    request = HeaderFields({"range": "bytes=0-1", "if-range": ['"a"', '"a"']})
    assert range_response("GET", request, COPY, BODY) is None


def test_if_range_that_fails_goes_before_416() -> None:
    assert asked("bytes=99-", if_range='"b"') is None


@pytest.mark.parametrize("text", ["bytes=1-", "bytes=0-399999,500000-999998", "bytes=5-5,9-999999"])
def test_a_large_part_is_cut_while_it_is_sent(text: str) -> None:
    """It is the same to the byte, and no second copy of it waits for a client that reads nothing."""
    body = bytes(range(250)) * 4000

    async def read(response: EdgeResponse) -> list[bytes]:
        assert not isinstance(response.body, bytes)
        return [piece async for piece in response.body]

    found = asked(text, body=body)
    assert found is not None
    pieces = asyncio.run(read(found))
    assert max(map(len, pieces)) <= 256 * 1024
    whole = found._replace(body=b"".join(pieces))
    assert whole.headers["content-length"] == str(len(whole.body))  # type: ignore[arg-type]
    if "," not in text:
        assert whole.body == body[1:]
        return
    for (_, told, payload), asked_for in zip(parts_of(whole), text[6:].split(","), strict=True):
        first, last = map(int, asked_for.split("-"))
        assert (told, payload) == (f"bytes {first}-{last}/1000000", body[first : last + 1])
