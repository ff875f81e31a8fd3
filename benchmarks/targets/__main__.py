"""``python -m benchmarks.targets``: how equal rules are on each engine, and how fast they load and serve.

Rates are ratios in one run, in turns with the shortest configuration that a person would write for the same
pages. It exits with 1 when a bar is missed, after all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.serving.processes import lean_origin
from benchmarks.targets.bars import BARS, ROWS, Bar, chosen
from benchmarks.targets.case_figures import equal_share
from benchmarks.targets.rich_rules import SHAPES
from benchmarks.targets.running import Effort, measured
from benchmarks.targets.target_table import missed, table
from benchmarks.targets.worker_figures import decision_microseconds, runtime_kilobytes


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.targets", description=__doc__)
    engines = sorted({bar.engine for bar in BARS})
    counts = sorted({bar.rules for bar in BARS})
    parser.add_argument("--engine", action="append", choices=engines, default=[])
    parser.add_argument("--row", action="append", choices=list(ROWS), default=[])
    parser.add_argument("--rules", action="append", type=int, choices=counts, default=[])
    parser.add_argument("--shape", choices=list(SHAPES), default="spread", help="one first segment or many")
    parser.add_argument("--rounds", type=int, default=5, help="how often each rate is measured")
    parser.add_argument("--seconds", type=int, default=2, help="how long each takes")
    parser.add_argument("--by", choices=["rate", "cpu"], default="rate", help="what ratios compare")
    return parser.parse_args(words)


def main(words: Sequence[str] = ()) -> int:
    """Print the table.

    Returns:
        1 when a bar is missed, else 0.
    """
    given = options(words)
    effort = Effort(given.rounds, given.seconds, given.by == "cpu")
    wanted = chosen(given.engine, given.row, given.rules)
    print(f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the start")
    figures: dict[Bar, float] = {}
    notes: dict[Bar, str] = {}
    with tempfile.TemporaryDirectory(prefix="prefetchrouter-targets-") as name, lean_origin() as origin:
        folder = Path(name)
        folder.chmod(0o755)  # Varnish reads its files without the rights of root
        for bar in wanted:
            if bar.row == "cases":
                figures[bar] = equal_share(bar.engine)
            elif bar.row == "size":
                figures[bar] = runtime_kilobytes(bar.rules)
            elif bar.row == "decision":
                figures[bar] = decision_microseconds(bar.rules, given.shape, folder / "decision")
        for engine in dict.fromkeys(bar.engine for bar in wanted):
            own = [bar for bar in wanted if bar.engine == engine and bar not in figures]
            if own:
                (folder / engine).mkdir()
                (folder / engine).chmod(0o755)
                found, said = measured(engine, own, given.shape, folder / engine, origin.port, effort)
                figures.update(found)
                notes.update(said)
    print(f"load {os.getloadavg()[0]:.1f} at the end\n")
    print("\n".join(table({bar: figures[bar] for bar in wanted}, notes)))
    sentences = missed(figures)
    if sentences:
        print(f"\nBars are missed: {'; '.join(sentences)}.")
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
