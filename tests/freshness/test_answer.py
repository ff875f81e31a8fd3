"""The headers of an answer become facts; no header text is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.errors import FreshnessError
from prefetchrouter.freshness.answer import Answer, age_value, http_date, seconds

NAMES = ["Age", "Date", "Expires", "Cache-Control", "Pragma", "Last-Modified", "ETag", "Vary", "x-other"]
NEWYEAR = "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    "text, age",
    [
        ("840", 840),
        ("10, 901", 10),
        ("abc", 0),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        (" 7 ", 7),
        ("9" * 6000, 2**31),
    ],
)
def test_age_is_the_first_member_or_nothing(text: str, age: int) -> None:
    """Measured: `abc` acts as 0, `10, 901` as 10."""
    assert age == age_value(text)


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994 GMT"],
)
def test_the_three_forms_of_a_date_are_one_moment(text: str) -> None:
    """RFC 9110 section 5.6.7 knows three."""
    assert http_date(text) == 784_111_777


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "now", "Thu, 99 Foo 2026", "Thu, 01 Jan 99999 00:00:00 GMT", "1," * 99]
)
def test_other_text_is_no_date(text: str) -> None:
    """Garbage is None, not an exception."""
    assert http_date(text) is None


def test_repeated_headers_are_one_list() -> None:
    """Two Cache-Control headers act as one with both contents."""
    answer = Answer.from_headers([("Cache-Control", "public"), ("cache-control", "max-age=5")])
    assert answer.cache_control.seconds("max-age") == 5


def test_an_unreadable_expires_is_past() -> None:
    """F2: `Expires: 0` is the usual way to say so."""
    assert -math.inf == Answer.from_headers({"expires": "0", "date": NEWYEAR}).expires


def test_expires_without_any_clock_is_past() -> None:
    """Nothing tells how far away the moment is, so the copy is not taken for fresh."""
    assert -math.inf == Answer.from_headers({"expires": NEWYEAR}).expires


def test_without_a_time_of_receipt_date_is_current() -> None:
    """What was made just now has no age."""
    answer = Answer.from_headers({"date": NEWYEAR})
    assert answer.date == answer.received


@pytest.mark.parametrize("value", [-1, -0.001, math.nan, math.inf, 10**400, True, "60", None])
def test_what_is_no_length_of_time_is_a_coded_error(value: object) -> None:
    """The error says which number is wrong."""
    with pytest.raises(FreshnessError, match=r"the click: .* \[seconds\]"):
        seconds(value, "the click")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=80))), st.integers(100, 599))
def test_any_headers_are_read(headers: list[tuple[str, str]], status: int) -> None:
    """Random headers give facts, never an exception."""
    assert Answer.from_headers(headers, status=status).age >= 0


@given(st.text(alphabet="Thu, 01JanGMT:0123456789+-", max_size=40))
def test_any_text_like_a_date_is_read(text: str) -> None:
    """What is nearly a date is one or none."""
    found = http_date(text)
    assert found is None or math.isfinite(found)
