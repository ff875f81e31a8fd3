r"""What pages get to know of where visitors go next: small files, and the statement that leads to them.

A file is an array of two texts, with a line for each URL that it names, in order:

    ["#/\n$cart\n$products/8","#%(#$&\n##%\n"]

In the first, a line is a URL without what it has in common with the one before: its first character is a
digit, the number of these characters. In the second, a line says where visitors go from that URL, the most
likely page first: two digits for the number of the line that names the page, one for the place of its
probability in `LEVELS`. So from ``/`` they go to ``/products/8`` (35 %) and to ``/cart`` (10 %). A digit to
the base of 64 is a character from ``#`` on. That takes half of the bytes of an object of objects: a shop of
400 pages needs one file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from prefetchrouter.browser.names import NAMES

MOST_IN_ONE_FILE: Final = 2048
"""In bytes after gzip: up to this size all pages share one file, which a visitor loads once."""

ROWS_PER_FILE: Final = 40
"""About this many pages share a file otherwise: a page loads one file."""

LEVELS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""The probabilities that files have: the nearest one stands for any other."""

_BASE: Final = 64
_ZERO: Final = ord("#")
"""The digit 0: those above are printable, and one of them alone has an escape in JSON."""
_MOST_URLS: Final = _BASE * _BASE
"""How many URLs a file names at most."""

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
        (['["#/\\n$a","#$\'\\n"]\n'], 'self.__EDGIO_NAVIGATION__=["/__e')
    """
    if not rows:
        return PageNavigation()
    count = 1
    texts = _texts(rows, count)
    if len(_urls(rows)) > _MOST_URLS or _zipped(texts[0]) > MOST_IN_ONE_FILE:
        while len(rows) / count > ROWS_PER_FILE:
            count *= 2
        texts = _texts(rows, count)
    folder = f"{NAMES.navigation_path}{hashlib.sha256(''.join(texts).encode()).hexdigest()[:10]}/"
    statement = f"self.{NAMES.navigation_global}={json.dumps([folder, len(texts)], separators=(',', ':'))};\n"
    return PageNavigation(
        {f"{folder}{number}.json": text for number, text in enumerate(texts)},
        statement.replace("<", "\\u003c"),
    )


def _zipped(text: str) -> int:
    return len(gzip.compress(text.encode("utf-8", "surrogatepass")))


def _texts(rows: Mapping[str, Row], count: int) -> list[str]:
    """Return the texts of so many files, a power of two."""
    shards: list[dict[str, Row]] = [{} for _ in range(count)]
    for page, row in rows.items():
        shards[shard_of(page, count)][page] = row
    return [_text(shard) for shard in shards]


def _text(rows: Mapping[str, Row]) -> str:
    urls = _urls(rows)
    numbers = {url: number for number, url in enumerate(urls[:_MOST_URLS])}
    shared = [_in_common(before, url) for before, url in pairwise(["", *urls])]
    named = [_digit(count) + url[count:] for count, url in zip(shared, urls, strict=True)]
    links = [
        "".join(_link(numbers[url], p) for url, p in rows.get(page, ()) if url in numbers) for page in urls
    ]
    return json.dumps(["\n".join(named), "\n".join(links)], ensure_ascii=False, separators=(",", ":")) + "\n"


def _urls(rows: Mapping[str, Row]) -> list[str]:
    """Return all pages and links, sorted; no URL has a line feed, which separates them."""
    found = {*rows, *(url for row in rows.values() for url, _ in row)}
    return sorted(url for url in found if "\n" not in url)


def _in_common(before: str, url: str) -> int:
    """Return with how many characters both begin; what is not ASCII may be two characters in JavaScript."""
    pairs = enumerate(zip(before[: _BASE - 1], url, strict=False))
    others = (place for place, (one, other) in pairs if one != other or not one.isascii())
    return next(others, min(len(before), len(url), _BASE - 1))


def _link(number: int, p: float) -> str:
    level = min(range(len(LEVELS)), key=lambda place: abs(LEVELS[place] - p))
    return f"{_digit(number // _BASE)}{_digit(number % _BASE)}{_digit(level)}"


def _digit(value: int) -> str:
    return chr(_ZERO + value)


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
