"""The lines of a case file as blocks: a line at the left edge, and the indented lines below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """A line of a file."""

    line: int
    text: str


@dataclass(frozen=True)
class Block:
    """A line at the left edge, with those indented below it.

    Args:
        line: Its number.
        head: Its text.
        details: The indented lines; blank ones between them count in routes only.
    """

    line: int
    head: str
    details: tuple[Line, ...] = ()


@dataclass
class Problems:
    """What is wrong with a file."""

    path: Path
    found: list[Line] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        self.found.append(Line(line, message))

    @property
    def lines(self) -> list[str]:
        return [f"{self.path}:{line}: {message}" for line, message in sorted(self.found)]


def blocks_of(text: str, problems: Problems) -> Iterator[Block]:
    """Yield the blocks of a text."""
    head: Line | None = None
    details: list[Line] = []
    for number, text_of_line in enumerate(text.split("\n"), 1):
        line = Line(number, text_of_line)
        if "\r" in line.text or "\t" in line.text or "\0" in line.text:
            problems.add(number, "a line holds no tab, carriage return or NUL")
        elif line.text.startswith(" "):
            if head is None:
                problems.add(number, "an indented line belongs below one at the left edge")
            elif line.text.strip() or head.text == "routes:":
                details.append(line)
        elif line.text:
            if head is not None:
                yield _block(head, details)
            head, details = line, []
        elif head is not None and head.text == "routes:":
            details.append(line)
    if head is not None:
        yield _block(head, details)


def _block(head: Line, details: list[Line]) -> Block:
    return Block(head.line, head.text.rstrip(" "), tuple(details))
