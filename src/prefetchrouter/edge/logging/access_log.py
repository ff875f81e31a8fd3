"""The access log: one line for each request, complete, in a file that log rotation may move away."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from prefetchrouter.edge.logging.entry_data import entry_json
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.line_writer import LineWriter, Output
from prefetchrouter.edge.logging.request_log import Entry
from prefetchrouter.edge.logging.secrets import shielded
from prefetchrouter.http.masking import masked_target

Form: TypeAlias = Literal["combined", "json"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_time: tuple[int, str] = (-1, "")


def combined_line(exchange: Exchange) -> str:
    r"""Return a request in the combined log format of Apache and nginx, with three more fields.

    These are `Sec-Purpose`, the cache status, and the lines of the rules that apply. What
    is not printable, quotes and backslashes are escaped as nginx does, such as ``\x22``; possible secrets are
    replaced by their length.

    Source: https://httpd.apache.org/docs/2.4/logs.html#combined

    Example:
        >>> from prefetchrouter.edge.request_trace import RequestTrace
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> headers = HeaderFields({"user-agent": 'a "b"', "sec-purpose": "prefetch"})
        >>> request = EdgeRequest("GET", "https", "shop.example", "/pages/1", "a=1", headers)
        >>> trace = RequestTrace(cache="hit", rules=("routes.py:12", "routes.py:14"))
        >>> exchange = Exchange(0, request, 200, HeaderFields(), trace, 0.001, 120, "whole")
        >>> print(combined_line(exchange))
        127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] "GET /pages/1?a=1 HTTP/1.1" 200 120 "-"...
    """
    request, trace = exchange.request, exchange.trace
    headers = request.headers
    target = masked_target(request.target).replace(" ", "_")  # log readers split the line at blanks
    request_line = f"{request.method} {target} HTTP/{request.version}"
    fields = [shielded(name, headers.get(name, "")) for name in ("referer", "user-agent", "sec-purpose")]
    quoted = [_quoted(text) for text in (*fields, ",".join(trace.all_rules))]
    return (
        f"{_plain(request.client)} - - [{_clock(exchange.time)}] {_quoted(request_line)} {exchange.status} "
        f"{exchange.size} {quoted[0]} {quoted[1]} {quoted[2]} {trace.cache} {quoted[3]}"
    )


class AccessLog:
    """Writes each request to a file, and reopens it when it was moved or removed, or on a signal.

    Args:
        path: The file; lines are added at its end.
        form: ``"combined"`` or ``"json"``.
        failed: Called with a message when the file cannot be written, and when it can be again.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path, form: Form, failed: Callable[[str], None]) -> None:
        self._path = path.absolute()
        self._failed = failed
        self._line = combined_line if form == "combined" else None
        self._file = _opened(self._path)
        self._output = Output(self._file)
        self._wants_new = False
        self._writer = LineWriter(self._write, failed=self._on_failed)
        self.drained = self._writer.drained

    @property
    def is_full(self) -> bool:
        """Whether the edge is to wait before it serves the next request."""
        return self._writer.is_full

    def note(self, entry: Entry) -> None:
        """Queue a request to be written."""
        line = self._line
        if line is None:
            self._writer.line(lambda: entry_json(entry))
        else:
            self._writer.line(lambda: line(entry.exchange))

    def reopen(self) -> None:
        """Reopen the file before the next line."""
        self._wants_new = True

    def close(self) -> int:
        """Write the queued lines; return how many could not be written."""
        left = self._writer.close()
        os.close(self._file)
        return left

    def _write(self, text: str) -> None:
        if self._wants_new or not _is_there(self._path, self._file):
            new = _opened(self._path)
            os.close(self._file)
            self._file, self._output, self._wants_new = new, Output(new), False
        self._output.write(text)

    def _on_failed(self, error: Exception | None) -> None:
        if error is not None:
            reason = getattr(error, "strerror", None) or str(error)
            self._failed(f"the access log {self._path} cannot be written: {reason}")
        else:
            lost, self._writer.lost = self._writer.lost, 0
            note = f"; {lost:,} lines were lost" if lost else ""
            self._failed(f"the access log {self._path} is written again{note}")


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o640)


def _is_there(path: Path, file: int) -> bool:
    """Return whether a path still names the open file."""
    try:
        found, own = os.stat(path), os.fstat(file)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino)


def _quoted(text: str) -> str:
    return f'"{_plain(text) or "-"}"'


def _plain(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(
        chr(code) if 0x20 <= code < 0x7F and code not in (0x22, 0x5C) else f"\\x{code:02X}"
        for code in text.encode("utf-8", "surrogatepass")
    )


def _clock(when: float) -> str:
    """Return a time in the common log format, in UTC, to the second."""
    global _time
    second = int(when)
    if _time[0] != second:
        at = time.gmtime(second)
        day = f"{at.tm_mday:02}/{_MONTHS[at.tm_mon - 1]}/{at.tm_year}"
        _time = second, f"{day}:{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} +0000"
    return _time[1]
