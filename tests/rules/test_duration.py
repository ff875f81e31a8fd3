import contextlib
import copy
import datetime
import enum
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.errors import DurationError, shown
from prefetchrouter.rules.duration import UNITS, Duration, duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("90s", 90), ("2m", 120), ("1h", 3600), ("1d", 86_400), ("1w", 604_800), ("1y", 31_536_000)],
)
def test_a_duration_knows_its_seconds(text: str, seconds: int) -> None:
    """Each unit has one length; a year has 365 days."""
    assert seconds == Duration(text).seconds


@given(count=st.integers(0, 10**15 - 1), unit=st.sampled_from(sorted(UNITS)))
def test_the_text_of_a_duration_stays_as_it_was_written(count: int, unit: str) -> None:
    """Nothing is normalised: the rule set holds what the user wrote."""
    assert f"{count}{unit}" == Duration(f"{count}{unit}")


def test_a_number_of_seconds_is_written_in_seconds() -> None:
    """`Duration.of` chooses no larger unit."""
    assert Duration.of(seconds=3600) == "3600s"


@pytest.mark.parametrize("seconds", [-1, 10**15, 10**5000, True], ids=shown)
def test_a_number_of_seconds_is_whole_and_not_negative(seconds: int) -> None:
    """What is not a number of seconds is a coded error."""
    with pytest.raises(DurationError):
        Duration.of(seconds=seconds)


def test_a_negative_duration_is_read_only_where_it_is_allowed() -> None:
    """A minus means "already expired", which only three features know."""
    assert Duration("-1h", signed=True).seconds == -3600
    with pytest.raises(DurationError, match="cannot be negative"):
        Duration("-1h")


@pytest.mark.parametrize(
    ("wrong", "proposal"),
    [
        ("1hr", "1h"),
        ("60", "60s"),
        (3600, "3600s"),
        (90.0, "90s"),
        ("1h30m", "90m"),
        ("1 hour, 30 minutes", "90m"),
        ("1 our", "1h"),
        ("5min", "5m"),
        ("1.5h", "90m"),
        ("1H", "1h"),
        (" 1h ", "1h"),
        ("1h\n", "1h"),
        ("-1h", "1h"),
        ("+1h", "1h"),
        ("2 weeks", "2w"),
        (datetime.timedelta(hours=36), "36h"),
    ],
)
def test_a_near_miss_is_reported_with_what_was_meant(wrong: object, proposal: str) -> None:
    """The proposal is a duration itself."""
    with pytest.raises(DurationError) as raised:
        duration(wrong)
    assert raised.value.diagnostics[0].hint == f'did you mean "{proposal}"?'
    assert Duration(proposal) == proposal


@pytest.mark.parametrize(
    "wrong", ["", "soon", "h", "1", "١h", "1ms", "1 month", None, True, b"1h", [], float("nan")]
)
def test_what_is_not_a_duration_is_refused_with_the_form_that_is_one(wrong: object) -> None:
    """The message names the form, whatever was given."""
    with pytest.raises(DurationError, match="a whole number and one unit"):
        duration(wrong)


@pytest.mark.parametrize(
    "wrong", ["9" * 5000 + "h", "9" * 5000, 10**5000, "1h" * 5000, "-" * 9999 + "h"], ids=shown
)
def test_a_very_long_number_is_a_coded_error_and_quick(wrong: object) -> None:
    """Python's own limits do not show."""
    with pytest.raises(DurationError):
        duration(wrong)


@given(st.text() | st.text("0123456789smhdwy-+. ", max_size=12) | st.floats() | st.integers() | st.none())
def test_any_value_gives_a_duration_or_a_coded_error(value: object) -> None:
    """Fuzzed: no other exception."""
    with contextlib.suppress(DurationError):
        assert str(duration(value, signed=True)) == value


def test_a_duration_survives_copies_and_pickles() -> None:
    """A rule set can go to another process."""
    original = Duration("1h")
    assert [copy.deepcopy(original).seconds, pickle.loads(pickle.dumps(original)).seconds] == [3600, 3600]


def test_a_duration_cannot_be_changed() -> None:
    """Equal durations may be one object."""
    with pytest.raises(AttributeError):
        Duration("1h").seconds = 5  # type: ignore[misc]


class Age(str, enum.Enum):  # noqa: UP042 - StrEnum prints as its text, this one does not
    """What some code bases name their lifetimes with."""

    HOUR = "1h"


def test_the_member_of_a_text_enumeration_is_read_as_its_text() -> None:
    """Its value counts, not how it prints."""
    assert duration(Age.HOUR) == "1h"
