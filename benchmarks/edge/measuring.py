"""Servers measured in turn, round after round, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.serving.processes import Server, ask


@dataclass(frozen=True)
class Workload:
    """What is asked of a server.

    Args:
        name: For the table.
        target: Path and query; ``{n}`` in it stands for a number that goes up and never comes again.
        requests: How many there are in one round.
        status: The status that each answer has to have.
        browser: Whether the requests have the headers that a browser sends.
    """

    name: str
    target: str
    requests: int
    status: int = 200
    browser: bool = False


@dataclass
class Measured:
    """One server under one workload, and its figures of each round."""

    server: Server
    load: Workload
    microseconds: list[float] = field(default_factory=list)
    """Processor time of the server for one request, the system's part included."""
    rates: list[float] = field(default_factory=list)
    """Requests in a second."""

    def measure(self, number: int) -> None:
        """Add the figures of one round.

        Args:
            number: Which it is: rounds ask for different URLs.
        """
        before = self.server.cpu_seconds
        told = ask(
            self.server.port, self.load.target, requests=self.load.requests,
            first=number * self.load.requests, browser=int(self.load.browser),
        )  # fmt: skip
        spent = self.server.cpu_seconds - before
        if told["statuses"] != {str(self.load.status): self.load.requests}:
            raise SystemExit(f"{self.load.name}: the answers are {told['statuses']}")
        self.microseconds.append(spent / self.load.requests * 1e6)
        self.rates.append(told["a_second"])


def in_turn(measured: Sequence[Measured], rounds: int) -> None:
    """Measure servers in turn; the first round warms them up and does not count."""
    for number in range(rounds + 1):
        for one in measured:
            one.measure(number)
    for one in measured:
        del one.microseconds[0], one.rates[0]


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the ratio of two medians over the same rounds: what a reader of both columns computes."""
    return statistics.median(one) / statistics.median(other)
