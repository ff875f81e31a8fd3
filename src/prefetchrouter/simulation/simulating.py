"""Yesterday's traffic under rules, a model and an edge: `simulate`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from prefetchrouter.navigation import Navigation
from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.page_facts import SiteFacts
from prefetchrouter.simulation.policies import NOTHING, POINTED_AT, Policy, every_link, learned
from prefetchrouter.simulation.replay import Outcome, last_stored, page_sizes, replay

TRAINED_SHARE: Final = 0.7
"""The share of the visits that come before those that are replayed: they fill the edge's cache, and a model
that is not given is learned from them."""

THRESHOLDS: Final = (0.5, 0.35, 0.25, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005)
"""The scores at which the frontier is drawn."""

MOST_RULES: Final = 5
TRIED_RULES: Final = 12
LENGTHENED: Final = 2.0
"""By what the lifetime of a rule is multiplied to see what it would bring."""


@dataclass(frozen=True)
class PolicyOutcome:
    """One policy and its outcome."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Gain:
    """What a longer lifetime of one line would bring.

    Args:
        line: The line.
        more_instant: How many more clicks would be instant.
        fewer_origin_requests: How many requests less would reach the origin.
    """

    line: str
    more_instant: int
    fewer_origin_requests: int


@dataclass(frozen=True)
class FrontierPoint:
    """One point of the frontier.

    Args:
        threshold: The least score that is prefetched.
        per_view: Prefetches a view.
        instant_share: The share of clicks that are instant.
    """

    threshold: float
    per_view: float
    instant_share: float


@dataclass(frozen=True)
class Simulation:
    """What a log would have been like.

    Args:
        visits: How many visits were replayed.
        rows: The outcome of each policy, the proposal last.
        gains: The rules whose longer lifetime would bring most.
        frontier: What other budgets would bring.
        today: The row of what the browser script does without a model.
        proposal: The row of what was learned.
    """

    visits: int
    rows: tuple[PolicyOutcome, ...]
    gains: tuple[Gain, ...]
    frontier: tuple[FrontierPoint, ...]
    today: PolicyOutcome
    proposal: PolicyOutcome


def split(visits: Sequence[Visit]) -> tuple[Sequence[Visit], Sequence[Visit]]:
    """Return the visits that come first, and those to replay; all to replay where there are few."""
    cut = int(TRAINED_SHARE * len(visits))
    return visits[:cut], visits[cut:]


def simulate(
    earlier: Sequence[Visit], visits: Sequence[Visit], site: SiteFacts, navigation: Navigation
) -> Simulation:
    """Return what visits would have been like without prefetching, with all links, and with a model.

    Args:
        earlier: The visits before: they say which links pages have, and fill the edge's cache.
        visits: The visits to replay.
        site: What the rules say.
        navigation: What was learned.

    Source: ``docs/simulate.md``.
    """
    run = _Run(earlier, visits)
    links = every_link([visit.pages for visit in earlier])
    proposal = learned(navigation)
    longer = _all_longer(site, run, proposal)
    today = PolicyOutcome("every visible link, 30 a page (today)", run.outcome(site, links))
    chosen = PolicyOutcome("learned", run.outcome(site, proposal))
    rows = (
        PolicyOutcome("no prefetch", run.outcome(site, NOTHING)),
        PolicyOutcome("what visitors point at, at least", run.outcome(site, POINTED_AT)),
        today,
        chosen,
        PolicyOutcome("learned, max_age doubled", longer),
    )
    return Simulation(
        len(visits),
        rows,
        tuple(_gains(site, run, proposal, chosen.outcome)),
        tuple(_frontier(site, run, navigation)),
        today,
        chosen,
    )


class _Run:
    """Replays the same visits again and again."""

    def __init__(self, earlier: Sequence[Visit], visits: Sequence[Visit]) -> None:
        self._visits = visits
        start = min((visit.views[0].time for visit in visits), default=0.0)
        self._stored = last_stored(earlier, start)
        self._sizes = page_sizes([*earlier, *visits])

    def outcome(self, site: SiteFacts, policy: Policy) -> Outcome:
        return replay(self._visits, site.of, policy, self._sizes, stored=self._stored)

    def lines(self, site: SiteFacts) -> list[str]:
        """Return the lines that give lifetimes to the most viewed pages, the most viewed first."""
        asked = self.outcome(site, NOTHING).asked
        return [line for line, _ in asked.most_common() if line is not None][:TRIED_RULES]


def _all_longer(site: SiteFacts, run: _Run, policy: Policy) -> Outcome:
    return run.outcome(site.lengthened(LENGTHENED), policy)


def _gains(site: SiteFacts, run: _Run, policy: Policy, before: Outcome) -> Iterable[Gain]:
    found = []
    for line in run.lines(site):
        after = run.outcome(site.lengthened(LENGTHENED, line), policy)
        gain = Gain(line, after.instant - before.instant, before.origin_requests - after.origin_requests)
        if gain.more_instant > 0 or gain.fewer_origin_requests > 0:
            found.append(gain)
    found.sort(key=lambda gain: (-gain.more_instant, -gain.fewer_origin_requests, gain.line))
    return found[:MOST_RULES]


def _frontier(site: SiteFacts, run: _Run, navigation: Navigation) -> Iterable[FrontierPoint]:
    for threshold in THRESHOLDS:
        outcome = run.outcome(site, learned(navigation, threshold))
        yield FrontierPoint(threshold, outcome.per_view, outcome.instant_share)
