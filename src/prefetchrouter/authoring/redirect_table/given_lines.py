"""Lines of a table that is given in Python: a mapping, or pairs with further values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prefetchrouter.authoring.redirect_table.csv_lines import COLUMNS
from prefetchrouter.authoring.redirect_table.table_line import TableLine, wrong_line
from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.source import Source


def given_lines(table: object, source: Source | None, problems: list[Diagnostic]) -> Iterator[TableLine]:
    """Yield what a mapping, pairs, or sequences in the order of the columns say.

    Args:
        table: The table.
        source: The call that has it.
        problems: Gets what is wrong.

    Example:
        >>> [(line.start, line.status) for line in given_lines([("/a", "/b", 308)], None, [])]
        [('/a', '308')]
    """
    entries: Iterable[object]
    if isinstance(table, Mapping):
        entries = table.items()
    elif isinstance(table, Iterable) and not isinstance(table, str | bytes):
        entries = table
    else:
        problems.append(
            wrong_line(
                source,
                f"redirects({shown(table)})",
                expected='the path of a file, a mapping such as {"/old": "/new"}, or pairs',
            )
        )
        return
    for entry in entries:
        cells = entry if isinstance(entry, tuple | list) else ()
        if not 2 <= len(cells) <= len(COLUMNS) or not all(map(_is_cell, cells)):
            problems.append(
                wrong_line(source, f"{shown(entry)} is not a line", expected='("/old", "/new") or (..., 308)')
            )
            continue
        start, to, status, host, query = ("" if cell is None else str(cell) for cell in _filled(cells))
        yield TableLine(start, to, source, status, host, query)


def _filled(cells: tuple[object, ...] | list[object]) -> list[object]:
    return [*cells, *[None] * (len(COLUMNS) - len(cells))]


def _is_cell(cell: object) -> bool:
    return cell is None or (isinstance(cell, str | int) and not isinstance(cell, bool))
