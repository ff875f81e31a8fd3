"""``python -m benchmarks.lint_findings FOLDER``: what `lint` finds in programs that others wrote.

The folder has `programs.jsonl`: a JSON object on each line, with a `name` and a `program`, the calls that
`tests/conformance/replay.py` reads. Prints the table of `docs/lint.md`, ``--show CODE`` the findings of
one check, to judge whether they are right.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from prefetchrouter.lint import Finding, lint
from prefetchrouter.lint.check_registry import all_checks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from conformance.replay import replay

GENERATED = "generated/"
"""How the names of programs begin that no person wrote."""


class Found(NamedTuple):
    """A finding, and where.

    Args:
        program: The name of the program.
        finding: What was found.
    """

    program: str
    finding: Finding


def found_in(programs: Path) -> tuple[int, int, list[Found]]:
    """Return how many programs people wrote, how many were generated, and what all checks find in them."""
    records = [json.loads(line) for line in programs.read_text(encoding="utf-8").splitlines()]
    generated = sum(record["name"].startswith(GENERATED) for record in records)
    found = [Found(record["name"], each) for record in records for each in _lint(record["program"])]
    return len(records) - generated, generated, found


def _lint(program: list[Any]) -> Iterator[Finding]:
    yield from lint(replay(program), checks=all_checks())


def table(written: int, generated: int, found: list[Found]) -> Iterator[str]:
    """Yield the rows of the table, the most frequent check first."""
    yield f"| code | of {written} programs by people | of {generated} generated ones | findings |"
    yield "| --- | --- | --- | --- |"
    findings = Counter(each.finding.diagnostic.code for each in found)
    programs = {(each.finding.diagnostic.code, each.program) for each in found}
    by_people = Counter(code for code, name in programs if not name.startswith(GENERATED))
    by_machine = Counter(code for code, name in programs if name.startswith(GENERATED))
    for code in sorted(findings, key=lambda code: (-by_people[code], -by_machine[code], code)):
        yield f"| `{code}` | {by_people[code]} | {by_machine[code]} | {findings[code]} |"


def main() -> None:
    """Print the table, or the findings of one check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", metavar="CODE", help="print the findings of this check instead")
    options = parser.parse_args()
    written, generated, found = found_in(options.folder / "programs.jsonl")
    if options.show:
        for each in found:
            if each.finding.diagnostic.code == options.show:
                witness = "" if each.finding.witness is None else f" ({each.finding.witness.url})"
                print(f"{each.program}: {each.finding.diagnostic.message}{witness}")
        return
    print("\n".join(table(written, generated, found)))


if __name__ == "__main__":
    main()
