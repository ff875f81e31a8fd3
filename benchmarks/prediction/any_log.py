"""The bars that hold for every log, whatever its site: those of a model that was not tuned for it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.prediction import sizes
from benchmarks.prediction.bars import Bars
from prefetchrouter.navigation.counts import count_visits
from prefetchrouter.navigation.held_out import Replay, calibration_error
from prefetchrouter.navigation.learned_site import PlainSite
from prefetchrouter.navigation.learning import learn_visits
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.reading import Engine, read_traffic
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.transitions import Transitions
from prefetchrouter.navigation.visits import Visit, visits_of

TRAINED = 0.7
LEAST_CLICKS = 1000
"""With fewer clicks to test on, chance decides about order and budget."""


def run(path: Path, bars: Bars) -> None:
    """Learn from the first visits of a log, and try the model on the rest."""
    visits = _same_with_each_reader(path, bars)
    cut = int(TRAINED * len(visits))
    train, test = visits[:cut], [visit.pages for visit in visits[cut:]]
    models = {order: Transitions(count_visits(train, by_referer=False), order) for order in (1, 2)}
    replays = {order: Replay(test, model.after) for order, model in models.items()}
    clicks = replays[1].clicks
    print(f"        {path.name}: {len(visits):,} visits, {clicks:,} clicks to test on")
    settings = LearnSettings(by_referer=False)
    navigation = learn_visits(list(train), Traffic(), PlainSite(), settings).navigation
    chosen = navigation.order
    sizes.compare(path.name, models[chosen], bars)
    if clicks < LEAST_CLICKS:
        print(f"        too few clicks for the other bars, which want {LEAST_CLICKS:,}")
        return
    for cost in (0.25, 1.0):
        recalls = {
            order: point.recall for order, replay in replays.items() if (point := replay.at_cost(cost))
        }
        if recalls:
            lost = max(recalls.values()) - recalls.get(chosen, 0.0)
            bars.at_most(f"3   {path.name}, order {chosen}: recall lost at {cost:g} a view", lost, 0.015)
    error = calibration_error(test, models[chosen].after)
    bars.at_most(f"4   {path.name}: calibration error", error, 0.025)
    made = replays[chosen].at(navigation.threshold).per_view
    bars.at_most(f"7   {path.name}: budget 1 gives {made:.2f}, off by", abs(made - 1), 0.40)


def _same_with_each_reader(path: Path, bars: Bars) -> list[Visit]:
    """Return the visits of a log, which plain Python and DuckDB have to count alike."""
    found = {engine: read_traffic([path], engine=engine) for engine in _ENGINES}
    visits = {engine: visits_of(traffic) for engine, traffic in found.items()}
    counts = [count_visits(made) for made in visits.values()]
    is_same = counts[0] == counts[1] and found["python"].dropped == found["duckdb"].dropped
    bars.exact(f"9   {path.name}: the same counts with and without DuckDB", is_same, True)
    return visits["python"]


_ENGINES: tuple[Engine, Engine] = ("python", "duckdb")
