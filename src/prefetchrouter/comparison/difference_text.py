"""A comparison for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.comparison.compare import Difference, RuleSetComparison
from prefetchrouter.comparison.shown import Sides, also_text, consequences, request_text, summary
from prefetchrouter.report.table import Style

_NOTHING = "(none)"
_WIDEST = 40
"""In characters; the values of a change that are longer stand in no column."""


def comparison_text(comparison: RuleSetComparison, sides: Sides, style: Style | None = None) -> str:
    """Return a comparison as text: a block for each difference, then the result in a sentence.

    Args:
        comparison: What was found.
        sides: How the two rule sets are named.
        style: How to colour; not at all when not given.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.comparison import compare
        >>> before, after = (Router().get("/a", caching={"max_age": age}) for age in ("1h", "5m"))
        >>> print(comparison_text(compare(before, after), Sides()).splitlines()[0])
        GET /a
    """
    style = style or Style(enabled=False)
    blocks = ["\n".join(_block(each, sides, style)) for each in comparison.differences]
    return "\n\n".join([*blocks, summary(comparison, sides)])


def _block(difference: Difference, sides: Sides, style: Style) -> Iterator[str]:
    yield style(request_text(difference.request), "bold")
    rows = [
        (change.aspect, f"{change.before or _NOTHING} → {change.after or _NOTHING}", sides.lines(change))
        for change in difference.changes
    ]
    yield from _lines(rows, style)
    yield from (f"  {sentence}" for sentence in consequences(difference))
    also = also_text(difference)
    if also:
        yield style(f"  {also}", "dim")


def _lines(rows: list[tuple[str, str, str]], style: Style) -> Iterator[str]:
    """Yield the changes in columns; values too long for these push no line of others away."""
    column = max((len(values) for _, values, _ in rows if len(values) <= _WIDEST), default=0)
    names = max(len(name) for name, _, _ in rows)
    for name, values, lines in rows:
        shown = f"  {name:<{names}}  {values:<{column}}"
        yield f"{shown}  {style(lines, 'dim')}" if lines else shown.rstrip()
