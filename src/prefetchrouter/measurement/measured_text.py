"""What was measured, as a report for a terminal and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from prefetchrouter.measurement.bootstrap import LEAST_VIEWS, GroupDifference
from prefetchrouter.measurement.measured import ComparedGroups, Measured, PrefetchCount
from prefetchrouter.measurement.page_view import GROUPS, PREFETCHED_SOURCES
from prefetchrouter.measurement.rule_names import RuleNames
from prefetchrouter.printable import printable
from prefetchrouter.simulation.simulation_text import percent, table

_DAY: Final = 86_400
_MOST_ROWS: Final = 20
_SHOWN: Final = ("TTFB, median", "LCP, median", "LCP, p75")
_WAYS: Final = {
    "store": "the worker's store",
    "http-prefetch": "a prefetch in the HTTP cache",
    "speculation": "the browser's own prefetch",
    "prerender": "a prerendered page",
    "http-cache": "the HTTP cache",
    "back-forward-cache": "the back/forward cache",
    "network": "the network",
}


class FilesRead(NamedTuple):
    """How the files were read.

    Args:
        problems: How many lines are not valid beacons, by what is wrong.
        has_log: Whether prefetches of an access log are known.
        left_out: Beacons of access logs that were left out, since other files have them.
    """

    problems: Mapping[str, int]
    has_log: bool = False
    left_out: int = 0


def measured_text(found: Measured, reading: FilesRead, names: RuleNames, effect: float) -> str:
    """Return the report for a terminal.

    Args:
        found: The views.
        reading: How the files were read.
        names: Knows the lines of rules.
        effect: The smallest difference that matters, in milliseconds.
    """
    rows = found.compared()
    lines = [_head(found), *_problems(reading), "", *_sources(found), ""]
    lines += [*_comparison(rows, found, effect), ""]
    lines += ["Prefetches by rule", *_counts(found.by_rule, names, reading.has_log), ""]
    lines += ["Prefetches by browser", *_counts(found.by_browser, None, reading.has_log)]
    if not reading.has_log:
        lines += ["", "Bytes need an access log: prefetchrouter report beacons.jsonl access.log"]
    return "\n".join(lines)


def _head(found: Measured) -> str:
    control = sum(found.sources["control"].values()) if found.has_control else 0
    share = max(found.shares, key=lambda value: (found.shares[value], value), default=0.0)
    said = f", {control:,} of them in the control group of {percent(share)}" if found.has_control else ""
    when = f", from {_day(found.first)} to {_day(found.last)}" if found.first else ""
    return f"{found.views:,} views{said}{when}"


def _problems(reading: FilesRead) -> Iterator[str]:
    if reading.left_out:
        yield f"{reading.left_out:,} beacons in access logs are left out: the other files have beacons"
    if reading.problems:
        total = sum(reading.problems.values())
        kinds = sorted(reading.problems.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{count:,} {printable(kind)}" for kind, count in kinds)
        yield f"{total:,} lines are not valid beacons: {named}"


def _sources(found: Measured) -> Iterator[str]:
    groups = [group for group in GROUPS if group in found.sources]
    yield "Where pages came from"
    heads = ["", *(group or "no group" for group in groups)]
    rows = [heads]
    for source, said in _WAYS.items():
        if any(found.sources[group][source] for group in groups):
            shares = [found.sources[group][source] / found.sources[group].total() for group in groups]
            rows.append([f"  {said}", *map(percent, shares)])
    yield from table(rows)
    if found.spoiled:
        yield (
            f"{found.spoiled:,} views of the control group were prefetched all the same, as by a header"
            " Speculation-Rules"
        )


def _comparison(rows: list[ComparedGroups], found: Measured, effect: float) -> Iterator[str]:
    if not rows:
        yield "No view is of the control group, so there is nothing to compare with:"
        yield 'add data-control="0.05" to the script tag'
        return
    yield "With prefetching, compared with the control group; in ms, with 95 % intervals"
    cells = [["", "views", "control", "figure", "prefetch", "control", "difference", "interval", ""]]
    for row in rows:
        shown = _SHOWN if row.kind == "all" else _SHOWN[1:2]
        for place, name in enumerate(shown):
            cells.append(
                _cells(printable(row.name) if not place else "", name, row.differences[name], found, effect)
            )
    yield from table(cells)
    count = sum(row.differences[_SHOWN[1]].low is not None for row in rows)
    if count > 5:
        yield f"One interval in twenty misses the true difference; there are {len(cells) - 1} here."


def _cells(name: str, figure: str, one: GroupDifference, found: Measured, effect: float) -> list[str]:
    interval = "-" if one.low is None or one.high is None else f"{one.low:+,.0f} to {one.high:+,.0f}"
    return [
        name,
        f"{one.prefetch_views:,}",
        f"{one.control_views:,}",
        figure,
        _milliseconds(one.prefetch),
        _milliseconds(one.control),
        "-" if one.estimate is None else f"{one.estimate:+,.0f}",
        interval,
        verdict(one, effect, found.last - found.first),
    ]


def verdict(one: GroupDifference, effect: float, seconds: float = 0.0) -> str:
    """Return what a difference says, in a few words.

    Args:
        one: The difference.
        effect: The smallest difference that matters, in milliseconds.
        seconds: In how long the views came; 0 where that is not known.

    Example:
        >>> verdict(GroupDifference(500, 900, 4000, 400, low=-450, high=-350), 50)
        'faster'
        >>> verdict(GroupDifference(890, 900, 4000, 400, low=-200, high=100), 50, 86_400)
        'not clear: 6,947 more views of the control group, 17 days'
    """
    if one.low is None or one.high is None:
        lacking = max(0, LEAST_VIEWS - one.control_views)
        if lacking:
            return f"too few: {lacking:,} more views of the control group"
        return "too few views" if one.prefetch_views < LEAST_VIEWS else "too few visitors"
    if one.is_clear:
        return "faster" if one.high < 0 else "slower"
    if max(-one.low, one.high) <= effect:
        return f"less than {effect:,.0f} ms"
    more = one.views_needed(effect) or 0
    if not more:
        return f"not clear, but hardly {effect:,.0f} ms"
    days = f", {more / one.control_views * seconds / _DAY:,.0f} days" if seconds > 0 else ""
    return f"not clear: {more:,} more views of the control group{days}"


def _counts(counts: Mapping[str, PrefetchCount], names: RuleNames | None, has_log: bool) -> Iterator[str]:
    head = ["", "views", "instant", "prefetched", "used", "wasted", "refused"]
    rows = [[*head, *(["bytes", "wasted bytes"] if has_log else [])]]
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1].prefetched, -pair[1].views, pair[0]))
    for name, one in ordered[:_MOST_ROWS]:
        line = names.line(name) if names is not None and name else ""
        said = printable(name) if name else "no rule"
        share = f" ({percent(one.wasted / one.prefetched)})" if one.prefetched else ""
        cells = [
            f"{one.views:,}",
            percent(one.instant / one.views if one.views else None),
            f"{one.prefetched:,}",
        ]
        cells += [f"{one.used:,}", f"{one.wasted:,}{share}", f"{one.refused:,}"]
        cells += [f"{one.bytes:,}", _optional(one.wasted_bytes)] if has_log else []
        rows.append([f"  {said}{f', {printable(line)}' if line else ''}", *cells])
    yield from table(rows)
    if len(ordered) > _MOST_ROWS:
        yield f"  and {len(ordered) - _MOST_ROWS:,} more, which --format json lists"


def measured_data(found: Measured, reading: FilesRead, names: RuleNames, effect: float) -> dict[str, Any]:
    """Return the report as plain data; figures in milliseconds, times in seconds since 1970."""
    return {
        "views": found.views,
        "from": found.first,
        "to": found.last,
        "problems": dict(sorted(reading.problems.items())),
        "left_out": reading.left_out,
        "spoiled": found.spoiled,
        "sources": {group: dict(found.sources_of(group)) for group in GROUPS if group in found.sources},
        "instant": {
            group: sum(Counter(found.sources[group])[source] for source in PREFETCHED_SOURCES)
            for group in GROUPS
            if group in found.sources
        },
        "compared": [
            {
                "views": row.name,
                "kind": row.kind,
                "figures": [
                    {
                        "figure": name,
                        **one._asdict(),
                        "difference": one.estimate,
                        "says": verdict(one, effect, found.last - found.first),
                        "control_views_needed": one.views_needed(effect),
                    }
                    for name, one in row.differences.items()
                ],
            }
            for row in found.compared(most_rules=1000)
        ],
        "rules": [
            {"rule": name, "line": names.line(name), **_data(one, reading.has_log)}
            for name, one in sorted(found.by_rule.items())
        ],
        "browsers": [
            {"browser": name, **_data(one, reading.has_log)} for name, one in sorted(found.by_browser.items())
        ],
    }


def _data(one: PrefetchCount, has_log: bool) -> dict[str, Any]:
    return {
        "views": one.views,
        "instant": one.instant,
        "prefetched": one.prefetched,
        "used": one.used,
        "wasted": one.wasted,
        "refused": one.refused,
        "bytes": one.bytes if has_log else None,
        "wasted_bytes": one.wasted_bytes if has_log else None,
    }


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _optional(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
