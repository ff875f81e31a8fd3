"""``python -m benchmarks.prediction --logs FOLDER``: the bars of `prefetchrouter learn` on real logs.

``--log FILE`` tries any other log, by the bars that hold whatever the site. It prints each value beside its
bar, and exits with 1 when one is missed. The logs are not in the repository.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.prediction import any_log, model, reading, serving, sizes
from benchmarks.prediction.bars import Bars
from benchmarks.prediction.logs import FILES, Logs


def main(words: list[str] | None = None) -> int:
    """Try the bars; return 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prediction", description=__doc__)
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help=f"has {', '.join(FILES.values())}")
    parser.add_argument(
        "--millions", type=int, default=1, metavar="N", help="how many million lines are read"
    )
    parser.add_argument(
        "--only", choices=("model", "counts", "serving", "sizes", "speed"), help="only these bars"
    )
    parser.add_argument("--log", type=Path, action="append", default=[], metavar="FILE", help="any log")
    options = parser.parse_args(words)
    bars = Bars()
    if not options.logs and not options.log:
        parser.error("--logs FOLDER or --log FILE")
    for path in options.log:
        any_log.run(path, bars)
    if options.logs:
        _known(Logs(options.logs), bars, options)
    print(f"{bars.tried} bars, {len(bars.missed)} missed")
    return 1 if bars.missed else 0


def _known(logs: Logs, bars: Bars, options: argparse.Namespace) -> None:
    """Try the bars of the logs that the study has measured."""
    if options.only in (None, "counts"):
        reading.check_counts(logs, bars)
    if options.only in (None, "model"):
        model.run(logs, bars)
    if options.only in (None, "serving"):
        serving.run(logs, bars)
    if options.only in (None, "sizes"):
        sizes.run(logs, bars)
    if options.only in (None, "speed"):
        reading.million(logs, bars, options.millions)


if __name__ == "__main__":
    sys.exit(main())
