"""What became of all cases on an engine, as a text: which are equal, listed as different, or unexplained.

PYTHONPATH=tests .venv/bin/python -m cases.runners.report varnish nginx
PYTHONPATH=tests .venv/bin/python -m cases.runners.report varnish --only writes/
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.runners.case import Case
from cases.runners.differences import entry_of, named_by
from cases.runners.engine import Engine
from cases.runners.reader import read
from cases.runners.registry import ENGINES
from cases.runners.running import Result, run_cases

FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True)
class Report:
    """The results of an engine."""

    engine: type[Engine]
    results: Mapping[Case, Result]

    @property
    def equal(self) -> list[Case]:
        return [case for case, result in self.results.items() if not result.problems]

    @property
    def listed(self) -> list[Case]:
        return [case for case, result in self.results.items() if result.problems and result.excuse]

    @property
    def unexplained(self) -> list[Case]:
        return [case for case, result in self.results.items() if result.problems and not result.excuse]

    @property
    def stale(self) -> list[Case]:
        """Cases that are listed as different, and are equal: they have to leave `differences.toml`."""
        return [case for case, result in self.results.items() if result.is_stale]

    @property
    def unneeded(self) -> list[str]:
        """What the support table lists as different, and no case shows: perhaps it is not."""
        needed = {named_by(self.engine.name, case) for case in self.listed}
        named = {name for case in self.results for name in case.concerns}
        return sorted(name for name in named - needed if self._level(name) != "full")

    def _level(self, name: str) -> str:
        return entry_of(name, self.engine.support).level

    @property
    def summary(self) -> str:
        counts = f"{len(self.equal)} equal, {len(self.listed)} listed, {len(self.unexplained)} unexplained"
        return f"{self.engine.name}: {counts} of {len(self.results)} cases"

    def lines(self) -> list[str]:
        """Return the whole report."""
        lines = [self.summary]
        if self.unneeded:
            lines += ["", f"listed as different, but equal in all cases: {', '.join(self.unneeded)}"]
        for case in self.stale:
            lines += ["", f"equal, and listed as different: {case.path}"]
        for title, cases in (("unexplained", self.unexplained), ("listed", self.listed)):
            for case in cases:
                result = self.results[case]
                lines += ["", f"{title}: {case.path}", f"  {case.title}  [{', '.join(case.concerns)}]"]
                lines += [f"  {result.excuse}"] if result.excuse else []
                lines += [f"    {line}" for problem in result.problems for line in problem.split("\n")]
        return lines


def report(engine: type[Engine], only: str = "") -> Report:
    """Run all cases whose path contains a text on an engine."""
    cases = [read(path) for path in sorted(FOLDER.rglob("*.case")) if only in str(path)]
    results = run_cases(engine, cases)
    return Report(engine, {case: results[case.path] for case in cases})


def main(arguments: Sequence[str]) -> int:
    """Print the reports of some engines; 1 if something is unexplained."""
    parser = argparse.ArgumentParser(prog="python -m cases.runners.report")
    parser.add_argument("engines", nargs="*", default=[engine.name for engine in ENGINES])
    parser.add_argument("--only", default="", help="only cases whose path contains this")
    options = parser.parse_args(arguments)
    by_name = {engine.name: engine for engine in ENGINES}
    is_explained = True
    for name in options.engines:
        began = time.monotonic()
        found = report(by_name[name], options.only)
        print(*found.lines(), f"\n{found.engine.name}: {time.monotonic() - began:.0f} s\n", sep="\n")
        is_explained &= not found.unexplained
    return 0 if is_explained else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
