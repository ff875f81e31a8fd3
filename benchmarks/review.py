"""``python -m benchmarks.review``: what `lint` and `diff` cost, for 2,000 rules and for 10,000.

Figures are processor time of one run. Bounds: 2,000 rules take three seconds to lint, or to compare after one
or a hundred of them have changed; 10,000 take at most seven times as long, which is near linear.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import NamedTuple

from benchmarks.redirects import took
from prefetchrouter import Router
from prefetchrouter.comparison import compare
from prefetchrouter.lint import lint

COUNTS = (2_000, 10_000)
MOST_S, MOST_RATIO = 3.0, 7.0


class Figures(NamedTuple):
    """What rules of one number cost, in seconds of processor time."""

    rules: int
    lint_s: float
    one_changed_s: float
    hundred_changed_s: float
    all_changed_s: float


def rules(count: int, changed: int = 0) -> Router:
    """Rules of different paths, each for two methods; some of them with another age."""
    router = Router()
    for number in range(count):
        age = "2h" if number * changed // count != (number + 1) * changed // count else "1h"
        router.match({"path": f"/s{number}/:id", "method": ["GET", "HEAD"]}, caching={"max_age": age})
    return router


def measured(count: int) -> Figures:
    """The figures of that many rules."""
    before = rules(count)
    lint_s = took(partial(lint, before))
    others = [rules(count, changed) for changed in (1, 100, count)]
    changed = [took(partial(compare, before, after)) for after in others]
    return Figures(count, lint_s, *changed)


def main(counts: tuple[int, ...] = COUNTS) -> int:
    """Print a row for each number of rules; the exit code is 1 if a bound is missed."""
    print("| rules | lint | diff, 1 changed | 100 changed | all changed |\n| --- | --- | --- | --- | --- |")
    rows = [measured(count) for count in counts]
    for row in rows:
        print(f"| {row.rules:,} | " + " | ".join(f"{seconds:.2f} s" for seconds in row[1:]) + " |")
    missed = [
        f"{name} of {rows[0].rules:,} rules"
        for name, seconds in zip(Figures._fields[1:4], rows[0][1:4], strict=True)
        if seconds > MOST_S
    ]
    missed += [
        f"{name} grows faster than the rules"
        for name, few, many in zip(Figures._fields[1:4], rows[0][1:4], rows[-1][1:4], strict=True)
        if len(rows) > 1 and many > MOST_RATIO * few
    ]
    for bound in missed:
        print(f"The bound is missed: {bound}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
