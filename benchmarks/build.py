"""Builds 100, 1,000 and 10,000 rules, each as a whole process: time, peak memory, time per rule.

The peer is the published JavaScript router with its schema check, which cannot be installed beside an
open project; its figure for 10,000 rules on two cores is about 1.0 s and 142 MiB, start-up included.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER_SECONDS, PEER_MIB = 1.0, 142.0
RUNS = 5

ROUTES = """\
from prefetchrouter import Router

router = Router()
for i in range({count}):
    router.match(
        f"/s{{i}}/:category/:id",
        caching={{"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"}},
        headers={{"set_response_headers": {{"x-shop": f"s{{i}}"}}}},
        origin={{"set_origin": "web"}},
    )
"""


def measured(command: list[str]) -> tuple[float, float, float]:
    """Return seconds, CPU seconds and peak MiB of a command as a whole process: medians of several runs."""
    seconds, cpu, mib = [], [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        if status:
            raise SystemExit(f"{command} failed")
        cpu.append(usage.ru_utime + usage.ru_stime)
        mib.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), statistics.median(cpu), statistics.median(mib)


def main() -> None:
    """Print the figures."""
    bare, *_ = measured([sys.executable, "-c", "pass"])
    helped, *_ = measured([sys.executable, "-m", "prefetchrouter", "--help"])
    print(f"bare interpreter {bare * 1000:.0f} ms, --help {(helped - bare) * 1000:.0f} ms more")
    print(f"{'rules':>7} {'seconds':>8} {'CPU s':>7} {'peak MiB':>9} {'us a rule':>10}")
    seconds = mib = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for count in (100, 1_000, 10_000):
            routes = Path(folder, f"routes_{count}.py")
            routes.write_text(ROUTES.format(count=count), encoding="utf-8")
            seconds, cpu, mib = measured(
                [sys.executable, "-m", "prefetchrouter", "build", str(routes), "--out", folder]
            )
            print(f"{count:>7,} {seconds:>8.2f} {cpu:>7.2f} {mib:>9.0f} {seconds / count * 1e6:>10.0f}")
    ratios = f"{seconds / PEER_SECONDS:.2f} of its time, {mib / PEER_MIB:.2f} of its memory"
    print(f"10,000 rules against the peer: {ratios}")


if __name__ == "__main__":
    main()
