"""Cache-Control is read as it comes, and nothing in it is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.freshness.cache_control import MOST_SECONDS, CacheControl, delta_seconds

DIRECTIVES = [
    "max-age",
    "s-maxage",
    "no-store",
    "no-cache",
    "private",
    "must-revalidate",
    "stale-while-revalidate",
]
VALUES = ["", "0", "900", "-5", "1.5", '"900"', "abc", "9" * 30, " 60", '"a, b"']


@pytest.mark.parametrize(
    "text, directives",
    [
        ("", ()),
        (" , ,,", ()),
        ("No-Store", (("no-store", None),)),
        ("max-age=60,public", (("max-age", "60"), ("public", None))),
        ('private="a, b", max-age=60', (("private", '"a, b"'), ("max-age", "60"))),
        ('private="a\\", b", max-age=60', (("private", '"a\\", b"'), ("max-age", "60"))),
        ('private="a, max-age=60', (("private", '"a, max-age=60'),)),
        ("max-age=1=2", (("max-age", "1=2"),)),
    ],
)
def test_directives_are_read_in_order_with_their_values(text: str, directives: object) -> None:
    """Names lose their case, values stay as written, commas in quotes separate nothing."""
    assert directives == CacheControl.parse(text).directives


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("max-age=900", 900),
        ("MAX-AGE=900", 900),
        ("max-age=000900", 900),
        ("max-age=-5", 0),
        ("max-age=1.5", 0),
        ("max-age= 900", 0),
        ("max-age =900", None),
        ("max-age=٣", 0),
        ("max-age", 0),
        ("max-age=", 0),
        ("max-age=99999999999999999999", MOST_SECONDS),
        ("s-maxage=900", None),
        ("x-max-age=900", None),
    ],
)
def test_what_is_not_a_plain_number_of_seconds_counts_as_zero(text: str, seconds: int | None) -> None:
    """F2: the safe side; a directive that is not there is None."""
    assert seconds == CacheControl.parse(text).seconds("max-age")


def test_more_digits_than_python_converts_are_not_an_error() -> None:
    """A header of ten thousand digits is only a large number."""
    assert delta_seconds("7" * 10_000) == MOST_SECONDS


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Garbage gives directives with garbage names, never an exception."""
    control = CacheControl.parse(text)
    for name, _ in control.directives:
        assert name in control
        assert (control.seconds(name) or 0) >= 0
        assert (control.chromium_seconds(name) or 0) >= 0
        assert (control.firefox_seconds(name) or 0) >= 0


@given(st.lists(st.tuples(st.sampled_from(DIRECTIVES), st.none() | st.sampled_from(VALUES)), max_size=8))
def test_what_is_printed_is_read_back(directives: list[tuple[str, str | None]]) -> None:
    """Printing directives and reading them again changes nothing but the spaces at the ends."""
    written = CacheControl(tuple((name, value) for name, value in directives))
    stripped = tuple((name, value if value is None else value.rstrip()) for name, value in directives)
    assert stripped == CacheControl.parse(str(written)).directives
