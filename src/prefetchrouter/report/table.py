"""Tables and colour for terminals; plain, aligned text everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from prefetchrouter.printable import printable

_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Style:
    """Colours text where the output is a terminal that wants it.

    Example:
        >>> Style(enabled=False)("listed", "green")
        'listed'
    """

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def of(cls, stream: TextIO | None = None) -> Style:
        """Return the style for a stream: plain unless it is a terminal and ``NO_COLOR`` is not set."""
        stream = stream or sys.stdout
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(wanted and stream.isatty())  # pyright: ignore[reportOptionalMemberAccess]

    def __call__(self, text: str, colour: str) -> str:
        """Return the text in a colour: bold, dim, red, green, yellow or cyan."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._enabled else text


def width_of(stream: TextIO | None = None) -> int | None:
    """Return how many columns lines may have: the terminal's, or ``COLUMNS``, or None if nothing limits them.

    Output into a file or another program is never cut, unless ``COLUMNS`` is set.
    """
    if os.environ.get("COLUMNS", "").isdigit() or (stream or sys.stdout).isatty():
        return max(shutil.get_terminal_size().columns, 60)
    return None


def table(rows: Iterable[Sequence[str]], colours: Sequence[str] = (), style: Style | None = None) -> str:
    """Return rows as aligned columns, each row one line whatever its cells hold.

    Args:
        rows: Each with the same number of cells.
        colours: A colour for each column, "" for none.
        style: How to colour; not at all when not given.

    Example:
        >>> print(table([["routes.py:8", "listed"], ["routes.py:12", "hidden"]]))
        routes.py:8   listed
        routes.py:12  hidden
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        line = [padded(cell, width) for cell, width in zip(row, widths, strict=True)]
        line[-1] = row[-1]
        if style is not None:
            line = [
                style(cell, colour) if colour else cell for cell, colour in zip(line, colours, strict=False)
            ] + line[len(colours) :]
        lines.append("  ".join(line).rstrip())
    return "\n".join(lines)


def columns_of(text: str) -> int:
    """Return how many columns text takes; colours take none, wide characters take two."""
    if text.isascii() and text.isprintable():
        return len(text)
    import wcwidth

    return wcwidth.width(text)


def padded(text: str, columns: int) -> str:
    """Return text with spaces behind it, so that it takes at least that many columns."""
    if text.isascii() and text.isprintable():
        return text.ljust(columns)
    import wcwidth

    return wcwidth.ljust(text, columns)


def cut(text: str, columns: int | None) -> str:
    """Return text that takes at most that many columns of a terminal; an ellipsis stands for what is cut off.

    Args:
        text: One line; colours take no columns, wide characters take two.
        columns: How many; None if nothing is to be cut.

    Example:
        >>> cut("/products/1", 10), cut("東京駅", 5)
        ('/products…', '東京…')
    """
    if columns is None or columns_of(text) <= columns:
        return text
    import wcwidth

    return f"{wcwidth.clip(text, 0, max(columns - 1, 0)).rstrip()}…"


def cut_middle(text: str, columns: int) -> str:
    """Return text that takes at most that many columns, with its middle left out.

    Example:
        >>> cut_middle("/products/a-very-long-name/reviews", 20)
        '/products/…e/reviews'
    """
    width = columns_of(text)
    if width <= columns:
        return text
    head = columns // 2
    import wcwidth

    return f"{wcwidth.clip(text, 0, head)}…{wcwidth.clip(text, width - (columns - head - 1), width)}"


def wrapped(line: str, columns: int | None, indent: int) -> str:
    """Return a line, broken between words where it takes more columns than there are.

    Args:
        line: The line; colours are taken up again on each line.
        columns: How many; None if nothing is to be broken.
        indent: The column in which further lines begin.

    Example:
        >>> print(wrapped("name: a value of several words", 16, 6))
        name: a value of
              several
              words
    """
    if columns is None or columns_of(line) <= columns:
        return line
    space = " " * indent
    import wcwidth

    return "\n".join(
        wcwidth.wrap(line, columns, subsequent_indent=space, break_on_hyphens=False, break_long_words=False)
    )
