"""Dates of HTTP: a strict reader for caches that obey the standard, and a lax one for what browsers read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_FORMS: Final = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",
        rf"{_LONG_DAY}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",
        rf"{_DAY} {_MONTH} (?P<day>[0-9]{{2}}| [0-9]) {_TIME} (?P<year>[0-9]{{4}})",
    )
)
"""IMF-fixdate, the form of RFC 850, and that of asctime."""

_WITHOUT_A_CLOCK: Final = 2069
"""The last year that two digits mean where the time is not known: HTTP has no dates before 1970."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_LETTERS = 64


def strict_date(text: str, *, now: float | None = None) -> float | None:
    """Return the seconds since 1970 of an HTTP date, None for any other text.

    Three forms are dates: IMF-fixdate, RFC 850 and asctime, in any letter case. Nothing may be missing, added
    or written in another way; the day of the month and the time have to exist. The name of the weekday has to
    be one, but need not be that of the date. A leap second, ``23:59:60``, is the second after it.

    Args:
        text: The field value, without blanks around it.
        now: The time in seconds since 1970, by which two-digit years are read: none is more than 50 years
            ahead. Without it they are those from 1970 to 2069.

    Source: RFC 9110 section 5.6.7; RFC 9111 section 4.2, on letter case and on zones other than GMT.

    Example:
        >>> strict_date("Thu, 01 Jan 1970 00:15:00 GMT"), strict_date("Thu, 01 Jan 1970 00:15:00 UTC")
        (900.0, None)
        >>> strict_date("Thursday, 01-Jan-70 00:15:00 GMT") == strict_date("Thu Jan  1 00:15:00 1970")
        True
    """
    if not text or len(text) > _MOST_LETTERS:
        return None
    found = _form(text)
    return found if found is None or isinstance(found, float) else _moment(found, now)  # pyright: ignore[reportArgumentType]


@lru_cache(maxsize=1024)
def _form(text: str) -> re.Match[str] | float | None:
    """Return what a date means, or its parts where that depends on the time; an origin repeats its dates."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    return found if found is None or len(found["year"]) == 2 else _moment(found, None)


def _moment(found: re.Match[str], now: float | None) -> float | None:
    day, month = int(found["day"]), _MONTHS.index(found["month"].lower()) + 1
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    leap = (hour, minute, second) == (23, 59, 60)
    year = int(found["year"])
    try:
        if len(found["year"]) == 2:
            year = _whole_year(year, (month, day, hour, minute, 59 if leap else second), now)
        moment = datetime(year, month, day, hour, minute, 59 if leap else second, tzinfo=UTC)
    except ValueError:
        return None
    return (moment - _BEGINNING).total_seconds() + leap


def _whole_year(digits: int, rest: tuple[int, int, int, int, int], now: float | None) -> int:
    """Return the latest year with these last digits in which the date is not more than 50 years ahead."""
    if now is None:
        return _WITHOUT_A_CLOCK - (_WITHOUT_A_CLOCK - digits) % 100
    today = _BEGINNING + timedelta(seconds=now)
    last = today.year + 50
    year = last - (last - digits) % 100
    of_today = (today.month, today.day, today.hour, today.minute, today.second)
    return year - 100 if year == last and rest > of_today else year


def lax_date(text: str) -> float | None:
    """Return the seconds since 1970 of a date as browsers read it, None for text that they take for none.

    Besides the three forms: other zones and none, one-digit days and hours, two-digit years, dashes, dots in
    the time, no time, no comma, no weekday or a wrong one, month and day the other way round, more blanks,
    text behind it.

    Source: Chromium and Firefox read such dates; ``docs/freshness.md`` lists the forms.

    Example:
        >>> lax_date("Thu 1 Jan 70 00.15.00 UTC"), lax_date("0")
        (900.0, None)
    """
    return _by_browsers(text[:_MOST_LETTERS]) if text else None


@lru_cache(maxsize=1024)
def _by_browsers(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # it brings sockets along, and few need lax dates

    for candidate in (text, f"{text} 00:00:00"):
        try:
            moment = parsedate_to_datetime(candidate)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
