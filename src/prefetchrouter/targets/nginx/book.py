"""The maps of a configuration, in the order in which they are printed, each one once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from prefetchrouter.targets.nginx.conf_text import MOST_BYTES, ConfText, interpolated, pieces, value

NOTHING: Final = ConfText('""')
"""The empty text."""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of a map.

    Args:
        key: What the text is compared with.
        value: What comes of it.
        comment: A note behind the line.
    """

    key: ConfText
    value: ConfText
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """A ``map``, or a ``geo``.

    Args:
        name: The name of the variable that it makes, without the dollar sign.
        source: What is compared.
        entries: Its lines.
        default: What the variable is otherwise.
        comment: A note above it.
        word: ``"map"`` or ``"geo"``.
    """

    name: str
    source: ConfText
    entries: tuple[BookLine, ...]
    default: ConfText = NOTHING
    comment: str = ""
    word: str = "map"


@dataclass(slots=True)
class Book:
    """Collects the maps, and the JavaScript functions that some variables need.

    Args:
        facts: What is known of every visitor, such as ``{"location.country": "DE"}``.

    Example:
        >>> book = Book()
        >>> book.add("pr_x", "$host", [BookLine(ConfText('"a"'), ConfText('"b"'))])
        '$pr_x'
        >>> book.add("pr_y", "$host", [BookLine(ConfText('"a"'), ConfText('"b"'))])
        '$pr_x'
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    maps: list[Map] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)
    _known: dict[object, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def number(self, kind: str) -> int:
        """Return the next number of a kind of variable, from 1 on."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def add(
        self,
        name: str,
        source: str,
        entries: Iterable[BookLine],
        default: ConfText = NOTHING,
        *,
        comment: str = "",
        word: str = "map",
    ) -> ConfText:
        """Add a map, and return its variable; that of an equal one that is there already."""
        made = Map(name, ConfText(source), tuple(entries), default, comment, word)
        same = (word, source, default, tuple((entry.key, entry.value) for entry in made.entries))
        if same not in self._known:
            self._known[same] = name
            self.maps.append(made)
        return ConfText(f"${self._known[same]}")

    def function(self, stem: str, code: str) -> ConfText:
        """Add a JavaScript function of a request, and return the variable that holds its result."""
        name = next((known for known, text in self.functions.items() if text == code), None)
        if name is None:
            name = f"{stem}{self.number(stem)}"
            self.functions[name] = code
        return ConfText(f"$pr_js_{name}")

    def text(self, parts: Iterable[str | ConfText]) -> ConfText:
        """Return texts and variables as a quoted value; what is too long for nginx is put into variables."""
        parts = list(parts)
        made = interpolated(parts)
        if len(made.encode()) <= MOST_BYTES:
            return made
        cut: list[str | ConfText] = []
        for part in parts:
            cut += (
                [part] if isinstance(part, ConfText) else [self._named(value(text)) for text in pieces(part)]
            )
        while len(interpolated(cut).encode()) > MOST_BYTES:
            cut = [self._named(interpolated(cut[at : at + 50])) for at in range(0, len(cut), 50)]
        return interpolated(cut)

    def _named(self, text: ConfText) -> ConfText:
        return self.add(f"pr_text_{self.number('text')}", "$pr_empty", (), text)


def entries_of(pairs: Mapping[ConfText, ConfText]) -> list[BookLine]:
    """Return pairs as the lines of a map."""
    return [BookLine(key, text) for key, text in pairs.items()]
