"""Finds beacons and prefetches in files: access logs of any format, and lines of JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from prefetchrouter.measurement.page_view import (
    MARK,
    MOST_QUERY,
    BeaconError,
    PageView,
    is_view_data,
    view_of_data,
    view_of_query,
)
from prefetchrouter.navigation.log_files import MOST_LINE, LogFile, Progress
from prefetchrouter.navigation.log_line import LogLine, is_own_prefetch, is_robot
from prefetchrouter.navigation.traffic import visitor_hash

_MOST_JSON: Final = 4 * MOST_QUERY
UNREADABLE: Final = "an unreadable line"
ROBOT: Final = "sent by a robot"


class LoggedPrefetch(NamedTuple):
    """A prefetch, as an access log has it.

    Args:
        url: Path and query.
        status: The status code of the response.
        size: How many bytes were sent.
        agent: The `User-Agent`.
    """

    url: str
    status: int
    size: int
    agent: str


@dataclass
class BeaconFiles:
    """What was found in files.

    Args:
        on_prefetch: Called with each prefetch in an access log.
    """

    on_prefetch: Callable[[LoggedPrefetch], None]
    views: list[PageView] = field(default_factory=list)
    """Views of lines of JSON."""
    logged_views: list[PageView] = field(default_factory=list)
    """Views of beacons that an access log has."""
    lines: int = 0
    has_log: bool = False
    """Whether a file is an access log, so that its prefetches are known."""
    problems: Counter[str] = field(default_factory=Counter)
    """How many lines are not valid beacons, by what is wrong."""

    def read(self, paths: Iterable[Path], progress: Callable[[str], Progress] | None = None) -> None:
        """Read files.

        Args:
            paths: Access logs and lines of JSON, compressed with gzip or not.
            progress: Returns what is called with the bytes read of a file of this name.

        Raises:
            NavigationError: A file cannot be read.
        """
        for path in paths:
            log = LogFile(path, progress(str(path)) if progress is not None else None)
            for _, line, text in log:
                self.lines += 1
                self.note(line, text)

    def note(self, line: LogLine | None, text: str) -> None:
        """Take in a line.

        Args:
            line: Its request, None if it has none that can be read.
            text: The line.
        """
        try:
            data = _view_data(text)
            if data is not None:
                self.views.append(view_of_data(data))
            elif line is None:
                raise BeaconError("too long" if len(text) > MOST_LINE else UNREADABLE)
            else:
                self._request(line)
        except BeaconError as error:
            self.problems[str(error)] += 1

    def _request(self, line: LogLine) -> None:
        self.has_log = True
        query = line.url.partition("?")[2].partition("#")[0]
        if MARK in query and any(part.startswith(f"{MARK}=") for part in query.split("&", 60)):
            if is_robot(line.agent):
                raise BeaconError(ROBOT)
            view = view_of_query(query, max(0.0, line.time))
            self.logged_views.append(view._replace(visitor=visitor_hash((line.address, line.agent))))
        elif is_own_prefetch(line.url, line.purpose):
            self.on_prefetch(LoggedPrefetch(line.url, line.status, max(0, line.size), line.agent))


def _view_data(text: str) -> dict[str, object] | None:
    """Return the data of a line that is meant as a view; None for any other.

    Raises:
        BeaconError: It is longer than any view.
    """
    if not text.lstrip().startswith("{") or '"navigation"' not in text:
        return None
    if len(text) > _MOST_JSON:
        raise BeaconError("too long")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if is_view_data(data) else None


def browser_of(agent: str) -> str:
    """Return the family of a browser by its `User-Agent`, as pages name theirs.

    Example:
        >>> browser_of("Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0")
        'firefox'
    """
    lower = agent.lower()
    if "fxios" in lower or "crios" in lower or "edgios" in lower:
        return "safari"
    if "firefox" in lower:
        return "firefox"
    if "chrome" in lower or "chromium" in lower:
        return "chromium"
    return "safari" if "safari" in lower else "other"
