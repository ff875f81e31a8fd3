"""Text from rules, clients and origins as people may see it: one line, escaped, cut with its length.

Every printer uses this: terminal lines, tables, explanations, diagnostics, pages, pytest reports.
"""

from __future__ import annotations

from typing import Final

MOST_SHOWN: Final = 500
"""How many characters of a value are shown where a reader wants to recognise it."""


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
