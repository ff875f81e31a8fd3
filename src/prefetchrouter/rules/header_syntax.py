"""Valid header names and values: one check for features, requests, responses and options.

Sources: RFC 9110, section 5.1 (a name is a token, section 5.6.2) and section 5.5 (values).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")

NAME_EXPECTED = "letters, digits and any of !#$%&'*+-.^_`|~"


@lru_cache(maxsize=4096)
def bad_in_name(name: str) -> str | None:
    """Return the first character that a header name cannot hold, "" for an empty name, None for a valid one.

    Example:
        >>> bad_in_name("x-tier"), bad_in_name("x tier"), bad_in_name("")
        (None, ' ', '')
    """
    if _TOKEN.fullmatch(name):
        return None
    return next((character for character in name if not _TOKEN.fullmatch(character)), "")


def bad_in_value(value: str) -> str | None:
    """Return the first character that a header value cannot hold: a line break or another control character.

    A tab is allowed.

    Example:
        >>> bad_in_value("text/html; charset=utf-8"), bad_in_value("1\\n2")
        (None, '\\n')
    """
    found = _CONTROL.search(value)
    return found[0] if found else None
