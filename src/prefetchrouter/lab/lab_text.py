"""An experiment as a table and as data."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final, NamedTuple

from prefetchrouter.lab.lab_visits import Visited
from prefetchrouter.lab.modes import MODES, TITLES, Mode
from prefetchrouter.simulation.simulation_text import table

COLUMNS: Final = ("", "TTFB", "LCP", "kB", "requests", "to the origin")


class Summary(NamedTuple):
    """The medians of a mode.

    Args:
        mode: What pages prefetched with.
        visits: How many visits there were.
        ttfb: In milliseconds.
        lcp: In milliseconds; None if nothing was painted.
        bytes: Of a whole visit, as are the requests.
        requests: None if they were encrypted.
        origin_requests: None if they were encrypted.
    """

    mode: Mode
    visits: int
    ttfb: float
    lcp: float | None
    bytes: float
    requests: float | None
    origin_requests: float | None


def summaries(visits: Sequence[Visited]) -> list[Summary]:
    """Return the medians of each mode, in the usual order.

    Example:
        >>> summaries([Visited("ours", "/a", ttfb, None, 100, None, None) for ttfb in (5, 9, 7)])[0].ttfb
        7
    """
    found = []
    for mode in MODES:
        own = [visit for visit in visits if visit.mode == mode]
        if own:
            middles = [_middle([getattr(visit, name) for visit in own]) for name in Summary._fields[2:]]
            found.append(Summary(mode, len(own), *middles))  # type: ignore[arg-type]
    return found


def lab_text(visits: Sequence[Visited]) -> str:
    """Return the table: medians, times in milliseconds."""
    rows = [
        [
            TITLES[one.mode],
            _number(one.ttfb),
            _number(one.lcp),
            f"{one.bytes / 1000:,.1f}",
            _number(one.requests),
            _number(one.origin_requests),
        ]
        for one in summaries(visits)
    ]
    return "\n".join(table([list(COLUMNS), *rows]))


def lab_data(visits: Sequence[Visited]) -> dict[str, Any]:
    """Return the experiment as plain data: medians and all visits, times in milliseconds."""
    return {
        "summary": [one._asdict() for one in summaries(visits)],
        "visits": [{name.rstrip("_"): value for name, value in one._asdict().items()} for one in visits],
    }


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
