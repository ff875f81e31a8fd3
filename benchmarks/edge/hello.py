"""Cached pages from `serve`, beside the hello world of its server library: uvicorn with httptools and uvloop.

All servers run at the same time and are asked in turn, again and again, over 32 connections; figures are
medians over these rounds. Only processor time is judged: how many requests a second there are depends on how
many cores are free for the server and its client, and differs from machine to machine.
"""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from shutil import which

from benchmarks.edge.measuring import ratio
from benchmarks.serving.processes import (
    Server,
    free_port,
    load,
    running,
    serve,
    serve_command,
    uvicorn,
)

ROUNDS, SECONDS = 7, 1
MOST = 3.0
"""How many times the processor time of the hello world a cached page may take."""


class Row:
    """One server, and its figures of each round."""

    def __init__(self, name: str, server: Server, target: str) -> None:
        self.name = name
        self.server = server
        self.target = target
        self.rates: list[float] = []
        self.halves: list[float] = []
        self.slowest: list[float] = []
        self.costs: list[float] = []

    def measure(self) -> None:
        """Add the figures of one round."""
        before = self.server.cpu_seconds
        rate, half, slow = load(self.server.port, self.target, SECONDS)
        self.rates.append(rate)
        self.halves.append(half)
        self.slowest.append(slow)
        self.costs.append((self.server.cpu_seconds - before) / (rate * SECONDS) * 1e6)

    def line(self, peer: Row) -> str:
        """Return the figures as a line of the table."""
        of = statistics.median
        return (
            f"{self.name:<34} {of(self.costs):>9.1f} µs {f'x {ratio(self.costs, peer.costs):.2f}':>8}"
            f" {of(self.rates):>10,.0f} {f'x {ratio(self.rates, peer.rates):.2f}':>8}"
            f" {of(self.halves):>8.2f} ms {of(self.slowest):>8.2f} ms"
        )


def hits(stack: ExitStack, folder: Path, origin: Server) -> bool:
    """Print the table; return whether cached pages are as cheap as promised."""
    rows = [Row("uvicorn, hello world", stack.enter_context(uvicorn("hello")), "/")]
    for count, options, name in (
        (10, ("--quiet",), "10 rules"),
        (1_000, ("--quiet",), "1,000 rules"),
        (10, (), "10 rules, lines printed to a pipe"),
    ):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        server = stack.enter_context(serve(place, count, origin.port, *options))
        rows.append(Row(f"serve, {name}", server, f"/s{count - 1}/shoes/7"))
        server.get(rows[-1].target)
    for row in rows:
        load(row.server.port, row.target, SECONDS)
    for _ in range(ROUNDS):
        for row in rows:
            row.measure()
    print(f"\n{'cached page':<34} {'processor':>12} {'':>8} {'a second':>10} {'':>8} {'50%':>11} {'99%':>11}")
    for row in rows:
        print(row.line(rows[0]), flush=True)
    return all(ratio(row.costs, rows[0].costs) <= MOST for row in rows[1:3])


def start_seconds(folder: Path, origin: Server) -> float:
    """Return how long it takes from the command to the first answer."""
    times = []
    for _ in range(5):
        port, began = free_port(), time.perf_counter()
        with running(serve_command(port, origin.port, "--quiet"), port, folder=folder) as server:
            server.get("/s9/shoes/1")
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def compare(folder: Path) -> bool:
    """Print the figures; return whether cached pages are as cheap as promised."""
    generator = "wrk" if which("wrk") else "our own generator, which may be what limits requests a second"
    print(f"\ncached pages, asked for by {generator}")
    with ExitStack() as stack:
        origin = stack.enter_context(uvicorn("origin"))
        good = hits(stack, folder, origin)
        print(f"from the command to the first answer: {start_seconds(folder / '10-rules', origin):.2f} s")
    return good
