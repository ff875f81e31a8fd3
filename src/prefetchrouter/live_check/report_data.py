"""What a check found, as plain data."""

from __future__ import annotations

from typing import Any

from prefetchrouter.live_check.checking import LiveReport
from prefetchrouter.live_check.differences import LiveDifference
from prefetchrouter.source import Source


def report_data(report: LiveReport) -> dict[str, Any]:
    """Return what a check found as plain data.

    Args:
        report: What was found.
    """
    return {
        "url": report.site.url,
        "host": report.site.host,
        "requests": report.requests,
        "prefetches": report.prefetches,
        "left_out": report.left_out,
        "differences": [_difference(each) for each in report.differences],
        "unchecked": [
            {**_line(found.place.apply.source), "reason": found.reason} for found in report.unchecked
        ],
    }


def _difference(each: LiveDifference) -> dict[str, Any]:
    return {
        **_line(each.source),
        "method": each.request.method,
        "url": each.request.url,
        "headers": {name: text for name, text in each.request.headers.items() if name != "host"},
        "aspect": each.aspect,
        "expected": each.expected,
        "actual": each.actual,
    }


def _line(source: Source | None) -> dict[str, Any]:
    return {"file": source.file if source else None, "line": source.line if source else None}
