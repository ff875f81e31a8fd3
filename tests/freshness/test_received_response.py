"""The headers of a response become facts; no header text is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.errors import FreshnessError
from prefetchrouter.freshness.received_response import ReceivedResponse, age_value, seconds

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


def test_repeated_headers_are_one_list() -> None:
    """Two Cache-Control headers act as one with both contents."""
    response = ReceivedResponse.from_headers([("Cache-Control", "public"), ("cache-control", "max-age=5")])
    assert response.cache_control.seconds("max-age") == 5


def test_an_unreadable_expires_is_past() -> None:
    """F2: `Expires: 0` is the usual way to say so."""
    assert -math.inf == ReceivedResponse.from_headers({"expires": "0", "date": NEWYEAR}).expires


def test_expires_without_any_clock_is_past() -> None:
    """Nothing tells how far away the moment is, so the copy is not taken for fresh."""
    assert -math.inf == ReceivedResponse.from_headers({"expires": NEWYEAR}).expires


def test_without_a_time_of_receipt_date_is_current() -> None:
    """What was made just now has no age."""
    response = ReceivedResponse.from_headers({"date": NEWYEAR})
    assert response.date == response.response_time


@pytest.mark.parametrize("value", [-1, -0.001, math.nan, math.inf, 10**400, True, "60", None])
def test_what_is_not_a_length_of_time_is_a_coded_error(value: object) -> None:
    """The error says which number is wrong."""
    with pytest.raises(FreshnessError, match=r"the click: .* \[seconds\]"):
        seconds(value, "the click")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=80))), st.integers(100, 599))
def test_any_headers_are_read(headers: list[tuple[str, str]], status: int) -> None:
    """Random headers give facts, never an exception."""
    assert ReceivedResponse.from_headers(headers, status=status).age >= 0


@pytest.mark.parametrize("name", ["Date", "Expires", "Last-Modified"])
def test_a_malformed_date_is_one_for_browsers_only(name: str) -> None:
    """A cache that obeys the standard takes it for none, and an Expires for past."""
    response = ReceivedResponse.from_headers(
        {name: "Thu, 01 Jan 2026 00:00:00 AEST"}, response_time=1_700_000_000
    )
    place = ["Date", "Expires", "Last-Modified"].index(name)
    told = (response.date, response.expires, response.last_modified)[place]
    browser = response.seen_by("firefox")
    assert told == (-math.inf if name == "Expires" else None)
    assert (browser.date, browser.expires, browser.last_modified)[place] == 1_767_225_600
    assert response.seen_by() == response.seen_by(shared=True) == response


def test_a_date_that_all_can_read_needs_no_second_reading() -> None:
    response = ReceivedResponse.from_headers({"date": NEWYEAR, "expires": NEWYEAR})
    assert response.browser_dates is None
    assert response.seen_by("chromium") is response.seen_by("http") is response


def test_several_lines_of_one_date_are_invalid() -> None:
    headers = [("expires", NEWYEAR), ("expires", NEWYEAR), ("date", NEWYEAR)]
    assert ReceivedResponse.from_headers(headers).expires == -math.inf
