"""How old an answer is: rule E14."""

from __future__ import annotations

import pytest

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.age import corrected_initial_age, with_age, with_date

AT_900 = "Thu, 01 Jan 1970 00:15:00 GMT"


@pytest.mark.parametrize(
    ("headers", "asked", "arrived", "expected"),
    [
        ({}, 1000, 1000, 0),
        ({}, 1000, 1003, 3),
        ({"age": "60"}, 1000, 1003, 63),
        ({"age": "60, 900"}, 1000, 1000, 60),
        ({"age": ["60", "900"]}, 1000, 1000, 60),
        ({"age": "old"}, 1000, 1000, 0),
        ({"age": "-60"}, 1000, 1000, 0),
        ({"age": "9" * 5000}, 1000, 1000, MOST_SECONDS),
        ({"date": AT_900}, 1000, 1000, 100),
        ({"date": AT_900, "age": "60"}, 1000, 1000, 100),
        ({"date": AT_900, "age": "160"}, 1000, 1000, 160),
        ({"date": AT_900}, 500, 500, 0),
        ({"date": "never"}, 1000, 1000, 0),
        ({"date": "Thu, 01 Jan 1900 00:00:00 GMT"}, 1e9, 1e9, MOST_SECONDS),
        ({"age": "60"}, 1003, 1000, 60),
    ],
)
def test_the_age_on_arrival(
    headers: dict[str, str | list[str]], asked: float, arrived: float, expected: float
) -> None:
    assert corrected_initial_age(HeaderFields(headers), request_time=asked, response_time=arrived) == expected


def test_age_is_whole_seconds_and_there_once() -> None:
    headers = HeaderFields({"age": ["1", "2"], "etag": '"a"'})
    assert with_age(headers, 9.99).all("age") == ("9",)
    assert with_age(headers, -5)["age"] == "0"
    assert with_age(headers, 1e300)["age"] == str(MOST_SECONDS)
    assert headers.all("age") == ("1", "2")


def test_a_date_is_added_only_where_none_can_be_read() -> None:
    dated = HeaderFields({"date": AT_900})
    assert with_date(dated, 5000) is dated
    assert with_date(HeaderFields({"etag": '"a"'}), 900).fields() == (("etag", '"a"'), ("date", AT_900))
    assert with_date(HeaderFields({"date": ["?", "?"]}), 900).all("date") == (AT_900,)
