"""Views: requests for pages that people made. All other lines are counted, each for one reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from prefetchrouter.navigation.pages import Spelling

Reason: TypeAlias = Literal[
    "unreadable", "method", "robot", "status", "prefetch", "asset", "url", "robots-file", "reload", "machine",
    "long",
]  # fmt: skip
"""Why a line is not a view."""
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


class View(NamedTuple):
    """A request for a page.

    Args:
        visitor: The number of the visitor: address and user agent.
        time: In seconds since 1970.
        line: The number of the line, over all files.
        page: The page.
        size: How many bytes were sent.
        source: The page that the `Referer` names, if it is one of the site; else None.
    """

    visitor: int
    time: float
    line: int
    page: str
    size: int
    source: str | None = None


@dataclass
class FileSummary:
    """What was found in one file."""

    path: str
    format: str
    lines: int = 0
    unreadable: int = 0


@dataclass
class Traffic:
    """The views of logs, and why the other lines are not.

    Args:
        views: The views, in the order of the lines.
        dropped: How many lines were dropped, by reason.
        examples: What made lines be dropped, and how often: user agents, statuses, methods, unreadable lines.
        files: What was found in each file.
        visitors: Address and user agent for each visitor's number, which never leave the memory.
        robot_visitors: The numbers of those that requested ``robots.txt``.
        has_purpose: Whether some line has a `Sec-Purpose`.
        hosts: The hosts of the site, as far as they are known.
    """

    views: list[View] = field(default_factory=list)
    dropped: Counter[Reason] = field(default_factory=Counter)
    examples: dict[Reason, Counter[str]] = field(default_factory=dict)
    files: list[FileSummary] = field(default_factory=list)
    visitors: list[tuple[str, str]] = field(default_factory=list)
    robot_visitors: set[int] = field(default_factory=set)
    has_purpose: bool = False
    hosts: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines were read, the unreadable ones too."""
        return sum(file.lines for file in self.files)


def visitor_hash(visitor: tuple[str, str]) -> int:
    """Return 24 bits of the digest of a visitor: enough to count few, too little to find one again.

    Args:
        visitor: Address and user agent.
    """
    text = "\n".join(visitor).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(text).digest()[:3], "big")


def own_hosts(of_assets: Counter[str], of_pages: Counter[str]) -> tuple[str, ...]:
    """Return the host of the site: the one whose pages most requests of files come from.

    Args:
        of_assets: How many requests of files have a `Referer` of each host.
        of_pages: How many requests of pages.
    """
    for hosts in (of_assets, of_pages):
        counts = sorted(((-count, host) for host, count in hosts.items() if host))
        if counts:
            return (counts[0][1],)
    return ()


def page_names(spellings: Iterable[Spelling]) -> dict[str, str]:
    """Return for each page the spelling that most of its views have; of equal ones the shortest.

    Example:
        >>> page_names([Spelling("k", "/a/"), Spelling("k", "/a"), Spelling("k", "/a")])
        {'k': '/a'}
    """
    best: dict[str, tuple[int, int, str]] = {}
    for spelling, count in Counter(spellings).items():
        rank = (-count, len(spelling.url), spelling.url)
        if spelling.page not in best or rank < best[spelling.page]:
            best[spelling.page] = rank
    return {page: rank[2] for page, rank in best.items()}
