"""Parses a number and its unit with the `parse` library, for durations and sizes."""

from __future__ import annotations

from collections.abc import Callable

import parse

MOST_DIGITS = 15
"""The most digits that a number may have; enough for 30 million years in seconds."""

Reader = Callable[[str], tuple[str, ...] | None]


def reader(template: str, **parts: str) -> Reader:
    """Return a function that splits a text into the parts of a template, or returns None without a match.

    Args:
        template: The parts in braces, such as ``"{count:Count}{unit:Unit}"``.
        parts: A regular expression for each type of part.

    Example:
        >>> read = reader("{count:Count}{unit:Unit}", Count="[0-9]+", Unit="[smh]")
        >>> read("90s"), read("90 s")
        (('90', 's'), None)
    """
    form = parse.compile(
        template,
        {name: _part(pattern) for name, pattern in parts.items()},  # pyright: ignore[reportArgumentType]
        case_sensitive=True,
    )

    def read(text: str) -> tuple[str, ...] | None:
        found = form.parse(text)
        return tuple(found.named.values()) if found else None

    return read


def _part(pattern: str) -> Callable[[str], str]:
    def keep(text: str) -> str:
        return text

    keep.pattern = pattern  # type: ignore[attr-defined]
    return keep
