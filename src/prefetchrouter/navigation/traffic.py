"""Reads logs into views: requests for pages that people made. All others are counted, each for one reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from prefetchrouter.navigation.log_facts import ROBOTS_FILE
from prefetchrouter.navigation.log_files import LogFile, Progress
from prefetchrouter.navigation.log_line import LogLine, is_asset, is_own_prefetch, is_robot
from prefetchrouter.navigation.pages import Pages, PlainPages, Spelling, host_of, path_and_query

Reason: TypeAlias = Literal[
    "unreadable", "method", "robot", "status", "prefetch", "asset", "url", "robots-file", "reload", "machine",
    "long",
]  # fmt: skip
"""Why a line is not a view."""
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
_MOST_EXAMPLES: Final = 3
_MOST_EXAMPLE_TEXT: Final = 200


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
        examples: Some of the dropped lines by reason: what made them so, without addresses.
        files: What was found in each file.
        visitors: A text for each visitor's number, which never leaves the memory.
        robot_visitors: The numbers of those that requested ``robots.txt``.
        has_purpose: Whether some line has a `Sec-Purpose`.
        hosts: The hosts of the site, as far as they are known.
    """

    views: list[View] = field(default_factory=list)
    dropped: Counter[Reason] = field(default_factory=Counter)
    examples: dict[Reason, list[str]] = field(default_factory=dict)
    files: list[FileSummary] = field(default_factory=list)
    visitors: list[str] = field(default_factory=list)
    robot_visitors: set[int] = field(default_factory=set)
    has_purpose: bool = False
    hosts: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines were read, the unreadable ones too."""
        return sum(file.lines for file in self.files)


def visitor_hash(visitor: str) -> int:
    """Return 24 bits of the digest of a visitor: enough to count few, too little to find one again.

    Args:
        visitor: Address and user agent, as `Traffic.visitors` has them.
    """
    return int.from_bytes(hashlib.sha256(visitor.encode("utf-8", "surrogatepass")).digest()[:3], "big")


class _Source(NamedTuple):
    host: str
    spelling: Spelling


class _Memory:
    """What was found for texts that come again and again, as URLs and user agents do.

    Args:
        pages: Says which page a URL is.
    """

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._urls: dict[str, Spelling | None] = {}
        self._sources: dict[str, _Source | None] = {}
        self._is_asset: dict[str, bool] = {}

    def is_asset(self, url: str) -> bool:
        found = self._is_asset.get(url)
        if found is None:
            found = self._is_asset[url] = is_asset(path_and_query(url)[0].partition(";")[0])
        return found

    def spelling(self, url: str) -> Spelling | None:
        if url not in self._urls:
            self._urls[url] = self._pages.spelling(url)
        return self._urls[url]

    def source(self, referer: str) -> _Source | None:
        if referer not in self._sources:
            host = host_of(referer)
            spelling = self._pages.spelling(referer) if host and not self.is_asset(referer) else None
            self._sources[referer] = _Source(host, spelling) if spelling is not None else None
        return self._sources[referer]


class TrafficReader:
    """Reads lines into views.

    Args:
        pages: Says which page a URL is.
        hosts: The hosts of the site; if there are none, the one that most requests of files name as theirs.
    """

    def __init__(self, pages: Pages | None = None, hosts: Sequence[str] = ()) -> None:
        self._traffic = Traffic(hosts=tuple(host.lower().removeprefix("www.") for host in hosts))
        self._memory = _Memory(pages or PlainPages())
        self._numbers: dict[tuple[str, str], int] = {}
        self._found: list[tuple[int, float, int, Spelling, int, _Source | None]] = []
        self._asset_hosts: Counter[str] = Counter()
        self._page_hosts: Counter[str] = Counter()
        self._line = 0

    def read(self, path: Path, progress: Progress | None = None) -> None:
        """Read a file.

        Raises:
            NavigationError: It cannot be read.
        """
        log = LogFile(path, progress)
        summary = FileSummary(str(path), log.format)
        self._traffic.files.append(summary)
        for _, line, text in log:
            summary.lines += 1
            if line is None:
                summary.unreadable += 1
                self._line += 1
                self._drop("unreadable", text)
            else:
                self.note(line)
        summary.format = log.format

    def note(self, line: LogLine) -> None:
        """Take a line: as a view, or dropped for the first reason that holds."""
        self._line += 1
        if line.purpose:
            self._traffic.has_purpose = True
        url = line.url
        if ROBOTS_FILE in url:
            self._traffic.robot_visitors.add(self._visitor(line))
        if line.method != "GET":
            self._drop("method", line.method)
        elif is_robot(line.agent):
            self._drop("robot", line.agent)
        elif not (200 <= line.status <= 299 or line.status == 304):
            self._drop("status", str(line.status))
        elif is_own_prefetch(url, line.purpose):
            self._drop("prefetch", url)
        elif self._memory.is_asset(url):
            self._drop("asset", url)
            if line.referer:
                self._asset_hosts[host_of(line.referer)] += 1
        else:
            self._take(line)

    def _take(self, line: LogLine) -> None:
        spelling = self._memory.spelling(line.url)
        if spelling is None:
            self._drop("url", line.url)
            return
        source = self._memory.source(line.referer) if line.referer else None
        if source is not None:
            self._page_hosts[source.host] += 1
        self._found.append((self._visitor(line), line.time, self._line, spelling, line.size, source))

    def _visitor(self, line: LogLine) -> int:
        key = (line.address, line.agent)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._traffic.visitors.append(f"{line.address}\n{line.agent}")
        return number

    def _drop(self, reason: Reason, example: str) -> None:
        traffic = self._traffic
        traffic.dropped[reason] += 1
        examples = traffic.examples.setdefault(reason, [])
        if len(examples) < _MOST_EXAMPLES and example not in examples:
            examples.append(example[:_MOST_EXAMPLE_TEXT])

    def traffic(self) -> Traffic:
        """Return what was read, with each page under the name that most of its views have."""
        made = self._traffic
        if not made.hosts:
            made.hosts = own_hosts(self._asset_hosts, self._page_hosts)
        names = page_names(spelling for _, _, _, spelling, _, _ in self._found)
        made.views = [
            View(visitor, time, line, names[spelling.page], size, self._named(source, names))
            for visitor, time, line, spelling, size, source in self._found
        ]
        return made

    def _named(self, source: _Source | None, names: dict[str, str]) -> str | None:
        if source is None or source.host not in self._traffic.hosts:
            return None
        return names.get(source.spelling.page, source.spelling.url)


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


def read_traffic(
    paths: Iterable[Path | str],
    pages: Pages | None = None,
    hosts: Sequence[str] = (),
    progress: Callable[[str], Progress | None] | None = None,
) -> Traffic:
    """Read logs into views.

    Args:
        paths: The files.
        pages: Says which page a URL is; without, as `PlainPages` does.
        hosts: The hosts of the site; if there are none, they are found.
        progress: Called with the name of each file, returns what is called while it is read.

    Raises:
        NavigationError: A file cannot be read.
    """
    reader = TrafficReader(pages, hosts)
    for path in _each(paths):
        reader.read(path, progress(str(path)) if progress is not None else None)
    return reader.traffic()


def _each(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in paths:
        yield Path(path)
