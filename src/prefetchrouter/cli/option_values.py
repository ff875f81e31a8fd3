"""Readers for the values of options: numbers within bounds, and ports.

Each returns what argparse takes as `type`; its error says what was expected.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def number(
    least: float, most: float, expected: str, *, is_least_allowed: bool = True
) -> Callable[[str], float]:
    """Return a reader for a number.

    Args:
        least: The least one.
        most: The largest one.
        expected: What a wrong value is not, such as ``"a factor such as 4"``.
        is_least_allowed: False for a number above the least one.

    Example:
        >>> number(0, 60, "a number of seconds from 0 to 60")("2.5")
        2.5
    """

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not least <= found <= most or (found == least and not is_least_allowed):
            raise argparse.ArgumentTypeError(f"{text!r} is not {expected}")
        return found

    return read


def whole(expected: str = "a whole number", *, digits: int = 9) -> Callable[[str], int]:
    """Return a reader for a whole number without a sign.

    Args:
        expected: What a wrong value is not.
        digits: How many digits it has at most.

    Example:
        >>> whole("a status code", digits=6)("404")
        404
    """

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > digits:
            raise argparse.ArgumentTypeError(f"{text!r} is not {expected}")
        return int(text)

    return read


def port(least: int = 0) -> Callable[[str], int]:
    """Return a reader for a port.

    Args:
        least: The least one; 0 lets the system choose.

    Example:
        >>> port()("8080")
        8080
    """

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= 65535:
            raise argparse.ArgumentTypeError(f"{text!r} is not a port")
        return int(text)

    return read
