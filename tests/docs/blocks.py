"""What the pages of the documentation hold: their sections, code blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """A code block: the words after its fence, and its text."""

    info: str
    text: str

    @property
    def title(self) -> str | None:
        """The file that the block is, if any."""
        found = re.search(r'title="([^"]+)"', self.info)
        return found[1] if found else None


def blocks(page: str) -> list[Block]:
    """Return the code blocks of a page or section."""
    return [Block(found["info"], found["text"]) for found in _FENCE.finditer(page)]


def section(page: str, heading: str) -> str:
    """Return the text below a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert found, f"there is no section {heading!r}"
    return found[1]


def links(page: str) -> Iterator[str]:
    """Yield the targets of a page's links and pictures that stay within the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", page)):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: str) -> set[str]:
    """Return the names under which the headings of a page can be linked to."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
