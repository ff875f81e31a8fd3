"""Compiles the rule set's expressions for evaluation in Python."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from prefetchrouter.errors import RegexError, shown

_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*(?:\]|\Z)|\(\?<(?![=!])|\$", re.S)
_LEADING_FLAGS = re.compile(r"\(\?([a-zA-Z]+)\)")


@lru_cache(maxsize=4096)
def to_python(source: str) -> re.Pattern[str]:
    """Return a rule set's regular expression, compiled to be searched in a value.

    Classes such as ``\\d`` are ASCII only, and ``$`` matches only the very end, as at every edge.

    Args:
        source: The text that the rule set holds, as `portable` makes it.

    Raises:
        RegexError: Python cannot compile it (``regex-syntax``).

    Example:
        >>> to_python(r"(?i)^/p/(?<id>\\d+)$").search("/P/12")["id"]
        '12'
    """
    flags = _LEADING_FLAGS.match(source)
    multiline = flags is not None and "m" in flags[1]

    def translated(part: re.Match[str]) -> str:
        text = part[0]
        if text == "(?<":
            return "(?P<"
        return r"\Z" if text == "$" and not multiline else text

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Python warns of "[[" and "&&", which mean the same in all engines
            return re.compile(_PART.sub(translated, source), re.ASCII)
    except (re.error, ValueError, OverflowError, RecursionError) as problem:
        raise RegexError.of("regex-syntax", f"{shown(source)} cannot be compiled: {problem}") from problem


def literal(text: str) -> str:
    """Return an expression that matches exactly this text, with only portable escapes.

    Example:
        >>> literal("/a.b?c")
        '/a\\\\.b\\\\?c'
    """
    return _SPECIAL.sub(r"\\\g<0>", text)


_SPECIAL = re.compile(r"[.*+?()\[\]{}^$|\\]")
