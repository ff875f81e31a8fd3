"""Header fields on their way out and back, without a connection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.origins.raw_origin import get
from prefetchrouter.edge.origins.wire import RawFields, answer_fields, check_framing, request_fields
from prefetchrouter.http import HeaderFields


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
        check_framing(raw, http)


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
    check_framing(raw, (1, 1))


@pytest.mark.parametrize(
    "name, value", [(b"", b"1"), (b"x a", b"1"), (b"x\xe9", b"1"), (b"x", b"a\rb"), (b"x", b"\x7f")]
)
def test_fields_that_are_none(name: bytes, value: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        answer_fields([(name, value)])


@given(st.binary().map(lambda value: bytes(byte for byte in value if byte > 31 and byte != 127)))
def test_bytes_come_back_as_they_were_sent_where_utf8_can(value: bytes) -> None:
    text = value.decode("latin-1")
    assert answer_fields([(b"x", value)]).all("x") == (text,)
    ((_, sent),) = request_fields(get(x=text), None)[1:]
    try:
        value.decode()
    except UnicodeDecodeError:
        assert sent == text
    else:
        assert sent.encode() == value


def test_what_the_connection_header_names_goes_with_it() -> None:
    raw = [(b"X-A", b"1"), (b"Connection", b"X-A ,, x-b"), (b"x-B", b"2"), (b"X-C", b"3"), (b"TE", b"x")]

    assert answer_fields(raw) == HeaderFields({"x-c": "3"})


def test_the_request_may_have_no_host() -> None:
    request = get()
    object.__setattr__(request, "headers", HeaderFields({"accept": "*/*"}))

    assert request_fields(request, None) == [("accept", "*/*")]
    assert request_fields(request, "a.example")[0] == ("host", "a.example")
