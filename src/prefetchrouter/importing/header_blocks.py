"""The file ``_headers``, as Netlify and Cloudflare have it: a path, and its headers below."""

from __future__ import annotations

from dataclasses import dataclass, field

from prefetchrouter.importing.imported import Imported
from prefetchrouter.source import Source


@dataclass(frozen=True)
class HeaderLine:
    """One header of a block.

    Args:
        source: Its place.
        name: Its name.
        value: Its value; None if the header is removed.
    """

    source: Source
    name: str
    value: str | None


@dataclass(frozen=True)
class HeaderBlock:
    """A path with its headers."""

    source: Source
    path: str
    lines: list[HeaderLine] = field(default_factory=list)
    comments: tuple[str, ...] = ()


def header_blocks(
    text: str, file: str, imported: Imported, *, can_detach: bool, most_characters: int | None = None
) -> list[HeaderBlock]:
    """Return the blocks of a file; other lines leave a remark.

    Args:
        text: The text of the file.
        file: Its name.
        imported: Takes the remarks.
        can_detach: Whether a line ``! name`` removes a header, and a path may be a URL.
        most_characters: The longest line that the product reads.

    Example:
        >>> [block] = header_blocks("/a\\n  X-A: 1", "_headers", Imported(), can_detach=False)
        >>> block.path, block.lines[0].name, block.lines[0].value
        ('/a', 'X-A', '1')
    """
    blocks: list[HeaderBlock] = []
    comments: list[str] = []
    for number, whole in enumerate(text.split("\n"), 1):
        line, source = whole.strip(), Source(file, number)
        if not line:
            continue
        if line.startswith("#"):
            comments.append(line.lstrip("#").strip())
            continue
        if most_characters is not None and len(line) > most_characters:
            imported.not_understood(source, line, f"a line has at most {most_characters:,} characters")
        elif line.startswith("/") or (can_detach and line.startswith("https://")):
            blocks.append(HeaderBlock(source, line, comments=tuple(filter(None, comments))))
            comments = []
        else:
            fault = _add(line, source, blocks, can_detach)
            if fault:
                imported.not_understood(source, line, fault)
    return blocks


def _add(line: str, source: Source, blocks: list[HeaderBlock], can_detach: bool) -> str | None:
    """Add a line to the last block, or return what is wrong with it."""
    name, colon, value = (part.strip() for part in line.partition(":"))
    if can_detach and line.startswith("!"):
        name, colon, value = line[1:].strip(), "!", ""
    if not colon or not name or (colon == ":" and not value):
        return "it is neither a path nor NAME: VALUE"
    if not blocks:
        return "no path stands above it"
    blocks[-1].lines.append(HeaderLine(source, name, value if colon == ":" else None))
    return None
