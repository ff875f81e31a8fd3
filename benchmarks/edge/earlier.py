"""The edge of today against that of an earlier commit: processor time for one request, in the same run."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from pathlib import Path

from benchmarks.earlier import COMMIT, installed
from benchmarks.edge.measuring import Measured, Workload, in_turn, ratio
from benchmarks.serving.processes import lean_origin, serve

ROUNDS = 7
FEW, MANY = 10, 1_000

MISS = "/s9/shoes/x{n}"
LOADS = (
    (FEW, Workload("hit, 10 rules", "/s9/shoes/7", 12_000), 1.1),
    (MANY, Workload("hit, 1,000 rules", "/s999/shoes/7", 12_000), 1.1),
    (FEW, Workload("miss, 10 rules", MISS, 1_500), 0.5),
    (FEW, Workload("miss, 10 rules, a browser's headers", MISS.replace("x", "y"), 1_500, browser=True), 0.5),
    (MANY, Workload("miss, 1,000 rules", "/s999/shoes/x{n}", 1_500), 0.5),
    (FEW, Workload("pass", "/pass/{n}", 1_500), 1.0),
    (FEW, Workload("refused prefetch", "/s9/shoes/z{n}?edgio_prefetch=1", 8_000, status=412), 1.1),
)
"""The number of rules, the requests, and the most that they may cost, as a share of the earlier cost."""


def compare(folder: Path) -> bool:
    """Print the table; return whether nothing costs more than it may."""
    then = installed(folder / "then")
    good = True
    with ExitStack() as stack:
        origin = stack.enter_context(lean_origin())
        servers = {}
        for count in (FEW, MANY):
            for which in (then, None):
                place = folder / f"{count}-{'now' if which is None else 'then'}"
                place.mkdir()
                servers[count, which] = stack.enter_context(
                    serve(place, count, origin.port, "--quiet", installed=which)
                )
        print(f"\n{'processor time for one request':<38} {COMMIT:>10} {'now':>10} {'':>8} {'at most':>8}")
        for count, load, most in LOADS:
            before, now = Measured(servers[count, then], load), Measured(servers[count, None], load)
            in_turn((before, now), ROUNDS)
            found = ratio(now.microseconds, before.microseconds)
            good &= found <= most
            of = statistics.median
            print(
                f"{load.name:<38} {of(before.microseconds):>7.0f} µs {of(now.microseconds):>7.0f} µs"
                f" {f'x {found:.2f}':>8} {f'x {most:.2f}':>8}",
                flush=True,
            )
    return good
