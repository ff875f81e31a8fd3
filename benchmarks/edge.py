"""``python -m benchmarks.edge``: cached pages a second from `serve`, beside its server library's hello world.

All servers are there at the same time and are asked in turn, again and again, over 32 connections; ratios are
medians over these rounds. The hello world is uvicorn's, with httptools and uvloop: what the edge runs on.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from shutil import which

from benchmarks.serving.processes import (
    Server,
    ask,
    free_port,
    load,
    running,
    serve,
    serve_command,
    uvicorn,
)

ROUNDS, SECONDS, LEAST_RATIO = 7, 1, 0.5


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

    def against(self, peer: Row) -> float:
        """Return how often as fast as a peer it is."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rates, peer.rates, strict=True))

    def line(self, peer: Row) -> str:
        """Return the figures as a line of the table."""
        of = statistics.median
        return (
            f"{self.name:<34} {of(self.rates):>10,.0f} {f'x {self.against(peer):.2f}':>8}"
            f" {of(self.costs):>9.1f} µs {of(self.halves):>8.2f} ms {of(self.slowest):>8.2f} ms"
        )


def hits(stack: ExitStack, folder: Path, origin: Server) -> bool:
    """Print the table; return whether cached pages come as fast as promised."""
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
    print(f"{'cached page':<34} {'a second':>10} {'':>8} {'processor':>12} {'50%':>11} {'99%':>11}")
    for row in rows:
        print(row.line(rows[0]))
    return all(row.against(rows[0]) >= LEAST_RATIO for row in rows[1:3])


def start_seconds(folder: Path, origin: Server) -> float:
    """Return how long it takes from the command to the first answer."""
    times = []
    for _ in range(5):
        port, began = free_port(), time.perf_counter()
        with running(serve_command(port, origin.port, "--quiet"), port, folder=folder) as server:
            server.get("/s9/shoes/1")
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    """Print the figures; fail when cached pages come too slowly."""
    generator = "wrk" if which("wrk") else "our own generator, which may be what limits"
    print(f"Python {platform.python_version()}, {platform.machine()}; asked by {generator}")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        origin = stack.enter_context(uvicorn("origin"))
        good = hits(stack, folder, origin)
        place = folder / "10-rules"
        missing = [
            ask(row.port, "/s9/shoes/x{n}", seconds=2.0)["a_second"]
            for row in [stack.enter_context(serve(place, 10, origin.port, "--quiet"))]
            for _ in range(3)
        ]
        print(f"\nmisses, each with a request to the origin: {statistics.median(missing):,.0f} a second")
        print(f"from the command to the first answer: {start_seconds(place, origin):.2f} s")
    if not good:
        sys.exit(f"below {LEAST_RATIO} of the hello world")


if __name__ == "__main__":
    main()
