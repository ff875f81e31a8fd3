"""Rules F1 to F10, each with the cases that decide it."""

from __future__ import annotations

import pytest

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.freshness.http import (
    Basis,
    corrected_initial_age,
    current_age,
    freshness_lifetime,
    is_fresh,
    max_age,
    stale_seconds,
    storable,
    validates_always,
    validation,
    variant_matches,
)
from prefetchrouter.freshness.received_response import ReceivedResponse

NOON = "Thu, 01 Jan 2026 12:00:00 GMT"
ONE = "Thu, 01 Jan 2026 13:00:00 GMT"
TEN_DAYS_BEFORE = "Mon, 22 Dec 2025 12:00:00 GMT"


def control(text: str, **headers: str) -> ReceivedResponse:
    return ReceivedResponse.from_headers({"cache-control": text, **headers})


@pytest.mark.parametrize(
    "text, browser, edge",
    [("", True, True), ("no-store", False, False), ("private", True, False), ("max-age=0", True, True)],
)
def test_f1_who_may_store(text: str, browser: bool, edge: bool) -> None:
    """F1: no-store forbids it to all, private to edges."""
    assert (browser, edge) == (storable(control(text)), storable(control(text), shared=True))


@pytest.mark.parametrize(
    "headers, seconds, basis",
    [
        ({}, 0, "none"),
        ({"cache-control": "max-age=900"}, 900, "max-age"),
        ({"cache-control": "max-age=900", "expires": ONE, "date": NOON}, 900, "max-age"),
        ({"cache-control": "s-maxage=900", "expires": ONE, "date": NOON}, 3600, "expires"),
        ({"expires": ONE, "date": NOON}, 3600, "expires"),
        ({"expires": NOON, "date": ONE}, 0, "expires"),
        ({"expires": "0", "date": NOON, "last-modified": TEN_DAYS_BEFORE}, 0, "expires"),
        ({"last-modified": TEN_DAYS_BEFORE, "date": NOON}, 86_400, "heuristic"),
        ({"last-modified": ONE, "date": NOON}, 0, "none"),
        ({"cache-control": "max-age=abc", "last-modified": TEN_DAYS_BEFORE, "date": NOON}, 0, "max-age"),
    ],
)
def test_f2_the_first_that_says_a_lifetime_counts(
    headers: dict[str, str], seconds: float, basis: Basis
) -> None:
    """F2: max-age, then Expires, then a tenth of the time since the last change."""
    found = freshness_lifetime(ReceivedResponse.from_headers(headers))
    assert (seconds, basis) == (found.seconds, found.basis)


def test_f2_the_edge_has_a_lifetime_alone() -> None:
    """F2: s-maxage is for edges only."""
    response = control("max-age=60, s-maxage=900")
    assert (freshness_lifetime(response).seconds, freshness_lifetime(response, shared=True).seconds) == (
        60,
        900,
    )


def test_f2_only_default_cacheable_statuses_are_fresh_by_heuristic() -> None:
    """F2: a 302 with an old Last-Modified is not fresh."""
    headers = {"last-modified": TEN_DAYS_BEFORE, "date": NOON}
    assert freshness_lifetime(ReceivedResponse.from_headers(headers, status=302)).seconds == 0


@pytest.mark.parametrize(
    "text, http, chromium, firefox",
    [
        ("max-age=abc", 0, None, None),
        ('max-age="900"', 0, None, None),
        ("max-age=-5", 0, None, None),
        ("max-age=+900", 0, None, None),
        ("max-age= 900", 0, 900, 900),
        ("max-age =900", None, None, 900),
        ("max-age=900.5", 0, None, 900),
        ("max-age=900 x", 0, None, 900),
        ("public; max-age=900", None, None, None),
        ("max-age=0, max-age=900", 0, 0, 900),
        ("max-age=900, max-age=0", 900, 900, 0),
        ('max-age=10, max-age="900"', 10, 10, None),
    ],
)
def test_f2_browsers_read_odd_numbers_their_own_way(
    text: str, http: int | None, chromium: int | None, firefox: int | None
) -> None:
    """F2: as measured in Chromium 156 and Firefox ESR 153.7; the first column is the safe side."""
    response = control(text)
    assert (http, chromium, firefox) == (
        max_age(response),
        max_age(response, "chromium"),
        max_age(response, "firefox"),
    )


@pytest.mark.parametrize(
    "status, text, seconds",
    [
        (200, "", 86_400),
        (203, "", 86_400),
        (200, "must-revalidate", 0),
        (404, "", 0),
        (405, "", 0),
        (308, "", MOST_SECONDS),
        (410, "must-revalidate", MOST_SECONDS),
        (410, "max-age=60", 60),
    ],
)
def test_f2_chromium_has_heuristics_alone(status: int, text: str, seconds: float) -> None:
    """F2: measured in Chromium 156, with a Last-Modified ten days back."""
    headers = {"cache-control": text, "date": NOON, "last-modified": TEN_DAYS_BEFORE}
    assert (
        seconds
        == freshness_lifetime(
            ReceivedResponse.from_headers(headers, status=status), reader="chromium"
        ).seconds
    )


