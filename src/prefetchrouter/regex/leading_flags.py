"""The flags in front of an expression, such as ``(?i)``."""

from __future__ import annotations

import re

_FLAGS = re.compile(r"\(\?([a-z]+)\)")


def split_flags(regex: str) -> tuple[str, str]:
    """Return the flags that an expression begins with, and the expression without them.

    Example:
        >>> split_flags("(?i)^/a"), split_flags("^/(?<id>[0-9]+)")
        (('i', '^/a'), ('', '^/(?<id>[0-9]+)'))
    """
    found = _FLAGS.match(regex)
    return (found[1], regex[found.end() :]) if found else ("", regex)
