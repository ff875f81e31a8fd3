"""Reads docs/index.md: the sections of the documentation, and the pages of each with a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"

_ENTRY = re.compile(r"^- \[(?P<title>[^]]+)\]\((?P<path>[^)#]+)\): (?P<text>.+)$", re.M)
_START = "Start"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the index lists it: its title, its path below docs, and what it is about."""

    title: str
    path: str
    text: str


def sections() -> dict[str, list[Entry]]:
    """Return the pages by section; those before the first heading, and the quickstart, are in "Start"."""
    text = (DOCS / "index.md").read_text(encoding="utf-8")
    head, *parts = re.split(r"^## (.+)\n", text, flags=re.M)
    start = [
        Entry("Quickstart", "quickstart.md", "From an empty folder to rules that are built and tested."),
        *_entries(head),
    ]
    return {_START: start} | {
        title: _entries(part) for title, part in zip(parts[::2], parts[1::2], strict=True)
    }


def _entries(text: str) -> list[Entry]:
    return [Entry(found["title"], found["path"], found["text"]) for found in _ENTRY.finditer(text)]
