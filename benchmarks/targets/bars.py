"""What the targets have to reach, and whether they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Row = Literal["cases", "build", "load", "hits", "memory", "refused", "size", "decision"]

ROWS: Final[dict[Row, tuple[str, str]]] = {
    "cases": ("cases equal, of all", "ratio"),
    "build": ("build", "CPU s"),
    "load": ("load to first answer", "s"),
    "hits": ("cached hits, of hand-written", "ratio"),
    "memory": ("cached hits, of hand-written with a Map", "ratio"),
    "refused": ("refused prefetches, of hits", "ratio"),
    "size": ("Worker runtime by number of rules, gzip", "kB"),
    "decision": ("decision", "us"),
}
"""What each row is called, and its unit."""

UPWARDS: Final = frozenset({"ratio"})
"""Units of which more is better; of the others, less."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What one figure has to be: at least the limit for a ratio, at most for anything else.

    Args:
        engine: The engine.
        row: What is measured.
        rules: With how many rules.
        limit: The limit in the unit of the row; None for a figure that is only printed.
    """

    engine: str
    row: Row
    rules: int
    limit: float | None = None

    @property
    def unit(self) -> str:
        return ROWS[self.row][1]

    def met_by(self, figure: float) -> bool:
        """Return whether a figure is good enough, as it is printed: to two digits after the point."""
        if self.limit is None:
            return True
        found = round(figure, 2)
        return found >= self.limit if self.unit in UPWARDS else found <= self.limit


ENGINES: Final = ("embedded", "node", "deno", "bun", "workerd", "varnish")
"""Engines on which all cases except for listed approximations are equal; nginx has its own bar."""

BARS: Final = (
    *(Bar(engine, "cases", 0, 0.95) for engine in ENGINES),
    Bar("nginx", "cases", 0, 0.9),
    *(Bar(engine, "build", rules) for engine in ("varnish", "nginx", "workerd") for rules in (1_000, 10_000)),
    Bar("varnish", "load", 1_000, 5),
    Bar("varnish", "load", 10_000, 30),
    Bar("nginx", "load", 1_000, 0.3),
    Bar("nginx", "load", 10_000, 4),
    Bar("workerd", "load", 10_000, 1),
    Bar("varnish", "hits", 10, 0.9),
    Bar("varnish", "hits", 1_000, 0.8),
    Bar("varnish", "hits", 10_000, 0.8),
    Bar("nginx", "hits", 10, 0.8),
    Bar("nginx", "hits", 1_000, 0.8),
    Bar("nginx", "hits", 10_000, 0.5),
    *(Bar("workerd", "hits", rules, 0.85) for rules in (10, 1_000, 10_000)),
    Bar("workerd", "memory", 10),
    *(Bar("varnish", "refused", rules, 0.9) for rules in (10, 1_000, 10_000)),
    *(Bar("nginx", "refused", rules, 0.6) for rules in (10, 1_000, 10_000)),
    *(Bar("workerd", "refused", rules, 0.9) for rules in (10, 1_000, 10_000)),
    Bar("workerd", "size", 0, 6),
    Bar("workerd", "size", 10),
    Bar("workerd", "decision", 10_000, 5),
)
"""All bars, in the order of the table."""


def chosen(
    engines: Iterable[str] = (), rows: Iterable[str] = (), rules: Iterable[int] = ()
) -> tuple[Bar, ...]:
    """Return the bars of some engines, rows and numbers of rules; of all if none are named.

    Example:
        >>> [bar.rules for bar in chosen(["nginx"], ["load"])]
        [1000, 10000]
    """
    wanted = (frozenset(engines), frozenset(rows), frozenset(rules))
    return tuple(
        bar
        for bar in BARS
        if all(
            value in names
            for value, names in zip((bar.engine, bar.row, bar.rules), wanted, strict=True)
            if names
        )
    )
