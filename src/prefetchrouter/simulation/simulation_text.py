"""A simulation as a table for a terminal, as Markdown for a pull request, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from prefetchrouter.freshness.length import spoken
from prefetchrouter.simulation.replay import Outcome
from prefetchrouter.simulation.simulating import Simulation

COLUMNS: Final = (
    "", "instant", "prefetches/view", "412", "used", "extra bytes", "origin requests", "hits", "oldest page",
)  # fmt: skip

UNKNOWN: Final = (
    "A log does not show which links were visible, what visitors pointed at, or pages that browsers had;",
    "links are the pages that visitors went to next. So what is said of every link is an upper bound.",
)


def cells(name: str, outcome: Outcome) -> list[str]:
    """Return a row of the table.

    Example:
        >>> cells("no prefetch", Outcome(views=10, clicks=4, origin_requests=3))
        ['no prefetch', '0.0 %', '0.00', '-', '-', '+0 %', '3', '-', '0 s']
    """
    return [
        name,
        percent(outcome.instant_share),
        f"{outcome.per_view:.2f}",
        percent(outcome.refused_share),
        percent(outcome.used_share),
        f"+{outcome.extra_bytes:,.0%}".replace("%", " %"),
        f"{outcome.origin_requests:,}",
        percent(outcome.hit_share),
        spoken(outcome.oldest_seconds),
    ]


def percent(share: float | None) -> str:
    """Return a share in percent, ``-`` for None.

    Example:
        >>> percent(0.287), percent(None)
        ('28.7 %', '-')
    """
    return "-" if share is None else f"{100 * share:.1f} %"


def simulation_text(named: Sequence[tuple[str, Simulation]]) -> str:
    """Return the report for a terminal.

    Args:
        named: A simulation for each set of rules, with its name.
    """
    lines: list[str] = []
    for name, found in named:
        outcome = found.rows[0].outcome
        lines.append(
            f"{name}: {found.visits:,} visits, {outcome.views:,} views and {outcome.clicks:,} clicks replayed"
        )
        lines += table([list(COLUMNS), *(cells(row.name, row.outcome) for row in found.rows)])
        lines += ["", *_gains(found), *_rules(found)]
    return "\n".join([*lines, *UNKNOWN])


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with columns of equal width; all but the first end at the right.

    Example:
        >>> table([["", "n"], ["a", "10"]])
        ['    n', 'a  10']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _gains(found: Simulation) -> Iterator[str]:
    if not found.gains:
        return
    yield "What twice the lifetime at the edge would bring, rule by rule:"
    for gain in found.gains:
        less = f"{-gain.fewer_origin_requests:+,} origin requests"
        yield f"  {gain.line}: {gain.more_instant:+,} instant, {less}"
    yield ""


def _rules(found: Simulation) -> Iterator[str]:
    outcome = found.proposal.outcome
    yield "Hits at the edge by the line of the lifetime, with what was learned:"
    rows = [
        [f"  {line or 'no lifetime'}", f"{count:,} views", f"{percent(outcome.hits[line] / count)} hits"]
        for line, count in outcome.asked.most_common(10)
    ]
    yield from table(rows) if rows else ["  nothing reached the edge"]
    yield ""


def simulation_markdown(named: Sequence[tuple[str, Simulation]]) -> str:
    """Return the table for a pull request: the rows of each set of rules side by side."""
    head = ["rules", *COLUMNS]
    rows = [
        [name, *cells(row.name, row.outcome)]
        for name, found in named
        for row in (found.rows[0], found.today, found.proposal)
    ]
    lines = [_markdown(head), _markdown(["---"] * len(head)), *map(_markdown, rows)]
    return "\n".join([*lines, "", " ".join(UNKNOWN)])


def _markdown(row: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def simulation_data(named: Sequence[tuple[str, Simulation]]) -> list[dict[str, Any]]:
    """Return the report as plain data; shares are from 0 to 1, ages in seconds."""
    return [
        {
            "rules": name,
            "visits": found.visits,
            "policies": [{"name": row.name, **_data(row.outcome)} for row in found.rows],
            "gains": [vars(gain) for gain in found.gains],
            "frontier": [vars(point) for point in found.frontier],
        }
        for name, found in named
    ]


def _data(outcome: Outcome) -> dict[str, Any]:
    return {
        "views": outcome.views,
        "clicks": outcome.clicks,
        "instant": outcome.instant,
        "prefetches": outcome.prefetches,
        "refused": outcome.refused,
        "used_share": outcome.used_share,
        "extra_bytes": outcome.extra_bytes,
        "origin_requests": outcome.origin_requests,
        "hit_share": outcome.hit_share,
        "oldest_seconds": outcome.oldest_seconds,
    }
