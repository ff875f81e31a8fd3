"""Headers on their way out."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.edge.clients import response_headers
from prefetchrouter.edge.clients.response_headers import declared_length, wire_headers
from prefetchrouter.http.message import HeaderFields

DATED = ("date", "now")


def wired(*pairs: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    return wire_headers(HeaderFields([DATED, *pairs]))[1:]


@pytest.mark.parametrize(
    "value, sent",
    [
        ("a\r\nset-cookie: b=1", b"aset-cookie: b=1"),
        ("a\nb\rc\x00d\x7fe", b"abcde"),
        ("\r\n", b""),
        (" a\tb ", b"a\tb"),
        ("\xe4", b"\xe4"),
        ("\u2713", b"\xe2\x9c\x93"),
        ("\ud800", b"?"),
        ("\x85\u2028", b"\xc2\x85\xe2\x80\xa8"),
    ],
)
def test_a_value_stays_on_its_line(value: str, sent: bytes) -> None:
    """What is beyond ASCII goes byte for byte as it came, else as UTF-8."""
    for _ in range(2):
        assert wired(("x-a", value)) == [(b"x-a", sent)]


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\nb", "a\x00", "\xe4", "(a)", "a\n"])
def test_a_name_that_is_not_a_token_is_left_out(name: str) -> None:
    """It cannot be sent."""
    for _ in range(2):
        assert wired((name, "1"), ("x-a", "1")) == [(b"x-a", b"1")]


@pytest.mark.parametrize(
    "name", ["Connection", "keep-alive", "Transfer-Encoding", "content-length", "upgrade"]
)
def test_how_a_body_is_framed_is_not_told_by_headers(name: str) -> None:
    """Whoever sends it tells."""
    assert wired((name, "1")) == []


def test_fields_of_one_name_stay_apart() -> None:
    """As cookies need it."""
    pairs = wired(("Set-Cookie", "a=1"), ("set-cookie", "b=2"))
    assert pairs == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]


def test_a_missing_date_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the second."""
    ((name, value),) = wire_headers(HeaderFields())
    assert name == b"date"
    assert abs(parsedate_to_datetime(value.decode()).timestamp() - time.time()) < 2
    monkeypatch.setattr("time.time", lambda: 784111777.9)
    assert wire_headers(HeaderFields()) == [(b"date", b"Sun, 06 Nov 1994 08:49:37 GMT")]


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_nothing_that_is_sent_can_end_a_line(headers: dict[str, str]) -> None:
    """Whatever rules and origins write."""
    for name, value in wire_headers(HeaderFields(headers)):
        assert re.fullmatch(rb"[a-z0-9!#$%&'*+.^_`|~-]+", name)
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value)


def test_what_is_remembered_is_bounded() -> None:
    """Headers that never come again take no room for long, and long ones none."""
    for number in range(10_000):
        wired(("x-number", str(number)))
    wired(("x-long", "a" * 100_000))
    assert len(response_headers._pairs) <= 4096
    assert all(len(value) <= 512 for _, value in response_headers._pairs)


@pytest.mark.parametrize(
    "values, length",
    [
        (["0"], 0),
        (["12"], 12),
        ([], None),
        (["1", "1"], None),
        (["-1"], None),
        (["\xb2"], None),
        (["9" * 20], None),
    ],
)
def test_a_length_is_one_number(values: list[str], length: int | None) -> None:
    """Or it is invalid."""
    assert declared_length(HeaderFields({"content-length": values})) == length


def test_headers_that_are_sent_again_have_the_date_of_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their bytes are kept with them; who gets them may add to what they get."""
    headers = HeaderFields({"x-a": "1", "content-length": "5"})
    for now in (0.0, 86_400.0):
        monkeypatch.setattr("prefetchrouter.edge.clients.response_headers.time.time", lambda now=now: now)
        wired = wire_headers(headers)
        assert wired[0] == (b"x-a", b"1")
        assert wired[1][1].startswith(b"Thu, 01 Jan" if now == 0 else b"Fri, 02 Jan")
        assert len(wired) == 2
        wired.append((b"content-length", b"5"))
