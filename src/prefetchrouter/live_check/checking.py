"""`check`: sends the probes to a live edge, and gathers in what it does not respond as the rules say."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.live_check.differences import LiveDifference, page_differences, prefetch_differences
from prefetchrouter.live_check.live_client import LiveResponse
from prefetchrouter.live_check.live_site import LiveSite
from prefetchrouter.live_check.probes import Probe, Unchecked, probes, unchecked
from prefetchrouter.rules.rule_set import RuleSet

Send: TypeAlias = Callable[[Request], LiveResponse | str]

MOST_REQUESTS = 200
"""How many requests a check sends, unless more are allowed."""


@dataclass(frozen=True, slots=True)
class LiveReport:
    """What a check found.

    Args:
        site: The edge.
        requests: How many requests were sent.
        prefetches: How many of them were prefetches of what is not stored.
        left_out: How many were not sent, since there were too many.
        differences: Where the edge does not respond as the rules say.
        unchecked: The rules about which the check says nothing, with the reasons.
        checked: How many features objects of the rules took part in a comparison.
    """

    site: LiveSite
    requests: int
    prefetches: int
    left_out: int
    differences: tuple[LiveDifference, ...]
    unchecked: tuple[Unchecked, ...]
    checked: int

    def __bool__(self) -> bool:
        """Return whether there are differences."""
        return bool(self.differences)


def check(
    rules: RuleSet,
    site: LiveSite,
    send: Send,
    *,
    paths: Iterable[str] = (),
    most: int = MOST_REQUESTS,
    token: str | None = None,
) -> LiveReport:
    """Send requests to a live edge and return in what its responses differ from the rules.

    All of them are GET or HEAD. Some are prefetches of URLs that nothing is stored for: an edge that guards
    its origin refuses them, and one that does not forwards them.

    Args:
        rules: The rules.
        site: The edge.
        send: Sends a request; returns the response, or why there is none.
        paths: Further paths to request, such as those of pages that exist.
        most: The largest number of requests.
        token: The text that makes these URLs new; by default a random one.

    Raises:
        LiveEdgeError: The edge cannot be checked.
    """
    evaluator = Evaluator(rules)
    every = probes(rules, site, paths, token=secrets.token_hex(6) if token is None else token)
    chosen = list(islice(every, most))
    differences: list[LiveDifference] = []
    decisions: list[Decision] = []
    for probe in chosen:
        response = send(probe.request)
        if isinstance(response, str):
            differences.append(LiveDifference(probe.request, "response", "a response", response))
            continue
        found, decision = _compared(evaluator, probe, response, site)
        differences += found
        if not decision.depends_on:
            decisions.append(decision)
    nothing = tuple(unchecked(rules, site, decisions))
    prefetches = sum(probe.kind != "page" for probe in chosen)
    places = {id(found.rule) for decision in decisions for found in decision.rules}
    return LiveReport(
        site, len(chosen), prefetches, sum(1 for _ in every), tuple(differences), nothing, len(places)
    )


def _compared(
    evaluator: Evaluator, probe: Probe, response: LiveResponse, site: LiveSite
) -> tuple[list[LiveDifference], Decision]:
    if probe.kind == "page":
        return page_differences(evaluator, probe.decision, response, site)
    return list(prefetch_differences(probe.kind, probe.decision, response, site)), probe.decision
