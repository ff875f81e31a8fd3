"""Times as access logs write them: ISO 8601, the common log format, or a number since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_NANOSECONDS = 1e17
_MILLISECONDS = 1e11
_LATEST = 1e11
"""In seconds: a time before 1970 or beyond the year 5000 is unreadable."""


def common_time(text: str) -> float:
    """Return a time of the common log format, without its brackets, in seconds since 1970.

    Raises:
        ValueError: It is not such a time.

    Example:
        >>> common_time("17/May/2015:10:05:03 +0200")
        1431849903.0
    """
    if len(text) != 26 or text[17] != ":":
        raise ValueError(text)
    second = text[18:20]
    if not second.isdigit() or not second.isascii():
        raise ValueError(text)
    return _minute(text[:17] + text[20:]) + int(second)


@lru_cache(maxsize=4096)
def _minute(text: str) -> float:
    """Return the begin of a minute, such as ``17/May/2015:10:05 +0000``."""
    day, month, year, hour, minute = text[:2], text[3:6], text[7:11], text[12:14], text[15:17]
    if month not in _MONTHS or not all(
        part.isascii() and part.isdigit() for part in (day, year, hour, minute)
    ):
        raise ValueError(text)
    sign, zone = text[18:19], text[19:23]
    if sign not in "+-" or not zone.isascii() or not zone.isdigit():
        raise ValueError(text)
    offset = timedelta(hours=int(zone[:2]), minutes=int(zone[2:])) * (-1 if sign == "-" else 1)
    if abs(offset) >= timedelta(days=1):
        raise ValueError(text)
    at = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), tzinfo=timezone(offset))
    return _in_range(at.timestamp())


def _in_range(seconds: float) -> float:
    if not 0 <= seconds < _LATEST:
        raise ValueError(seconds)
    return seconds


def any_time(value: object) -> float:
    """Return a time of any of the known forms in seconds since 1970.

    Args:
        value: Text, or a number: nanoseconds, milliseconds or seconds, by its magnitude.

    Raises:
        ValueError: It is not a time.

    Example:
        >>> any_time("2015-05-17T10:05:03Z") == any_time(1431857103) == any_time("1431857103000")
        True
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(value)
    if isinstance(value, str):
        text = value.strip()
        if text[2:3] == "/":
            return common_time(text.strip("[]"))
        if "-" in text[1:8]:
            return _iso_time(text)
        value = float(text.strip("[]")) if text[:1] != "[" else common_time(text.strip("[]"))
    seconds = float(value)
    if seconds > _NANOSECONDS:
        seconds /= 1e9
    elif seconds > _MILLISECONDS:
        seconds /= 1e3
    return _in_range(seconds)


def _iso_time(text: str) -> float:
    at = datetime.fromisoformat(text.replace(",", "."))
    try:
        return _in_range((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp())
    except OverflowError:
        raise ValueError(text) from None
