"""``python -m benchmarks.redirects``: tables of redirects, from 100 lines to 10,000.

Figures are processor time of one run. Bounds: 10,000 lines load within a second more than none, a decision
takes at most three times as long as with 100 lines, and linting 2,000 lines takes three seconds.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from prefetchrouter import Evaluator, Request, Router
from prefetchrouter.lint import lint
from prefetchrouter.output.building import build

COUNTS = (100, 2_000, 10_000)
DECISIONS = 2_000
MOST_LOAD_S, MOST_RATIO, MOST_LINT_S, LINTED = 1.0, 3.0, 3.0, 2_000


class Figures(NamedTuple):
    """What one table costs, in seconds; a decision in microseconds."""

    lines: int
    load_s: float
    build_s: float
    lint_s: float
    decision_us: float


def table(lines: int) -> list[tuple[str, str]]:
    """A table of which one line in ten is a pattern."""
    return [
        (f"/old/{n}/*", f"/new/{n}/:splat") if n % 10 == 0 else (f"/old/page-{n}", f"/new/page-{n}")
        for n in range(lines)
    ]


def took(run: Callable[[], object]) -> float:
    """Processor time of a call."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def measured(lines: int) -> Figures:
    """The figures of a table."""
    router = Router()
    load = took(lambda: router.redirects(table(lines)))
    built = took(lambda: build(router))
    linted = took(lambda: lint(router))
    evaluator = Evaluator(router)
    requests = [Request(f"/old/page-{n * 7 % lines}") for n in range(DECISIONS)]
    for request in requests:
        evaluator.evaluate(request).redirect  # noqa: B018 - rules are compiled when they are first met
    decided = took(lambda: [evaluator.evaluate(request).redirect for request in requests])
    return Figures(lines, load, built, linted, decided / DECISIONS * 1e6)


def main() -> int:
    """Print a row for each table; the exit code is 1 if a bound is missed."""
    print("| lines | load | build | lint | a decision |\n| --- | --- | --- | --- | --- |")
    rows = [measured(lines) for lines in COUNTS]
    for row in rows:
        print(
            f"| {row.lines:,} | {row.load_s:.2f} s | {row.build_s:.2f} s | {row.lint_s:.2f} s"
            f" | {row.decision_us:.0f} µs |"
        )
    missed = [
        *(f"{row.lines:,} lines load too slowly" for row in rows if row.load_s > MOST_LOAD_S),
        *(f"linting {row.lines:,} lines" for row in rows if row.lines == LINTED and row.lint_s > MOST_LINT_S),
    ]
    if rows[-1].decision_us > MOST_RATIO * rows[0].decision_us:
        missed.append("decisions take longer in a long table")
    for bound in missed:
        print(f"The bound is missed: {bound}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
