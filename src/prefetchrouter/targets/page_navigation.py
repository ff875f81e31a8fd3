"""What pages get to know of where visitors go next: small files, and the statement that leads to them."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prefetchrouter.browser.names import NAMES

MOST_IN_ONE_FILE: Final = 2048
"""In bytes after gzip: up to this size all pages share one file, which a visitor loads once."""

ROWS_PER_FILE: Final = 40
"""About this many pages share a file otherwise: a page loads one file."""

_FNV_START: Final = 0x811C9DC5
_FNV_FACTOR: Final = 0x01000193
_KEY: Final = re.compile(r"#[0-9a-f]{1,8}")

Row = Sequence[tuple[str, float]]
"""Pages with how likely each is, the best first."""


@dataclass(frozen=True, slots=True)
class PageNavigation:
    """Files with a row for each page from which visitors go on.

    Args:
        files: Their texts by path; a path names all of the content, so it never has another.
        statement: What goes in front of the install script.
        likely: How likely links are opened where they are on a page, by path and query; those that are opened
            most often first. Speculation Rules go by it.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""
    likely: Mapping[str, float] = field(default_factory=dict)


def page_navigation(rows: Mapping[str, Row]) -> PageNavigation:
    r"""Return the files of the rows.

    Args:
        rows: For each page, or its `page_key`, where visitors go from there. A page without a row behaves as
            without any model.

    Example:
        >>> found = page_navigation({"/": [("/a", 0.256)]})
        >>> list(found.files.values()), found.statement[:32]
        (['{"/":{"/a":0.26}}\n'], 'self.__EDGIO_NAVIGATION__=["/__e')
    """
    if not rows:
        return PageNavigation()
    texts = _texts(rows, 1)
    if len(gzip.compress(texts[0].encode("utf-8", "surrogatepass"))) > MOST_IN_ONE_FILE:
        count = 1
        while len(rows) / count > ROWS_PER_FILE:
            count *= 2
        texts = _texts(rows, count)
    folder = f"{NAMES.navigation_path}{hashlib.sha256(''.join(texts).encode()).hexdigest()[:10]}/"
    statement = f"self.{NAMES.navigation_global}={json.dumps([folder, len(texts)], separators=(',', ':'))};\n"
    return PageNavigation(
        {f"{folder}{number}.json": text for number, text in enumerate(texts)},
        statement.replace("<", "\\u003c"),
    )


def _texts(rows: Mapping[str, Row], count: int) -> list[str]:
    """Return the texts of so many files, a power of two."""
    shards: list[dict[str, dict[str, float]]] = [{} for _ in range(count)]
    for page, row in sorted(rows.items()):
        shards[shard_of(page, count)][page] = {url: round(p, 2) for url, p in row}
    return [json.dumps(shard, ensure_ascii=False, separators=(",", ":")) + "\n" for shard in shards]


def shard_of(page: str, count: int) -> int:
    """Return the number of the file that has the row of a page.

    Args:
        page: Path and query, or a `page_key`.
        count: How many files there are, a power of two.

    Example:
        >>> shard_of("/", 1), shard_of("/a", 16), shard_of(page_key("/a"), 16)
        (0, 15, 15)
    """
    found = int(page[1:], 16) if is_page_key(page) else _hash(page)
    return (found ^ found >> 16) % count


def page_key(page: str) -> str:
    """Return what stands for a page whose URL may not be published: the page itself can find its row by it.

    Who knows or guesses the URL finds the row, too, but the URL cannot be read from it.

    Args:
        page: Path and query, of which each character counts as its code.

    Source: FNV-1a, which a page can compute in a line.

    Example:
        >>> page_key("/"), is_page_key(page_key("/")), is_page_key("/")
        ('#2a0c975e', True, False)
    """
    return f"#{_hash(page):x}"


def is_page_key(page: str) -> bool:
    """Return whether a name of a page is a `page_key`; a path begins with a slash."""
    return _KEY.fullmatch(page) is not None


def _hash(page: str) -> int:
    found = _FNV_START
    for unit in page.encode("utf-16-le", "surrogatepass")[::2]:
        found = (found ^ unit) * _FNV_FACTOR & 0xFFFFFFFF
    return found
