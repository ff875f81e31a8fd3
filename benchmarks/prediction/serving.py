"""The bars of a model that is used: behind an edge, and when it learns from its own log."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.prediction.bars import Bars
from benchmarks.prediction.logs import Logs
from prefetchrouter.navigation import Navigation
from prefetchrouter.navigation.counts import Counts, count_visits, merge_counts
from prefetchrouter.navigation.held_out import Replay
from prefetchrouter.navigation.learned_site import PlainSite
from prefetchrouter.navigation.learning import learn_visits
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.transitions import Transitions
from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.own_log import as_logged
from prefetchrouter.simulation.page_facts import PageFacts
from prefetchrouter.simulation.policies import learned
from prefetchrouter.simulation.replay import last_stored, page_sizes, replay

HOUR = PageFacts(3600, 3600, True, None)
FIRST_SHOP = 6_000


def run(logs: Logs, bars: Bars) -> None:
    behind_an_edge(logs, bars)
    for name in ("NASA", "shop"):
        from_its_own_log(name, logs, bars)


def navigation_of(visits: Sequence[Visit]) -> Navigation:
    return learn_visits(list(visits), Traffic(), PlainSite(), LearnSettings(order=1)).navigation


def behind_an_edge(logs: Logs, bars: Bars) -> None:
    train, test = logs.split("NASA")
    start = min(visit.views[0].time for visit in test)
    found = replay(
        test,
        lambda page: HOUR,
        learned(navigation_of(train), 0.05, most=3),
        page_sizes([*train, *test]),
        stored=last_stored(train, start),
    )
    bars.at_least("6   NASA, an hour: instant", found.instant_share, 0.28)
    bars.at_most("6   NASA: prefetches a view", found.per_view, 1.3)
    bars.at_most("6   NASA: refused", found.refused_share or 0.0, 0.14)
    bars.at_least("6   NASA: used", found.used_share or 0.0, 0.145)


def from_its_own_log(name: str, logs: Logs, bars: Bars) -> None:
    visits = logs.visits(name)
    first, last = int(0.4 * len(visits)), int(0.7 * len(visits))
    before, browsed = visits[:first], visits[first:last]
    test = [visit.pages for visit in visits[last:]][: FIRST_SHOP if name == "shop" else None]
    own = as_logged(browsed, learned(navigation_of(before), 0.05, most=3))
    earlier, full = counted(before), counted(browsed)
    repaired = count_visits(own)
    alone = recall(full, test) - recall(repaired, test)
    merged = recall(joined(earlier, full), test) - recall(joined(earlier, repaired), test)
    bars.at_most(f"11  {name}: loss with its own log alone, repaired", alone, 0.07)
    bars.at_most(f"11  {name}: loss with earlier counts", merged, 0.01)


def counted(visits: Sequence[Visit]) -> Counts:
    return count_visits(visits, by_referer=False)


def joined(*parts: Counts) -> Counts:
    return merge_counts(list(parts))


def recall(counts: Counts, test: Sequence[Sequence[str]]) -> float:
    """Return the recall at one prefetch a view, at the end of the table where that ends before."""
    replayed = Replay(test, Transitions(counts).after)
    point = replayed.at_cost(1.0) or replayed.at(0.005)
    return point.recall
