"""Measures one engine: starts, and hits in turns with the hand-written configuration."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.targets.bars import Bar
from benchmarks.targets.rich_rules import HOST, Shape, page_of
from benchmarks.targets.target_servers import TargetServer, built_rules, by_hand
from benchmarks.targets.wrk import load


@dataclass
class Rates:
    """Requests a second and processor time, round by round."""

    a_second: list[float] = field(default_factory=list)
    microseconds: list[float] = field(default_factory=list)

    def measure(self, server: TargetServer, seconds: float, *, refused: bool = False) -> None:
        """Add a round."""
        before = server.cpu_seconds
        target = server.page.replace("shoes", "hats") + "?edgio_prefetch=1" if refused else server.page
        found = load(server.port, target, seconds, HOST, refused=refused)
        self.a_second.append(found.a_second)
        self.microseconds.append((server.cpu_seconds - before) / found.requests * 1e6)


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """Return the median of the ratios of two figures that were measured at the same time.

    Example:
        >>> ratio([80, 40, 90], [100, 50, 100])
        0.8
    """
    return statistics.median(one / other for one, other in zip(these, those, strict=True))


@dataclass(frozen=True, slots=True)
class Effort:
    """How rates are measured.

    Args:
        rounds: How often each load is measured.
        seconds: How long each takes.
        by_cpu: Whether ratios are those of processor time, which other work on the machine hardly changes.
    """

    rounds: int = 5
    seconds: float = 2
    by_cpu: bool = False


def measured(
    engine: str, bars: Sequence[Bar], shape: Shape, folder: Path, origin: int, effort: Effort
) -> tuple[dict[Bar, float], dict[Bar, str]]:
    """Return the figures of an engine, and notes on them.

    Args:
        engine: Its name.
        bars: What is wanted of it.
        shape: Where the rules are.
        folder: An empty folder.
        origin: The port of the origin.
        effort: How often and how long.
    """
    figures: dict[Bar, float] = {}
    notes: dict[Bar, str] = {}
    page = page_of(10, shape)
    with ExitStack() as stack:
        servers: dict[int, TargetServer] = {}
        for count in sorted({bar.rules for bar in bars}):
            serving = built_rules(engine, count, shape, folder / str(count), origin)
            servers[count] = stack.enter_context(serving)
        for bar in bars:
            if bar.row == "build":
                figures[bar] = servers[bar.rules].built
            elif bar.row == "load":
                figures[bar] = servers[bar.rules].loaded
                notes[bar] = f"{servers[bar.rules].loading:.2f} s of CPU"
        for rows, with_map in ((("hits", "refused"), False), (("memory",), True)):
            own = [bar for bar in bars if bar.row in rows]
            if own:
                place = folder / ("map" if with_map else "hand")
                hand = stack.enter_context(by_hand(engine, page, place, origin, with_map=with_map))
                _rates(own, servers, hand, effort, figures, notes)
    return figures, notes


def _rates(
    bars: Sequence[Bar],
    servers: dict[int, TargetServer],
    hand: TargetServer,
    effort: Effort,
    figures: dict[Bar, float],
    notes: dict[Bar, str],
) -> None:
    """Measure in turns, hand-written before and after each, since the load of a machine changes meanwhile."""
    counts = sorted({bar.rules for bar in bars})
    before: dict[int, Rates] = {count: Rates() for count in counts}
    hits: dict[int, Rates] = {count: Rates() for count in counts}
    refused: dict[int, Rates] = {count: Rates() for count in counts}
    for number in range(effort.rounds + 1):
        for count in counts:
            before[count].measure(hand, effort.seconds)
            hits[count].measure(servers[count], effort.seconds)
            if any(bar.row == "refused" and bar.rules == count for bar in bars):
                refused[count].measure(servers[count], effort.seconds, refused=True)
        if number == 0:  # the first round warms up
            for rates in (*before.values(), *hits.values(), *refused.values()):
                rates.a_second.clear()
                rates.microseconds.clear()
    for bar in bars:
        of_hits = bar.row == "refused"
        these, those = (refused, hits) if of_hits else (hits, before)
        figures[bar], notes[bar] = _compared(these[bar.rules], those[bar.rules], by_cpu=effort.by_cpu)


def _compared(these: Rates, those: Rates, *, by_cpu: bool) -> tuple[float, str]:
    """Return how much of the one rate the other is, and both with their processor time."""
    by_rate = ratio(these.a_second, those.a_second)
    by_time = ratio(those.microseconds, these.microseconds)
    rates = (statistics.median(rates.a_second) for rates in (these, those))
    spent = (statistics.median(rates.microseconds) for rates in (these, those))
    note = "{:,.0f} and {:,.0f} a second".format(*rates) + ", {:.1f} and {:.1f} us of CPU".format(*spent)
    other = f"{by_rate:.2f} by rate" if by_cpu else f"{by_time:.2f} by CPU"
    return by_time if by_cpu else by_rate, f"{note}; {other}"
