"""Bodies sent with gzip: rule E25."""

from __future__ import annotations

import gzip
import random

import pytest

from prefetchrouter.edge.policy.compression import (
    LEAST_BYTES,
    MOST_BYTES,
    _GzipCache,
    accepts_gzip,
    compressed,
)
from prefetchrouter.http.message import HeaderFields

BODY = b"some text that says the same again and again, " * 20
TYPES = ("text/html", "Application/JSON")
GZIP = HeaderFields({"accept-encoding": "gzip, br"})


def sent(
    headers: dict[str, str | list[str]], body: bytes = BODY, request: HeaderFields = GZIP
) -> tuple[HeaderFields, bytes]:
    return compressed(request, HeaderFields({"content-type": "text/html", **headers}), body, TYPES)


def test_a_client_that_takes_gzip_gets_it() -> None:
    headers, body = sent({"etag": '"a"', "content-length": str(len(BODY)), "accept-ranges": "bytes"})
    assert gzip.decompress(body) == BODY
    assert headers == HeaderFields(
        {
            "content-type": "text/html", "etag": 'W/"a"', "vary": "Accept-Encoding",
            "content-encoding": "gzip", "content-length": str(len(body)),
        }
    )  # fmt: skip


def test_the_bytes_are_always_the_same() -> None:
    assert sent({})[1] == sent({})[1]
    assert sent({})[1][4:8] == bytes(4)


def test_a_client_that_does_not_take_it_learns_that_others_get_something_else() -> None:
    headers, body = sent({"etag": '"a"', "content-length": "5"}, request=HeaderFields())
    assert body is BODY
    assert headers == HeaderFields(
        {"content-type": "text/html", "etag": '"a"', "content-length": "5", "vary": "Accept-Encoding"}
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("cookie", "cookie, Accept-Encoding"),
        (["cookie", "accept"], "cookie, accept, Accept-Encoding"),
        ("accept-encoding", "accept-encoding"),
        ("cookie, ACCEPT-Encoding", "cookie, ACCEPT-Encoding"),
        ("*", "*"),
    ],
)
def test_vary_is_added_once(given: str | list[str], expected: str) -> None:
    for request in (GZIP, HeaderFields()):
        assert sent({"vary": given}, request=request)[0]["vary"] == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": ""},
        {"content-type": "text/html2"},
        {"content-encoding": "br"},
        {"content-encoding": "gzip"},
        {"content-range": "bytes 0-1/2"},
        {"cache-control": "max-age=5, No-Transform"},
    ],
)
def test_what_is_left_alone(headers: dict[str, str | list[str]]) -> None:
    whole = HeaderFields({"content-type": "text/html", **headers})
    found, body = sent(headers)
    assert found is not None
    assert (found, body) == (whole, BODY)


@pytest.mark.parametrize(
    "kind", ["TEXT/HTML", "text/html;charset=utf-8", " text/html ; x", "application/json"]
)
def test_media_types_ignore_case_and_parameters(kind: str) -> None:
    assert sent({"content-type": kind})[0]["content-encoding"] == "gzip"


def test_identity_is_not_an_encoding() -> None:
    assert sent({"content-encoding": "identity"})[0].all("content-encoding") == ("gzip",)


def test_small_and_large_bodies_are_left_alone() -> None:
    for size in (0, LEAST_BYTES - 1, MOST_BYTES + 1):
        assert sent({}, bytes(size)) == (HeaderFields({"content-type": "text/html"}), bytes(size))
    for size in (LEAST_BYTES, MOST_BYTES):
        assert sent({}, bytes(size))[0]["content-encoding"] == "gzip"


def test_what_gzip_does_not_make_smaller_is_sent_as_it_is() -> None:
    noise = random.Random(1).randbytes(500)
    headers, body = sent({"etag": '"a"'}, noise)
    assert body is noise
    assert headers == HeaderFields({"content-type": "text/html", "etag": '"a"', "vary": "Accept-Encoding"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False), ("gzip", True), ("GZIP", True), ("x-gzip", True), ("br", False), ("*", True),
        ("br, *", True),
        ("gzip;q=0", False), ("gzip;q=0.000", False), ("gzip ; Q=0.001", True), ("gzip;q=1.000", True),
        ("gzip;q=0, *", False), ("*;q=0, gzip", True), ("*;q=0", False), ("gzip;q=1.5", False),
        ("gzip;q=-1", False), ("gzip;q=abc", False), ("gzip;q=", False), ("gzip;", True), ("gzip;x=1", False),
        ("identity, gzip;q=0.5", False), ("identity;q=0.5, gzip", True), ("identity;q=0, gzip", True),
        ("gzip;q=0, gzip", False), ("gzipped", False),
    ],
)  # fmt: skip
def test_the_weights_of_accept_encoding(text: str, expected: bool) -> None:
    assert accepts_gzip(HeaderFields({"accept-encoding": text})) is expected


def test_no_accept_encoding_takes_nothing() -> None:
    assert not accepts_gzip(HeaderFields())


def test_a_body_is_compressed_once_and_what_is_remembered_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[bytes] = []

    def pack(body: bytes, level: int, *, mtime: int) -> bytes:
        made.append(body)
        return b"x" * 10

    monkeypatch.setattr("prefetchrouter.edge.policy.compression.gzip.compress", pack)
    packed = _GzipCache(250)
    one, two, three = (letter * 100 for letter in (b"1", b"2", b"3"))
    for body in (one, two, one, bytes(one), two):
        assert packed.compress(body) == b"x" * 10
    assert made == [one, two]
    packed.compress(one)
    packed.compress(three)  # two goes, which was unused longest
    packed.compress(one)
    packed.compress(two)
    assert made == [one, two, three, two]
    assert packed.compress(b"4" * 1000) == b"x" * 10  # larger than all that is remembered
    assert (packed._size, len(packed._known)) == (0, 0)


def test_an_empty_tag_does_not_stand_for_another_body() -> None:
    """It names nothing, and would not be weak."""
    headers = HeaderFields({"content-type": "text/css", "etag": ""})
    sent, body = compressed(HeaderFields({"accept-encoding": "gzip"}), headers, b"a" * 500, ["text/css"])
    assert (sent["content-encoding"], "etag" in sent, len(body) < 500) == ("gzip", False, True)
