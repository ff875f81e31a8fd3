"""The table of a run: each bar with its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.targets.bars import ROWS, UPWARDS, Bar


def table(figures: Mapping[Bar, float], notes: Mapping[Bar, str]) -> list[str]:
    """Return the lines of a Markdown table.

    Args:
        figures: The figure of each bar that was measured.
        notes: What else is known of a figure, such as its parts.
    """
    lines = [
        "| engine | figure | rules | measured | bar | | |",
        "| --- | --- | ---: | ---: | ---: | --- | --- |",
    ]
    for bar, figure in figures.items():
        verdict = "" if bar.limit is None else "ok" if bar.met_by(figure) else "MISSED"
        cells = (
            bar.engine, ROWS[bar.row][0], f"{bar.rules:,}", _with_unit(figure, bar), _limit(bar), verdict,
            notes.get(bar, ""),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def missed(figures: Mapping[Bar, float]) -> Sequence[str]:
    """Return a sentence for each bar that is missed."""
    return [
        f"{bar.engine}, {bar.rules:,} rules, {ROWS[bar.row][0]}: {_with_unit(figure, bar)}, {_limit(bar)}"
        for bar, figure in figures.items()
        if not bar.met_by(figure)
    ]


def _with_unit(figure: float, bar: Bar) -> str:
    return f"{figure:.2f}" if bar.unit == "ratio" else f"{figure:.2f} {bar.unit}"


def _limit(bar: Bar) -> str:
    if bar.limit is None:
        return ""
    return f"at {'least' if bar.unit in UPWARDS else 'most'} {bar.limit:g}"
