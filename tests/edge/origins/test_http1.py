"""Header fields on their way out and back, without a connection."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.origins.raw_origin import get
from prefetchrouter.edge.origins.http1 import (
    RawFields,
    answer_fields,
    check_framing,
    read_fields,
    request_head,
)
from prefetchrouter.http.message import HeaderFields


@pytest.mark.parametrize(
    "raw, http, told",
    [
        ([(b"Content-Length", b"5"), (b"Transfer-Encoding", b"chunked")], (1, 1), "both"),
        ([(b"content-LENGTH", b"5"), (b"Content-Length", b"6")], (1, 1), "Content-Length is 5, 6"),
        ([(b"Content-Length", b"5, 6")], (1, 1), "Content-Length is 5, 6"),
        ([(b"Content-Length", b"-1")], (1, 1), "Content-Length is -1"),
        ([(b"Content-Length", b"+1")], (1, 1), r"Content-Length is \+1"),
        ([(b"Content-Length", b"")], (1, 1), "Content-Length is"),
        ([(b"Content-Length", b"1_0")], (1, 1), "Content-Length is 1_0"),
        ([(b"Content-Length", b"\xb2")], (1, 1), "Content-Length is"),
        ([(b"Content-Length", b"5\xa0")], (1, 1), "Content-Length is"),
        ([(b"Content-Length", b"9" * 19)], (1, 1), "Content-Length is 9"),
        (
            [(b"Transfer-Encoding", b"gzip, chunked")],
            (1, 1),
            "Transfer-Encoding is gzip, chunked in HTTP/1.1",
        ),
        ([(b"Transfer-Encoding", b"xchunked")], (1, 1), "Transfer-Encoding is xchunked"),
        ([(b"Transfer-Encoding", b"chunked")], (1, 0), "Transfer-Encoding is chunked in HTTP/1.0"),
        ([(b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b"x")], (1, 1), "chunked, x"),
    ],
)
def test_framing_that_contradicts_itself(raw: RawFields, http: tuple[int, int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_framing(read_fields(raw)[0], is_http_1_1=http == (1, 1))


@pytest.mark.parametrize(
    "raw",
    [
        [],
        [(b"Content-Length", b"0")],
        [(b"Content-Length", b"5"), (b"content-length", b"5")],
        [(b"Transfer-Encoding", b"Chunked")],
    ],
)
def test_framing_that_is_clear(raw: RawFields) -> None:
    check_framing(read_fields(raw)[0], is_http_1_1=True)


@pytest.mark.parametrize(
    "name, value", [(b"", b"1"), (b"x a", b"1"), (b"x\xe9", b"1"), (b"x", b"a\rb"), (b"x", b"\x7f")]
)
def test_invalid_fields(name: bytes, value: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        answer_fields([(name, value)])


@given(st.binary().map(lambda value: bytes(byte for byte in value if byte > 31 and byte != 127)))
def test_bytes_go_out_as_they_came_in(value: bytes) -> None:
    text = value.decode("latin-1")
    assert answer_fields([(b"x", value)]).all("x") == (text,)
    assert request_head(get(x=text), None).endswith(b"\r\nx: " + value + b"\r\n\r\n")


def test_other_characters_go_out_in_utf8_and_change_no_other_header() -> None:
    head = request_head(get(x="\u2603", y="\xe9"), None)
    assert head.endswith(b"\r\nx: \xe2\x98\x83\r\ny: \xe9\r\n\r\n")


@given(st.text(), st.sampled_from(["target", "name", "value", "method"]))
def test_a_head_is_one_head_whatever_is_in_it(text: str, where: str) -> None:
    """Or it is not sent: as many lines as there are fields, and one empty line at its end."""
    request = get(
        f"/{text}" if where == "target" else "/",
        f"GET{text}" if where == "method" else "GET",
        **{f"x{text}" if where == "name" else "x": text if where == "value" else "1"},
    )
    try:
        head = request_head(request, None)
    except ValueError:
        return
    assert head.count(b"\r\n\r\n") == 1
    assert head.endswith(b"\r\n\r\n")
    lines = 2 + len(request.headers) + (b"\r\ncontent-length: 0\r\n" in head)
    assert head.count(b"\n") == head.count(b"\r") == head.count(b"\r\n") == lines
    assert re.match(rb"[!-~]+ [^ ]+ HTTP/1.1\r\n", head)


@pytest.mark.parametrize(
    "method, body, framing",
    [
        ("GET", None, []),
        ("HEAD", None, []),
        ("OPTIONS", None, []),
        ("POST", None, [b"content-length: 0"]),
        ("DELETE", None, [b"content-length: 0"]),
        ("POST", b"", [b"content-length: 0"]),
        ("GET", b"four", [b"content-length: 4"]),
    ],
)
def test_the_length_of_a_body_is_always_reported(
    method: str, body: bytes | None, framing: list[bytes]
) -> None:
    head = request_head(replace(get("/", method), body=body), None)
    assert head.split(b"\r\n")[2:-2] == framing


def test_what_the_connection_header_names_goes_with_it() -> None:
    raw = [(b"X-A", b"1"), (b"Connection", b"X-A ,, x-b"), (b"x-B", b"2"), (b"X-C", b"3"), (b"TE", b"x")]

    assert answer_fields(raw) == HeaderFields({"x-c": "3"})


def test_the_request_may_have_no_host() -> None:
    request = get()
    object.__setattr__(request, "headers", HeaderFields({"accept": "*/*"}))

    assert request_head(request, None) == b"GET / HTTP/1.1\r\naccept: */*\r\n\r\n"
    assert request_head(request, "a.example").split(b"\r\n")[1] == b"host: a.example"


@pytest.mark.parametrize(
    "name", ["Cache-Control", "CDN-Cache-Control", "Set-Cookie", "Vary", "Age", "Expires"]
)
def test_no_connection_option_takes_away_what_is_meant_for_every_recipient(name: str) -> None:
    """RFC 9110, section 7.6.1, forbids the origin to list such a field."""
    fields = answer_fields(
        [(b"Connection", f"X-A, {name}".encode()), (b"X-A", b"1"), (name.encode(), b"private")]
    )
    assert fields.fields() == ((name.lower(), "private"),)
