"""What a check found, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.http.message import Request
from prefetchrouter.live_check.checking import LiveReport
from prefetchrouter.live_check.differences import LiveDifference
from prefetchrouter.live_check.probes import UNCACHED
from prefetchrouter.printable import printable
from prefetchrouter.report.table import Style, table

_MOST_CHARACTERS = 120


def report_text(report: LiveReport, style: Style | None = None) -> str:
    """Return what a check found: a block for each request, what was not checked, and a summary.

    Args:
        report: What was found.
        style: How to colour; not at all when not given.
    """
    style = style or Style(enabled=False)
    blocks = ["\n".join(_block(report, each, style)) for each in _by_request(report.differences)]
    if report.unchecked:
        rows = [(str(found.place.apply.source or "a rule"), found.reason) for found in report.unchecked]
        lines = table(dict.fromkeys(rows), ("dim", ""), style).splitlines()
        blocks.append("\n".join(["not checked", *(f"  {line}" for line in lines)]))
    return "\n\n".join([*blocks, summary(report)])


def _by_request(differences: tuple[LiveDifference, ...]) -> list[list[LiveDifference]]:
    grouped: dict[int, list[LiveDifference]] = {}
    for each in differences:
        grouped.setdefault(id(each.request), []).append(each)
    return list(grouped.values())


def _block(report: LiveReport, differences: list[LiveDifference], style: Style) -> Iterator[str]:
    yield style(request_text(report, differences[0].request), "bold")
    rows = [
        (each.aspect, f"expected {each.expected}, got {each.actual}", str(each.source or ""))
        for each in differences
    ]
    yield "\n".join(f"  {line}" for line in table(rows, ("red", "", "dim"), style).splitlines())


def request_text(report: LiveReport, request: Request) -> str:
    """Return a request as one line; the text that makes a URL new is left out, as it differs in each run."""
    host = "" if request.host in (None, report.site.host) else f"{request.scheme}://{request.host}"
    query = "&".join(
        f"{UNCACHED}=..." if part.startswith(f"{UNCACHED}=") else part for part in request.query.split("&")
    )
    more = [f"{name}: {value}" for name, value in request.headers.items() if name not in ("host", "cookie")]
    more += [f"cookie {name}={value}" for name, value in request.cookies.items()]
    target = f"{request.path}?{query}" if query else request.path
    return printable(
        f"{request.method} {host}{target}{' with ' if more else ''}{', '.join(more)}", _MOST_CHARACTERS
    )


def summary(report: LiveReport) -> str:
    """Return the result in a sentence."""
    count = len(report.differences)
    sent = f"{_counted(report.requests, 'request')} to {report.site.url}"
    if report.prefetches:
        sent += f", {report.prefetches:,} of them prefetches that must not reach the origin"
    result = f"{_counted(count, 'difference')}" if count else "no difference"
    left = f"; {report.left_out:,} more were not sent (--most)" if report.left_out else ""
    return f"{result} in {sent}{left}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
