"""`docs/edge-conformance.md` and a run of the HTTP cache tests: what the page says, and what it is to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.conformance import Kind, Outcome, Result

PAGE = Path(__file__).parents[2] / "docs" / "edge-conformance.md"
NO_REASON = "?"


@dataclass(frozen=True)
class Part:
    """The part of the page that is about one suite.

    Args:
        row: How the row of its figures begins.
        tables: The headings above the tables of tests that did not pass.
    """

    row: str
    tables: Mapping[tuple[Kind, Outcome], str]


NEWEST = Part(
    "| **`prefetchrouter serve`** |",
    {
        ("required", "failed"): "## Required tests that fail",
        ("required", "not judged"): "## Required tests that are not judged",
        ("optimal", "failed"): "## Optimal tests that fail",
        ("optimal", "not judged"): "## Optimal tests that are not judged",
    },
)
"""The newest suite, from its repository."""

PACKAGE = Part(
    "| **`prefetchrouter serve`**, package |",
    {
        ("required", "failed"): "### Package: required tests that fail",
        ("required", "not judged"): "### Package: required tests that are not judged",
        ("optimal", "failed"): "### Package: optimal tests that fail",
        ("optimal", "not judged"): "### Package: optimal tests that are not judged",
    },
)
"""The suite of the npm package, which the tests of this project run."""

_HEAD = "| tests | why |\n| --- | --- |\n"
_ROW = re.compile(r"\| ([^|]*) \| ([^|]*) \|\n")
_NAME = re.compile(r"`([^`]+)`")


def figures(results: Sequence[Result]) -> str:
    """Return the cells of a cache in the table of figures: required, optimal, checks."""
    count = Counter((result.kind, result.outcome) for result in results)
    kinds: tuple[Kind, ...] = ("required", "optimal", "check")
    outcomes: tuple[Outcome, ...] = ("passed", "failed", "not judged")
    return " | ".join(" / ".join(str(count[kind, outcome]) for outcome in outcomes) for kind in kinds)


def written(page: str, results: Sequence[Result], part: Part = PACKAGE) -> str:
    """Return the page as a run makes it: its figures, and in each table the tests that belong there.

    Reasons stay with the tests that they belong to. New tests come last, with `NO_REASON`.
    """
    page = re.sub(rf"{re.escape(part.row)}.*\n", f"{part.row} {figures(results)} |\n", page)
    for (kind, outcome), heading in part.tables.items():
        before, table, after = _parted(page, heading)
        tests = [result.test for result in results if (result.kind, result.outcome) == (kind, outcome)]
        page = before + _table(_ROW.findall(table)[2:], tests) + after
    return page


def unlike(page: str, results: Sequence[Result], part: Part = PACKAGE) -> list[str]:
    """Return the tests of which the page says something else, or nothing."""
    said = told(page, part)
    return [
        result.test
        for result in results
        if result.kind != "check"
        and said.get(result.test, (result.kind, "passed")) != (result.kind, result.outcome)
    ]


def told(page: str, part: Part) -> dict[str, tuple[Kind, Outcome]]:
    """Return what the page says of each test that did not pass."""
    said: dict[str, tuple[Kind, Outcome]] = {}
    for place, heading in part.tables.items():
        _, table, _ = _parted(page, heading)
        said |= dict.fromkeys(
            (test for names, _ in _ROW.findall(table) for test in _NAME.findall(names)), place
        )
    return said


def counted(page: str, part: Part) -> list[tuple[int, int, int]]:
    """Return the figures of a suite as the page has them: passed, failed, not judged, for each kind."""
    row = next(line for line in page.splitlines() if line.startswith(part.row))
    cells = [cell for cell in row.removeprefix(part.row).split("|") if cell.strip()]
    found = [tuple(map(int, cell.split("/"))) for cell in cells]
    return [(passed, failed, unjudged) for passed, failed, unjudged in found]


def _parted(page: str, heading: str) -> tuple[str, str, str]:
    """Return a page in three parts: before the table under a heading, the table, and what follows it."""
    start = page.index(_HEAD, page.index(f"{heading}\n"))
    end = start
    while found := _ROW.match(page, end):
        end = found.end()
    return page[:start], page[start:end], page[end:]


def _table(rows: Sequence[tuple[str, str]], tests: Sequence[str]) -> str:
    left = list(tests)
    text = _HEAD
    for names, why in rows:
        told = [name for name in _NAME.findall(names) if name in left]
        left = [name for name in left if name not in told]
        text += _written(told, why)
    return text + _written(left, NO_REASON)


def _written(tests: Sequence[str], why: str) -> str:
    return f"| {', '.join(f'`{test}`' for test in tests)} | {why} |\n" if tests else ""
