"""Text from rules, clients and origins as people may see it: one line, escaped, cut with its length.

Every printer uses this: terminal lines, tables, explanations, diagnostics, pages, pytest reports.
"""

from __future__ import annotations

import re
from typing import Final

MOST_SHOWN: Final = 500
"""How many characters of a value are shown where a reader wants to recognise it."""

MOST_CHARACTERS: Final = 4000
"""How much of a message is printed: more would only hide the rest."""

_ADDRESS = re.compile(r"<(?:[\w.]+\.)?(.{1,80}?)(?: object)? at 0x[0-9a-fA-F]+>")
PLAIN_KEY = re.compile(r"[-+\w.]{1,80}", re.ASCII)
"""A key that needs no quotes in a path."""


def printable(text: str, most: int | None = None) -> str:
    r"""Return text as one line that is safe to print.

    Line breaks, control characters, terminal escapes, lone surrogates and invisible marks, such as those that
    turn the reading direction, become their escapes. So nothing from outside can move a cursor, end a line or
    hide what stands beside it.

    Args:
        text: Any text.
        most: How many characters to show; what is longer is cut and says how long it is. None for all.

    Example:
        >>> print(printable("a\x1b[2J\n\u202eb"))
        a\x1b[2J\n\u202eb
        >>> printable("x" * 100_000, 8)
        'xxxxxxxx… (100,000 characters)'
    """
    if most is not None and len(text) > most:
        return f"{printable(text[:most])}… ({len(text):,} characters)"
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def shown(value: object, limit: int = 80) -> str:
    """Return a value as messages show it: text in double quotes, sets sorted, no address, long ones cut.

    Example:
        >>> shown("1hr"), shown(None), shown(object())
        ('"1hr"', 'None', '<object>')
    """
    try:
        text = f'"{value[: limit + 1]}"' if isinstance(value, str) else _represented(value)
    except Exception:  # a number of thousands of digits, a list a thousand levels deep, a __repr__ that fails
        text = f"this {type(value).__name__}"
    text = printable(text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _represented(value: object) -> str:
    if isinstance(value, set | frozenset) and value:
        return "{" + ", ".join(sorted(map(_represented, value))) + "}"
    return _ADDRESS.sub(r"<\1>", repr(value))


def path_text(path: tuple[str | int, ...]) -> str:
    """Return a path into a value as messages show it.

    Example:
        >>> path_text(("url", "url_rewrite", 0, "source"))
        'url.url_rewrite[0].source'
    """
    text = ""
    for part in path:
        if isinstance(part, int) or not PLAIN_KEY.fullmatch(part):
            text += f"[{shown(part)}]"
        else:
            text += f".{part}" if text else part
    return text
