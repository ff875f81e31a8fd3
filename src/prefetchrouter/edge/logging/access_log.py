"""The access log: one line for each request, complete, in a file that log rotation may move away."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from prefetchrouter.edge.logging.entry_data import entry_json
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.line_file import LineFile
from prefetchrouter.edge.logging.request_log import LogEntry
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


class AccessLog(LineFile):
    """Writes each request to a file, and reopens it when it was moved or removed, or on a signal.

    Args:
        path: The file; lines are added at its end.
        form: ``"combined"`` or ``"json"``.
        failed: Called with a message when the file cannot be written, and when it can be again.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path, form: Form, failed: Callable[[str], None]) -> None:
        super().__init__(path, "the access log", failed)
        self._form = combined_line if form == "combined" else None

    def note(self, entry: LogEntry) -> None:
        """Queue a request to be written."""
        form = self._form
        if form is None:
            self.line(lambda: entry_json(entry))
        else:
            self.line(lambda: form(entry.exchange))


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
