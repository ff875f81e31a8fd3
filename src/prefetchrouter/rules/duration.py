"""Durations such as "1h": one whole number and one unit, as the rule language writes them.

The `parse` library reads the accepted form. Similar values (`"1hr"`, `"1h30m"`, `3600`) are
parsed a second time, leniently, only to propose the probable intent.
"""

from __future__ import annotations

import datetime
import difflib
import math
import re
from functools import lru_cache
from typing import Any, Final

from prefetchrouter.errors import DurationError, shown
from prefetchrouter.rules.quantity import MOST_DIGITS, reader

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
"""Seconds in each unit; a year has 365 days."""

_EXPECTED = 'a whole number and one unit (s, m, h, d, w or y), such as "1h"'

_LONG_UNITS = {
    "s": ("s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "wk", "wks", "week", "weeks"),
    "y": ("y", "yr", "yrs", "year", "years"),
}
_UNIT_OF = {word: unit for unit, words in _LONG_UNITS.items() for word in words}
_LOOSE_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ _]*([a-z]+)")
_LOOSE = re.compile(rf"(?:{_LOOSE_PART.pattern}[ ,]*)+")


_read = reader("{sign:Sign}{count:Count}{unit:Unit}", Sign="-?", Count="[0-9]+", Unit="[smhdwy]")


class Duration(str):
    """A length of time as text, such as "1h", that also knows its seconds.

    Args:
        text: A whole number and one unit: ``s``, ``m`` (minutes), ``h``, ``d``, ``w`` or ``y`` (365 days).
        signed: Whether a leading minus is allowed, which means "already expired".

    Raises:
        DurationError: The text has another form; the error proposes the nearest right one.

    Example:
        >>> Duration("1h").seconds
        3600
        >>> Duration("1hr")
        Traceback (most recent call last):
        ...
        prefetchrouter.errors.DurationError: "1hr" is not a duration; expected a whole number and one unit \
(s, m, h, d, w or y), such as "1h"; did you mean "1h"? [duration]
    """

    __slots__ = ("_seconds",)
    _seconds: int

    def __new__(cls, text: str, *, signed: bool = False) -> Duration:
        """Return the duration that a text means."""
        return duration(text, signed=signed)

    @classmethod
    def of(cls, *, seconds: int) -> Duration:
        """Return the duration of that many seconds, written in seconds.

        Raises:
            DurationError: The number is not a whole one, is negative, or is too large.

        Example:
            >>> Duration.of(seconds=90)
            '90s'
        """
        if type(seconds) is not int or not 0 <= seconds < 10**MOST_DIGITS:
            message = f"{shown(seconds)} is not a number of seconds"
            raise DurationError.of(
                "duration", message, expected=f"a whole number of at most {MOST_DIGITS} digits, not negative"
            )
        return duration(f"{seconds}s")

    @property
    def seconds(self) -> int:
        """The length in seconds.

        Example:
            >>> Duration("2m").seconds
            120
        """
        return self._seconds

    def __reduce__(self) -> tuple[Any, ...]:
        return _interned, (str(self),)


def duration(value: object, *, signed: bool = False) -> Duration:
    """Return any value as a `Duration`.

    Raises:
        DurationError: The value is not the text of a duration.

    Example:
        >>> duration("90s").seconds
        90
    """
    if isinstance(value, str):
        found = _interned(str.__str__(value))
        if found is not None and (signed or found[0] != "-"):
            return found
    raise _not_a_duration(value, signed=signed)


@lru_cache(maxsize=4096)
def _interned(text: str) -> Duration | None:
    parts = _read(text)
    if parts is None or len(parts[1]) > MOST_DIGITS:
        return None
    sign, count, unit = parts
    made = str.__new__(Duration, text)
    made._seconds = int(sign + count) * UNITS[unit]
    return made


def _not_a_duration(value: object, *, signed: bool) -> DurationError:
    proposal = _proposal(value)
    if proposal and not signed:
        proposal = proposal.lstrip("-")
    hint = f'did you mean "{proposal}"?' if proposal else None
    message = f"{shown(value)} is not a duration"
    if isinstance(value, str):
        if re.fullmatch(r"-[0-9]+[smhdwy]", value[:50]):
            message += ": it cannot be negative here"
        elif re.match(rf"-?[0-9]{{{MOST_DIGITS + 1}}}", value[: MOST_DIGITS + 2]):
            message += f": it has more than {MOST_DIGITS} digits"
    return DurationError.of("duration", message, expected=_EXPECTED, hint=hint)


def _proposal(value: object) -> str | None:
    if isinstance(value, datetime.timedelta):
        return _shortest(value.total_seconds())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.0f}s" if abs(value) < 1e15 and value == int(value) else None
    if not isinstance(value, str):
        return None
    text = value[:60].strip().lower()
    sign, text = ("-", text[1:].lstrip()) if text.startswith("-") else ("", text.removeprefix("+"))
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return f"{sign}{int(text)}s"
    if not _LOOSE.fullmatch(text):
        return None
    parts = [(count, _near_unit(word)) for count, word in _LOOSE_PART.findall(text)]
    if len(parts) == 1 and "." not in parts[0][0] and len(parts[0][0]) <= MOST_DIGITS:
        count, unit = parts[0]
        return f"{sign}{int(count)}{unit}" if unit else None
    seconds = sum(float(count) * UNITS[unit] if unit else math.nan for count, unit in parts)
    shortest = _shortest(seconds)
    return sign + shortest if shortest else None


def _near_unit(word: str) -> str | None:
    near = difflib.get_close_matches(word, _UNIT_OF, n=1, cutoff=0.7)
    return _UNIT_OF[near[0]] if near else None


def _shortest(seconds: float) -> str | None:
    """Write whole seconds in the largest of s, m, h and d that needs no fraction."""
    if not abs(seconds) < 1e15 or seconds != int(seconds):
        return None
    unit = next((unit for unit in "dhm" if seconds % UNITS[unit] == 0 and seconds), "s")
    return f"{int(seconds) // UNITS[unit]}{unit}"
