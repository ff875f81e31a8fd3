"""Text as JavaScript writes it."""

from __future__ import annotations

import json


def js_text(text: str) -> str:
    r"""Return a text as a string literal.

    Example:
        >>> js_text("a'</b>\u2028")
        '"a\'</b>\\u2028"'
    """
    return json.dumps(text)


def js_regex(regex: str, flags: str = "") -> str:
    """Return a portable regular expression as one of JavaScript.

    Example:
        >>> js_regex("(?i)^a$")
        'new RegExp("^a$", "i")'
    """
    if regex.startswith("(?i)"):
        regex, flags = regex[4:], f"{flags}i"
    return f"new RegExp({js_text(regex)}, {js_text(flags)})"
