"""Lines of a CSV file: ``from,to[,status][,host][,query]``.

Each line is parsed by itself, since no URL has a line break: so a quote that is not closed is an error of its
own line, and not of the last one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from prefetchrouter.authoring.redirect_table.table_files import MOST_CHARACTERS
from prefetchrouter.authoring.redirect_table.table_line import TableLine, wrong_line
from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.source import Source

COLUMNS = ("from", "to", "status", "host", "query")


def csv_lines(lines: Iterable[str], name: str, problems: list[Diagnostic]) -> Iterator[TableLine]:
    """Yield what the lines of a CSV file say; empty lines and those that begin with ``#`` say nothing.

    Commas, semicolons or tabs separate the columns. A first line that begins with ``from`` names them, in any
    order; without it they are in the order of `COLUMNS`.

    Args:
        lines: The lines.
        name: The file.
        problems: Gets what is wrong.

    Example:
        >>> [line.to for line in csv_lines(["to,from", "/new,/old"], "redirects.csv", [])]
        ['/new']
    """
    columns: tuple[str, ...] = ()
    delimiter = ","
    for number, text in enumerate(lines, 1):
        if not text.strip() or text.startswith("#"):
            continue
        source = Source(name, number)
        is_first = not columns
        if is_first:
            delimiter = _delimiter(text)
        cells = _cells(text, delimiter, source, problems)
        if is_first:
            columns = COLUMNS
            if cells and _is_header(cells):
                columns = _header(cells, source, problems)
                if not columns:
                    return
                continue
        if not cells:
            continue
        extra = [cell for cell in cells[len(columns) :] if cell]
        if extra:
            hint = 'a value that holds the separator needs quotes, as in "/a,b"'
            problems.append(
                wrong_line(source, f"{shown(extra[0])} is in no column", expected=_listed(columns), hint=hint)
            )
            continue
        row = dict(zip(columns, cells, strict=False))
        yield TableLine(
            row.get("from", ""),
            row.get("to", ""),
            source,
            row.get("status", ""),
            row.get("host", ""),
            row.get("query", ""),
        )


def _is_header(cells: list[str]) -> bool:
    return not any(cell.startswith(("/", "http://", "https://")) for cell in cells)


def _header(cells: list[str], source: Source, problems: list[Diagnostic]) -> tuple[str, ...]:
    """Return the names of the columns; nothing when one is wrong."""
    found = [cell.lower() for cell in cells]
    while found and not found[-1]:
        found.pop()
    unknown = next((name for name in found if name not in COLUMNS), None)
    missing = next((name for name in ("from", "to") if name not in found), None)
    twice = next((name for name in found if found.count(name) > 1), None)
    if unknown is not None:
        message, hint = f"{shown(unknown)} is not a column", did_you_mean(unknown, COLUMNS)
    elif missing is not None:
        message, hint = f'there is no column "{missing}"', None
    elif twice is not None:
        message, hint = f"column {shown(twice)} appears twice", None
    else:
        return tuple(found)
    problems.append(wrong_line(source, message, expected=_listed(COLUMNS), hint=hint))
    return ()


def _delimiter(text: str) -> str:
    """Return the character of which the first line has most outside of quotes; a comma in doubt."""
    bare = "".join(text.split('"')[::2])
    return max((",", ";", "\t"), key=bare.count)


def _cells(text: str, delimiter: str, source: Source, problems: list[Diagnostic]) -> list[str]:
    if len(text) > MOST_CHARACTERS:
        problems.append(wrong_line(source, f"the line has more than {MOST_CHARACTERS:,} characters"))
        return []
    if '"' not in text:
        return [cell.strip() for cell in text.split(delimiter)]
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True)
    except csv.Error as error:
        is_open = "unexpected end" in str(error)
        message = "a quote is not closed" if is_open else "text follows a closing quote"
        problems.append(
            wrong_line(source, message, hint='a quote inside quotes is written twice: "a ""b"" c"')
        )
        return []
    return [cell.strip() for cell in cells]


def _listed(columns: Iterable[str]) -> str:
    return "columns " + ", ".join(columns)
