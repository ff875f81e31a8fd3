"""Reads logs into views, line by line in plain Python; large ones with DuckDB where that is installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from prefetchrouter.errors import NavigationError
from prefetchrouter.navigation.bulk import without_cycles
from prefetchrouter.navigation.fast_lines import FastFile, can_read_fast
from prefetchrouter.navigation.log_facts import ROBOTS_FILE
from prefetchrouter.navigation.log_files import LogFile, Progress
from prefetchrouter.navigation.log_line import LogLine, is_asset, is_own_prefetch, is_robot
from prefetchrouter.navigation.log_times import common_time
from prefetchrouter.navigation.pages import PageFinder, PlainPages, Spelling, host_of, path_and_query
from prefetchrouter.navigation.quoted_lines import regular_line
from prefetchrouter.navigation.traffic import FileSummary, Reason, Traffic, View, own_hosts, page_names

Engine: TypeAlias = Literal["auto", "python", "duckdb"]
"""What reads lines: ``"auto"`` takes DuckDB for large files if it is installed. The result is the same."""

LARGE_FILE: Final = 16 * 1024 * 1024
"""In bytes: larger files are read with DuckDB."""
_MOST_EXAMPLES: Final = 3
_MOST_EXAMPLE_TEXT: Final = 200


class _Source(NamedTuple):
    host: str
    spelling: Spelling


_Found: TypeAlias = tuple[int, float, int, Spelling, int, _Source | None]
"""A view whose page has no name yet."""


class _Memory:
    """What was found for texts that come again and again, as URLs and referers do.

    Args:
        pages: Says which page a URL is.
    """

    def __init__(self, pages: PageFinder) -> None:
        self._pages = pages
        self.urls: dict[str, Spelling | None] = {}
        self.sources: dict[str, _Source | None] = {}
        self._is_asset: dict[str, bool] = {}

    def is_asset(self, url: str) -> bool:
        found = self._is_asset.get(url)
        if found is None:
            found = self._is_asset[url] = is_asset(path_and_query(url)[0].partition(";")[0])
        return found

    def spelling(self, url: str) -> Spelling | None:
        if url not in self.urls:
            self.urls[url] = self._pages.spelling(url)
        return self.urls[url]

    def source(self, referer: str) -> _Source | None:
        if referer not in self.sources:
            host = host_of(referer)
            spelling = self._pages.spelling(referer) if host and not self.is_asset(referer) else None
            self.sources[referer] = _Source(host, spelling) if spelling is not None else None
        return self.sources[referer]


class TrafficReader:
    """Reads lines into views.

    Args:
        pages: Says which page a URL is.
        hosts: The hosts of the site; if there are none, the one that most requests of files name as theirs.
        engine: What reads lines.
    """

    def __init__(
        self, pages: PageFinder | None = None, hosts: Sequence[str] = (), engine: Engine = "auto"
    ) -> None:
        self._traffic = Traffic(hosts=tuple(host.lower().removeprefix("www.") for host in hosts))
        self._memory = _Memory(pages or PlainPages())
        self._engine = engine
        self._numbers: dict[tuple[str, str], int] = {}
        self._agents: dict[str, str] = {}
        self._found: list[_Found] = []
        self._asset_hosts: Counter[str] = Counter()
        self._page_hosts: Counter[str] = Counter()
        self._line = 0

    @without_cycles()
    def read(self, path: Path, progress: Progress | None = None) -> None:
        """Read a file.

        Raises:
            NavigationError: It cannot be read.
        """
        log = LogFile(path, progress)
        summary = FileSummary(str(path), log.format)
        self._traffic.files.append(summary)
        if self._engine != "python":
            fast = self._fast(path, progress)
            if fast is not None:
                self._read_fast(fast, summary, log)
                return
        for _, line, text in log:
            summary.lines += 1
            self._line += 1
            if line is None:
                self._unreadable(summary, text)
            else:
                self.note(line, self._line)
        summary.format = log.format

    def _fast(self, path: Path, progress: Progress | None) -> FastFile | None:
        try:
            is_small = self._engine == "auto" and path.stat().st_size < LARGE_FILE
        except OSError:
            return None  # the reader of lines says what is wrong
        if is_small or not can_read_fast(path):
            return None
        try:
            return FastFile(path, progress)
        except NavigationError:
            return None  # the reader of lines reads what DuckDB does not

    def _read_fast(self, fast: FastFile, summary: FileSummary, log: LogFile) -> None:
        start = self._line
        with fast:
            summary.format = fast.format
            summary.lines = fast.lines
            for reason, text, count in fast.dropped():
                self._drop(reason, text, count)
            for host, count in fast.asset_hosts():
                self._asset_hosts[host_of(f"http://{host}/")] += count
            for number, text in fast.odd_lines():
                if not text or text.isspace():
                    summary.lines -= 1
                    continue
                line = log.parse(text)
                if line is None:
                    self._unreadable(summary, text)
                else:
                    self.note(line, start + number)
            take = self._take
            for rows in fast.views():
                for number, text in rows:
                    address, clock, url, size, referer, agent = regular_line(text)
                    take(address, common_time(clock), start + number, url, size, referer, agent)
            if fast.has_purpose():
                self._traffic.has_purpose = True
        self._line += summary.lines

    def _unreadable(self, summary: FileSummary, text: str) -> None:
        summary.unreadable += 1
        traffic = self._traffic
        traffic.dropped["unreadable"] += 1
        examples = traffic.examples.setdefault("unreadable", Counter())
        if len(examples) < _MOST_EXAMPLES:
            examples[text[:_MOST_EXAMPLE_TEXT]] += 1

    def note(self, line: LogLine, number: int) -> None:
        """Take a line: as a view, or dropped for the first reason that holds.

        Args:
            line: The line.
            number: Its number, over all files.
        """
        if line.purpose:
            self._traffic.has_purpose = True
        url = line.url
        if ROBOTS_FILE in url:
            self._traffic.robot_visitors.add(self._visitor(line.address, line.agent))
        if line.method != "GET":
            self._drop("method", line.method)
        elif is_robot(line.agent):
            self._drop("robot", line.agent)
        elif not (200 <= line.status <= 299 or line.status == 304):
            self._drop("status", str(line.status))
        elif is_own_prefetch(url, line.purpose):
            self._drop("prefetch")
        elif self._memory.is_asset(url):
            self._drop("asset")
            if line.referer:
                self._asset_hosts[host_of(line.referer)] += 1
        else:
            self._take(line.address, line.time, number, url, line.size, line.referer, line.agent)

    def _take(
        self, address: str, time: float, number: int, url: str, size: int, referer: str, agent: str
    ) -> None:
        memory = self._memory  # of millions of views, each look-up counts
        spelling = memory.urls.get(url) or memory.spelling(url)
        if spelling is None:
            self._drop("url")
            return
        source = None
        if referer:
            source = memory.sources.get(referer) or memory.source(referer)
            if source is not None:
                self._page_hosts[source.host] += 1
        key = (address, agent)
        visitor = self._numbers.get(key)
        if visitor is None:
            visitor = self._visitor(address, agent)
        self._found.append((visitor, time, number, spelling, size, source))

    def _visitor(self, address: str, agent: str) -> int:
        # Of a user agent that many have, one copy is enough.
        key = (address, self._agents.setdefault(agent, agent))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._traffic.visitors.append(key)
        return number

    def _drop(self, reason: Reason, example: str | None = None, count: int = 1) -> None:
        traffic = self._traffic
        traffic.dropped[reason] += count
        if example is not None:
            traffic.examples.setdefault(reason, Counter())[example[:_MOST_EXAMPLE_TEXT]] += count

    @without_cycles()
    def traffic(self) -> Traffic:
        """Return what was read, with each page under the name that most of its views have."""
        made = self._traffic
        if not made.hosts:
            made.hosts = own_hosts(self._asset_hosts, self._page_hosts)
        names = page_names([spelling for _, _, _, spelling, _, _ in self._found])
        self._numbers.clear()
        # Each view takes the place of what it was made of: of millions, there is no room for both.
        views: list[_Found | View] = self._found  # type: ignore[assignment]
        named: dict[_Source, str | None] = {}
        for place, (visitor, time, line, spelling, size, source) in enumerate(self._found):
            if source is None:
                origin = None
            elif source in named:
                origin = named[source]
            else:
                origin = named[source] = self._named(source, names)
            views[place] = View(visitor, time, line, names[spelling.page], size, origin)
        self._found = []
        made.views = views  # type: ignore[assignment]
        return made

    def _named(self, source: _Source, names: dict[str, str]) -> str | None:
        if source.host not in self._traffic.hosts:
            return None
        return names.get(source.spelling.page, source.spelling.url)


def read_traffic(
    paths: Iterable[Path | str],
    pages: PageFinder | None = None,
    hosts: Sequence[str] = (),
    progress: Callable[[str], Progress | None] | None = None,
    engine: Engine = "auto",
) -> Traffic:
    """Read logs into views.

    Args:
        paths: The files.
        pages: Says which page a URL is; without, as `PlainPages` does.
        hosts: The hosts of the site; if there are none, they are found.
        progress: Called with the name of each file, returns what is called while it is read.
        engine: What reads lines.

    Raises:
        NavigationError: A file cannot be read.
    """
    reader = TrafficReader(pages, hosts, engine)
    for path in map(Path, paths):
        reader.read(path, progress(str(path)) if progress is not None else None)
    return reader.traffic()
