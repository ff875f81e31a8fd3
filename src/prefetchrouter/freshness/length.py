"""Lengths of time in words that a reader takes in at once."""

from __future__ import annotations

import math
from typing import Final

_UNITS: Final = (("d", 86_400, 2, 1000), ("h", 3600, 1, 100), ("min", 60, 2, 100))
"""Each unit with its seconds, and the least and most of it that reads well."""


_ENDLESS: Final = 2**31 - 366 * 86_400
"""From here on, less than a year before the largest lifetime in HTTP, a time is as good as without an end."""


def spoken(seconds: float) -> str:
    """Return a length of time in the largest unit that says it exactly, else in two units.

    Args:
        seconds: The length, in seconds; infinity and the largest lifetimes in HTTP are ``"no limit"``.

    Example:
        >>> [spoken(seconds) for seconds in (59.9, 60, 900, 870, 90_600, 604_800)]
        ['59.9 s', '60 s', '15 min', '14 min 30 s', '25 h 10 min', '7 d']
    """
    if math.isinf(seconds) or seconds >= _ENDLESS:
        return "no limit"
    seconds = round(seconds, 1)
    for unit, size, least, most in _UNITS:
        if least * size <= seconds < most * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    if seconds < 120:
        return f"{seconds:g} s"
    for (unit, size, least, _), (smaller, part) in zip(
        _UNITS, (("h", 3600), ("min", 60), ("s", 1)), strict=True
    ):
        if seconds >= least * size:
            count, rest = divmod(seconds, size)
            return f"{count:g} {unit} {rest // part:g} {smaller}" if rest >= part else f"{count:g} {unit}"
    return f"{seconds:g} s"
