"""Coverage: which rules and branches tests reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prefetchrouter.report.describe import describe_condition
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.rules.walk import Reached, Turn, ways_in


@dataclass(frozen=True, slots=True)
class Unit:
    """A branch, or a rule without a condition, that a test can reach.

    Args:
        line: Its line, such as ``"routes.py:12"``.
        text: Its condition as a sentence.
    """

    line: str
    text: str


class Coverage:
    """Records which units tests reached; the same rules loaded twice count once.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/a", comment="a").get("/b", comment="b")
        >>> coverage = Coverage()
        >>> coverage.add(router.rules)
        >>> coverage.reach([router.rules[0].branches[0].rule])
        >>> coverage.percent, [unit.text for unit in coverage.missed]
        (50.0, ['path matches /b and method is GET'])
    """

    def __init__(self) -> None:
        self._reached: dict[Unit, bool] = {}
        self._units: dict[int, tuple[Apply, list[Unit]]] = {}

    def add(self, rules: Iterable[Rule]) -> None:
        """Register rules, so that the report can list those that no test reached."""
        for rule in rules:
            for found in ways_in(rule):
                unit = _unit(found)
                self._units.setdefault(id(found.apply), (found.apply, []))[1].append(unit)
                self._reached.setdefault(unit, False)

    def reach(self, rules: Iterable[Apply]) -> None:
        """Record that a test reached these."""
        for apply in rules:
            _, units = self._units.get(id(apply), (apply, []))
            self._reached.update(dict.fromkeys(units, True))

    def clear(self) -> None:
        """Reset all records."""
        self._reached.clear()
        self._units.clear()

    @property
    def count(self) -> int:
        """The number of units."""
        return len(self._reached)

    @property
    def missed(self) -> tuple[Unit, ...]:
        """The units that no test reached, in the order of the rules."""
        return tuple(unit for unit, reached in self._reached.items() if not reached)

    @property
    def percent(self) -> float:
        """The share of units that tests reached; 100 if there are none."""
        return 100.0 * (self.count - len(self.missed)) / self.count if self.count else 100.0

    def as_data(self) -> list[tuple[str, str, bool]]:
        """Return the records as plain data, for `join` in another process."""
        return [(unit.line, unit.text, reached) for unit, reached in self._reached.items()]

    def join(self, data: Iterable[tuple[str, str, bool]]) -> None:
        """Add the records of another process."""
        for line, text, reached in data:
            unit = Unit(line, text)
            self._reached[unit] = reached or self._reached.get(unit, False)


def _unit(found: Reached) -> Unit:
    return Unit(str(found.apply.source or "-"), "; ".join(map(_led_by, found.way)) or "every request")


def _led_by(turn: Turn) -> str:
    if turn.branch is not None:
        return describe_condition(turn.branch.condition)
    before = ", ".join(describe_condition(branch.condition) for branch in turn.chain.branches)
    return f"else, after {before}"
