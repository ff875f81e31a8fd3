"""Counts as a table: written for a day or a machine, merged later; or exported from web analytics.

The columns are ``from``, ``to``, ``n`` and ``visitors``. An empty ``to`` is for the views of ``from``. Tables
that `learn` has written have more: ``before`` for steps by the page before, ``hashes`` to count visitors
who are in two tables once, ``kind`` for templates; and a first line with the time.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from prefetchrouter.errors import NavigationError, shown
from prefetchrouter.navigation.counts import Counts, Tally
from prefetchrouter.navigation.log_files import text_blocks
from prefetchrouter.navigation.patterns import HOLE
from prefetchrouter.source import Source
from prefetchrouter.targets.page_navigation import is_page_key

_NEEDED: Final = ("from", "to", "n")
_COLUMNS: Final = ("from", "to", "n", "visitors", "before", "hashes", "kind")
_MARK: Final = "# prefetchrouter counts 1"
_MOST_N: Final = 1e15
_HOLE: Final = "{}"
"""What a table has for the value of a parameter in a template; paths have braces percent-encoded."""


def is_counts_table(path: Path) -> bool:
    """Return whether a file is a table of counts, by its first line.

    Raises:
        NavigationError: It cannot be read.
    """
    for block in text_blocks(path):
        first = block[0]
        return first.startswith(_MARK) or _header(first) is not None
    return False


def _header(text: str) -> list[str] | None:
    separator = "\t" if "\t" in text else ","
    names = [name.strip().strip('"\ufeff').lower() for name in text.split(separator)]
    return names if set(_NEEDED) <= set(names) else None


def counts_text(counts: Counts, is_listed: Callable[[str], bool]) -> str:
    """Return counts as a table, sorted.

    Args:
        counts: The counts.
        is_listed: Says whether a page may be listed; all about other pages is left out. A `page_key` is only
            where steps begin.

    Example:
        >>> pages, steps = {"/": Tally(3, 2), "/a": Tally(1, 1)}, {("/", "/a"): Tally(1, 1)}
        >>> print(counts_text(Counts(pages, steps), bool))
        # prefetchrouter counts 1; hashes=0; visits=0; visitors=0
        from,to,n,visitors,before,hashes,kind
        /,,3,2,,,
        /,/a,1,1,,,
        /a,,1,1,,,
        <BLANKLINE>
    """

    def is_source(page: str) -> bool:
        return is_page_key(page) or is_listed(page)

    rows: list[tuple[str, str, Tally, str, str]] = []
    rows += [(page, "", tally, "", "") for page, tally in counts.pages.items() if is_source(page)]
    rows += [
        (page, following, tally, "", "")
        for (page, following), tally in counts.steps.items()
        if is_source(page) and is_listed(following)
    ]
    rows += [
        (page, following, tally, before, "")
        for (before, page, following), tally in counts.pairs.items()
        if is_source(page) and is_listed(following) and is_source(before)
    ]
    rows += [
        (pattern, template.replace(HOLE, _HOLE), tally, "", "template")
        for (pattern, template), tally in counts.templates.items()
    ]
    rows.sort(key=lambda row: (row[4], row[0], row[3], row[1]))
    made = io.StringIO()
    times = (
        f"; first={counts.first:.3f}; last={counts.last:.3f}"
        if counts.first is not None and counts.last
        else ""
    )
    made.write(
        f"{_MARK}; hashes={counts.hashes}; visits={counts.visits}; visitors={counts.visitors}{times}\n"
    )
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for page, following, tally, before, kind in rows:
        hashes = " ".join(f"{found:06x}" for found in tally.hashes)
        writer.writerow((page, following, f"{tally.n:.12g}", tally.visitors, before, hashes, kind))
    return made.getvalue()


def read_counts(path: Path) -> Counts:
    """Return the counts of a table.

    Without rows for the views of a page, these are its steps, so all who left it are missing.

    Raises:
        NavigationError: It cannot be read, or a line of it is wrong.
    """
    lines = (line for block in text_blocks(path) for line in block)
    counts = Counts()
    number = 0
    columns: list[str] | None = None
    separator = ","
    for text in lines:
        number += 1
        if text.startswith(_MARK):
            _read_mark(counts, text, Source(str(path), number))
            continue
        if not text.strip() or (text.startswith("#") and not is_page_key(text.split(separator, 1)[0])):
            continue
        if columns is None:
            columns = _header(text)
            separator = "\t" if "\t" in text else ","
            if columns is None:
                raise _wrong(path, number, "the first line does not name the columns")
            continue
        _read_row(counts, _cells(columns, text, separator, path, number), path, number)
    if columns is None:
        raise _wrong(path, max(1, number), "it is empty")
    _complete(counts)
    return counts


def _wrong(path: Path, number: int, message: str) -> NavigationError:
    return NavigationError.of(
        "log-file", message, source=Source(str(path), number),
        expected='a table with the columns "from", "to", "n" and "visitors"',
    )  # fmt: skip


def _cells(columns: Sequence[str], text: str, separator: str, path: Path, number: int) -> dict[str, str]:
    try:
        values: Iterable[str] = next(csv.reader([text], delimiter=separator))
    except csv.Error:
        raise _wrong(path, number, "the line is not one of a table") from None
    return dict(zip(columns, values, strict=False))


def _read_mark(counts: Counts, text: str, source: Source) -> None:
    values: dict[str, str] = {}
    for part in text.split(";")[1:]:
        name, _, value = part.strip().partition("=")
        values[name] = value
    try:
        counts.hashes, counts.visits, counts.visitors = (
            int(values.get(name, "0")) for name in ("hashes", "visits", "visitors")
        )
        if "first" in values and "last" in values:
            counts.first, counts.last = float(values["first"]), float(values["last"])
    except ValueError:
        raise NavigationError.of(
            "log-file", f"{shown(text)} is broken", source=source,
            hint="make the table again with prefetchrouter learn --counts",
        ) from None  # fmt: skip


def _read_row(counts: Counts, row: dict[str, str], path: Path, number: int) -> None:
    page, following = row.get("from", ""), row.get("to", "")
    try:
        n = float(row.get("n", ""))
        visitors = int(row.get("visitors") or max(0, int(n)))
        hashes = tuple(int(found, 16) for found in row.get("hashes", "").split())
    except (ValueError, OverflowError):
        raise _wrong(path, number, f"{shown(row.get('n', ''))} is not a count") from None
    if not math.isfinite(n) or not 0 <= n <= _MOST_N or visitors < 0 or not page:
        raise _wrong(path, number, "the line has no page, or a count that is not one")
    tally = Tally(n if n % 1 else int(n), visitors, hashes)
    if row.get("kind") == "template":
        counts.templates[page, following.replace(_HOLE, HOLE)] = tally
    elif row.get("before"):
        counts.pairs[row["before"], page, following] = tally
    elif following:
        counts.steps[page, following] = _sum(counts.steps.get((page, following)), tally)
    else:
        counts.pages[page] = _sum(counts.pages.get(page), tally)


def _sum(before: Tally | None, tally: Tally) -> Tally:
    """Return the sum of two rows of one table, such as of two campaigns; visitors are those of the larger."""
    if before is None:
        return tally
    return Tally(before.n + tally.n, max(before.visitors, tally.visitors), before.hashes or tally.hashes)


def _complete(counts: Counts) -> None:
    """Add the views of pages that have only steps."""
    ends = dict(_both_ends(counts))
    for page, tally in ends.items():
        counts.pages.setdefault(page, tally)


def _both_ends(counts: Counts) -> Iterator[tuple[str, Tally]]:
    out: dict[str, list[Tally]] = {}
    into: dict[str, list[Tally]] = {}
    for (page, following), tally in counts.steps.items():
        out.setdefault(page, []).append(tally)
        into.setdefault(following, []).append(tally)
    for page in {*out, *into}:
        n = max(sum(tally.n for tally in side.get(page, [])) for side in (out, into))
        visitors = max(tally.visitors for side in (out, into) for tally in side.get(page, [Tally(0, 0)]))
        yield page, Tally(n, visitors)
