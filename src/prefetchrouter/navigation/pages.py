"""Which page a URL of a log is: many spellings, one name."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode

from prefetchrouter.navigation.log_facts import (
    INDEX_FILES,
    MOST_PARAMETER_TEXT,
    MOST_PARAMETERS,
    PRIVATE_PARAMETERS,
    SEARCH_PARAMETERS,
)

_ORIGIN = re.compile(r"https?://([^/?#]*)", re.I)
_SLASHES = re.compile("//+")
MOST_URL = 2048
"""In characters. A longer URL is not a page."""


class Spelling(NamedTuple):
    """How a URL of a log spells a page.

    Args:
        page: What all spellings of a page share.
        url: Path and query.
    """

    page: str
    url: str


class PageFinder(Protocol):
    """Says which page a URL is."""

    def spelling(self, url: str) -> Spelling | None:
        """Return the page of a URL, or None if it is not a page.

        Args:
            url: Path and query as they are in a log, or a whole URL.
        """


class PlainPages:
    """Pages where no rules are known: index files are folders, and tracking parameters do not count.

    Example:
        >>> PlainPages().spelling("//blog/index.html?utm_source=x&page=2#top").url
        '/blog/?page=2'
        >>> PlainPages().spelling("/search?q=private+words").url
        '/search'
    """

    def spelling(self, url: str) -> Spelling | None:
        """Return the page of a URL, or None if it is not a page."""
        path, query = path_and_query(url)
        path = _SLASHES.sub("/", path.partition(";")[0])
        if not path.startswith("/") or len(url) > MOST_URL:
            return None
        for name in INDEX_FILES:
            if path.endswith(name):
                path = path[: 1 - len(name)]
        text = plain_query(query)
        found = f"{path}?{text}" if text else path
        return Spelling(found, found)


def path_and_query(url: str) -> tuple[str, str]:
    """Return path and query of a URL, without its origin and fragment.

    Example:
        >>> path_and_query("https://shop.example/a?b=1#c"), path_and_query("//a/b")
        (('/a', 'b=1'), ('//a/b', ''))
    """
    found = _ORIGIN.match(url)
    if found is not None:
        url = url[found.end() :]
        if not url.startswith("/"):
            url = f"/{url}"
    path, _, query = url.partition("#")[0].partition("?")
    return path, query


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, without ``www.`` and port; empty if there is none.

    Example:
        >>> host_of("https://www.Shop.example:443/a")
        'shop.example'
    """
    found = _ORIGIN.match(url)
    return "" if found is None else found[1].rpartition("@")[2].lower().partition(":")[0].removeprefix("www.")


def plain_query(query: str) -> str:
    """Return the parameters of a query that say which page it is, sorted by name.

    Example:
        >>> plain_query("b=2&a=1&gclid=x&empty="), plain_query("a=1&b=2&c=3")
        ('a=1&b=2', '')
    """
    if not query:
        return ""
    try:
        found = parse_qsl(query, max_num_fields=100)
    except ValueError:
        return ""
    kept = [
        (name, value)
        for name, value in found
        if not name.lower().startswith(PRIVATE_PARAMETERS) and name.lower() not in SEARCH_PARAMETERS
    ]
    if len(kept) > MOST_PARAMETERS or any(len(part) > MOST_PARAMETER_TEXT for pair in kept for part in pair):
        return ""
    return urlencode(sorted(kept, key=lambda pair: pair[0]))
