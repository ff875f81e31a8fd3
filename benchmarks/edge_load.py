"""``python -m benchmarks.edge_load``: what an origin gets of a crowd, and what memory a small cache takes.

The counts are the origin's own. They fail the run when one request too many gets there.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.serving.apps import BODY, COUNT_PATH, LARGE
from benchmarks.serving.processes import Server, ask, serve, uvicorn

CROWD, PREFETCHES, PAGES, CACHE_MIB = 1_000, 100_000, 10_000, 64
MOST_MIB = 4 * CACHE_MIB
"""What all of the process may take: Python and the rules, and room that is lost between copies."""


class Origin:
    """The origin, and how many requests it got."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.port = server.port

    @property
    def asked(self) -> int:
        return int(self.server.get(COUNT_PATH))


def check(what: str, good: bool) -> None:
    """Fail when something is not as promised."""
    if not good:
        sys.exit(f"not as promised: {what}")


def crowd(edge: Server, origin: Origin) -> None:
    """A thousand connections ask for the same page, which the cache does not hold, before it is there."""
    before = origin.asked
    told = ask(edge.port, "/slow/1", connections=CROWD, requests=CROWD)
    asked = origin.asked - before
    whole = told["statuses"] == {"200": CROWD} and told["sizes"] == {str(len(BODY)): CROWD}
    print(f"{CROWD:,} misses of one URL at once: {asked} request to the origin, {told['seconds']:.1f} s")
    check("one request to the origin, all answers whole", asked == 1 and whole)


def prefetches(edge: Server, origin: Origin) -> None:
    """Prefetches of pages that the cache does not hold, each another one."""
    before = origin.asked
    told = ask(edge.port, "/s9/shoes/{n}?edgio_prefetch=1", requests=PREFETCHES)
    asked = origin.asked - before
    print(
        f"{PREFETCHES:,} prefetches of uncached URLs: {asked} requests to the origin, "
        f"{told['seconds']:.1f} s, {told['a_second']:,.0f} a second, {told['p99'] * 1000:.1f} ms for 99%"
    )
    check("no request to the origin, 412 for all", asked == 0 and told["statuses"] == {"412": PREFETCHES})


def memory(edge: Server, origin: Origin) -> None:
    """More pages than the cache can hold, again and again."""
    mib = [edge.mib]
    told: dict[str, Any] = {}
    for _ in range(3):
        told = ask(edge.port, "/large/{n}", connections=8, requests=PAGES)
        mib.append(edge.mib)
    size = PAGES * len(LARGE) / 2**20
    print(
        f"{PAGES:,} URLs of 100 kB ({size:,.0f} MiB) through a cache of {CACHE_MIB} MiB, three times over:\n"
        f"{told['a_second']:,.0f} misses a second; the process takes {mib[0]:.0f} MiB before, "
        f"then {', '.join(f'{found:.0f}' for found in mib[1:])} MiB"
    )
    check(f"at most {MOST_MIB} MiB", max(mib) <= MOST_MIB)
    check("all answers whole", told["sizes"] == {str(len(LARGE)): PAGES})


def main() -> None:
    """Print the figures; fail when one is not as promised."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        origin = Origin(stack.enter_context(uvicorn("origin")))
        size = f"{CACHE_MIB}MiB"
        edge = stack.enter_context(serve(Path(name), 10, origin.port, "--quiet", "--cache-size", size))
        for measure in (crowd, prefetches, memory):
            measure(edge, origin)


if __name__ == "__main__":
    main()