@pytest.mark.parametrize(
    "headers, delay, age",
    [
        ({}, 0, 0),
        ({}, 2, 2),
        ({"age": "840"}, 0, 840),
        ({"age": "840"}, 2, 842),
        ({"date": NOON}, 0, 3600),
        ({"date": NOON, "age": "60"}, 0, 3600),
        ({"date": NOON, "age": "7200"}, 0, 7200),
    ],
)
def test_f3_the_larger_of_date_and_age_counts(headers: dict[str, str], delay: float, age: float) -> None:
    """F3: received at one o'clock; an old Date counts although Age is gone."""
    received = ReceivedResponse.from_headers({"date": ONE}).response_time
    assert age == corrected_initial_age(
        ReceivedResponse.from_headers(headers, response_time=received, delay=delay)
    )


def test_f3_a_date_in_the_future_is_not_a_negative_age() -> None:
    """F3: clocks differ."""
    received = ReceivedResponse.from_headers({"date": NOON}).response_time
    assert corrected_initial_age(ReceivedResponse.from_headers({"date": ONE}, response_time=received)) == 0


def test_f4_time_in_the_cache_adds_to_the_age() -> None:
    """F4: 840 on receipt, 60 later 900."""
    assert current_age(ReceivedResponse.from_headers({"age": "840"}), 60) == 900


@pytest.mark.parametrize("t, fresh", [(0, True), (59.9, True), (60, False), (61, False)])
def test_f5_fresh_is_strictly_younger_than_the_lifetime(t: float, fresh: bool) -> None:
    """F5: `max-age=900` with `Age: 840` has 60 s left, and at 60 s none."""
    assert fresh is is_fresh(control("max-age=900", age="840"), t)


@pytest.mark.parametrize(
    "headers, http, chromium, firefox",
    [
        ({"cache-control": "no-cache, max-age=900"}, True, True, True),
        ({"cache-control": 'no-cache="set-cookie"'}, True, False, True),
        ({"pragma": "no-cache"}, True, True, True),
        ({"pragma": "no-cache", "cache-control": "max-age=900"}, False, True, True),
        ({"cache-control": "max-age=900"}, False, False, False),
    ],
)
def test_f6_no_cache_is_never_fresh(
    headers: dict[str, str], http: bool, chromium: bool, firefox: bool
) -> None:
    """F6: by RFC 9111 Pragma counts only without Cache-Control; browsers measured."""
    response = ReceivedResponse.from_headers(headers)
    assert (http, chromium, firefox) == (
        validates_always(response),
        validates_always(response, "chromium"),
        validates_always(response, "firefox"),
    )


def test_f6_no_cache_beats_a_lifetime() -> None:
    """F6: the copy is asked about each time."""
    assert is_fresh(control("no-cache, max-age=900"), 0) is False


def test_f7_must_revalidate_changes_nothing_while_fresh() -> None:
    """F7: it speaks of stale copies only."""
    assert is_fresh(control("max-age=900, must-revalidate", age="840"), 59)


@pytest.mark.parametrize(
    "headers, asked",
    [({"etag": '"a"'}, "conditional"), ({"last-modified": NOON}, "conditional"), ({}, "full")],
)
def test_f8_a_validator_makes_the_question_small(headers: dict[str, str], asked: str) -> None:
    """F8: an ETag or Last-Modified saves the body."""
    assert asked == validation(ReceivedResponse.from_headers(headers))


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("max-age=0, stale-while-revalidate=60", 60),
        ("max-age=0, stale-while-revalidate=60, must-revalidate", 0),
        ("no-cache, stale-while-revalidate=60", 0),
        ("max-age=0, stale-while-revalidate=soon", 0),
        ("max-age=0", 0),
    ],
)
def test_f9_stale_copies_serve_for_a_while_unless_f7(text: str, seconds: float) -> None:
    """F9: must-revalidate cancels it."""
    assert seconds == stale_seconds(control(text))


@pytest.mark.parametrize(
    "vary, matches",
    [
        ("", True),
        ("Cookie", True),
        ("Accept", False),
        ("Cookie, Accept", False),
        ("*", False),
        ("X-Absent", True),
    ],
)
def test_f10_the_named_request_headers_have_to_be_equal(vary: str, matches: bool) -> None:
    """F10: absent in both is equal too."""
    stored, asked = {"Accept": "*/*", "cookie": "a=1"}, {"accept": "text/html", "Cookie": "a=1"}
    assert matches is variant_matches(ReceivedResponse.from_headers({"vary": vary}), stored, asked)
