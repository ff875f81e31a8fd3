"""A model does not unlearn itself: trained, served, and trained again on what the edge logged."""

from __future__ import annotations

import random

from prefetchrouter.navigation.counts import Counts, count_visits, merge_counts
from prefetchrouter.navigation.held_out import Replay
from prefetchrouter.navigation.learned_site import PlainSite
from prefetchrouter.navigation.learning import learn_visits
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.traffic import Traffic, View
from prefetchrouter.navigation.transitions import Transitions
from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.own_log import as_logged
from prefetchrouter.simulation.policies import NOTHING, POINTED_AT, learned


def made_visits(count: int, seed: int) -> list[Visit]:
    """Visitors of a shop with a few favourites for each of its pages."""
    chance = random.Random(seed)
    found = []
    for who in range(count):
        page, views = f"/{chance.randrange(6)}", []
        for step in range(chance.randint(2, 7)):
            views.append(View(who, 1000 * who + step, 10 * who + step, page, 100))
            favourite = (int(page[1:]) * 7 + chance.choice((1, 1, 1, 2, 2, 3))) % 40
            page = f"/{favourite if chance.random() < 0.7 else chance.randrange(40)}"
        found.append(Visit(who, tuple(views)))
    return found


def recall(counts: Counts, test: list[Visit]) -> float:
    point = Replay([visit.pages for visit in test], Transitions(counts).after).at_cost(1.0)
    assert point is not None
    return point.recall


def test_with_earlier_counts_it_loses_at_most_a_point() -> None:
    before, browsed, test = made_visits(1200, 1), made_visits(900, 2), made_visits(900, 3)
    model = learn_visits(before, Traffic(), PlainSite(), LearnSettings(order=1)).navigation
    own = as_logged(browsed, learned(model, 0.05, most=3))
    assert sum(len(visit.views) for visit in own) < sum(len(visit.views) for visit in browsed)
    earlier = count_visits(before, by_referer=False)
    full, repaired = count_visits(browsed, by_referer=False), count_visits(own)
    unrepaired = count_visits(own, by_referer=False)
    merged = recall(merge_counts([earlier, repaired]), test)
    assert merged >= recall(merge_counts([earlier, full]), test) - 0.01
    # What is cured: by its own log alone it forgets, and more so without Referer.
    assert recall(unrepaired, test) < recall(repaired, test) < merged


def test_without_prefetches_the_log_has_all_views() -> None:
    visits = made_visits(20, 4)
    assert [visit.pages for visit in as_logged(visits, NOTHING)] == [visit.pages for visit in visits]


def test_a_view_names_the_page_before_it() -> None:
    visit = Visit(0, tuple(View(0, n, n, page, 9) for n, page in enumerate(["/", "/a", "/", "/b"])))
    [logged] = as_logged([visit], POINTED_AT)
    assert [(view.page, view.source) for view in logged.views] == [("/", None), ("/", "/a")]
