"""The bars of reading: formats and counts, time and memory, the same with and without DuckDB."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.prediction.bars import Bars
from benchmarks.prediction.logs import COUNTS, Logs
from prefetchrouter.navigation.log_files import text_blocks

MEASURED = """
import sys
from pathlib import Path
from prefetchrouter.navigation.counts import count_visits
from prefetchrouter.navigation.counts_file import counts_text
from prefetchrouter.navigation.reading import read_traffic
from prefetchrouter.navigation.visits import visits_of
traffic = read_traffic([sys.argv[1]], engine=sys.argv[2])
counts = count_visits(visits_of(traffic))
Path(sys.argv[3]).write_text(counts_text(counts, lambda page: True))
"""
"""From lines to counts with distinct visitors."""


def check_counts(logs: Logs, bars: Bars) -> None:
    """Compare what is read with what has to be."""
    for name, wanted in COUNTS.items():
        found = logs.counts(name)
        bars.exact(
            f"13  {name}: lines, dropped, views, visits, visitors, pages",
            {key: found.get(key, 0) for key in wanted},
            wanted,
        )


def million(logs: Logs, bars: Bars, millions: int) -> None:
    """Read the blog's log again and again, each time with new visitors."""
    has_duckdb = importlib.util.find_spec("duckdb") is not None
    print(f"9   load of the machine: {os.getloadavg()[0]:.1f}; seconds of user and system")
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder, "access.log")
        _write(logs.path("blog"), large, millions * 100)
        tables = {}
        for engine in ("python", "duckdb") if has_duckdb else ("python",):
            table = Path(folder, engine)
            seconds, mebibytes = _measured(large, engine, table)
            tables[engine] = table.read_text()
            _limits(engine, millions, seconds, mebibytes, bars)
        if has_duckdb:
            bars.exact("9   the same counts, row by row", tables["python"] == tables["duckdb"], True)


def _limits(engine: str, millions: int, seconds: float, mebibytes: float, bars: Bars) -> None:
    if engine == "python":
        bars.at_most(f"9   {millions} M lines, plain Python: seconds", seconds, 16 * millions)
    else:
        most_seconds, most_memory = (5, 256) if millions == 1 else (4.5 * millions, 1024)
        bars.at_most(f"9   {millions} M lines, DuckDB: seconds", seconds, most_seconds)
        bars.at_most(f"9   {millions} M lines, DuckDB: MiB", mebibytes, most_memory)


def _write(path: Path, large: Path, times: int) -> None:
    lines = [line for block in text_blocks(path) for line in block if line]
    start = re.compile(r"10\.\d+")
    with large.open("w", encoding="utf-8") as file:
        for number in range(times):
            file.writelines(
                f"{start.sub(f'{10 + number // 250}.{number % 250}', line, count=1)}\n" for line in lines
            )


def _measured(large: Path, engine: str, table: Path) -> tuple[float, float]:
    """Return the seconds of processor time and the most memory of a process that reads a log."""
    child = subprocess.Popen([sys.executable, "-c", MEASURED, str(large), engine, str(table)])
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{engine} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
