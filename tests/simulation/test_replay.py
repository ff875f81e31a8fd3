"""What a replay counts, step by step."""

from __future__ import annotations

import pytest

from prefetchrouter.navigation import Link, Navigation
from prefetchrouter.navigation.traffic import View
from prefetchrouter.navigation.visits import Visit
from prefetchrouter.simulation.page_facts import NOT_STORED, PageFacts
from prefetchrouter.simulation.policies import NOTHING, POINTED_AT, Policy, every_link, learned
from prefetchrouter.simulation.replay import Outcome, last_stored, page_sizes, replay

HOUR = PageFacts(3600, 300, True, "routes.py:3")
BOTH = Policy(lambda pages, following: ["/a", "/b"])


def visit(*views: tuple[float, str], visitor: int = 0, size: int = 100) -> Visit:
    return Visit(visitor, tuple(View(visitor, time, int(time), page, size) for time, page in views))


def run(*visits: Visit, policy: Policy = BOTH, stored: dict[str, float] | None = None) -> Outcome:
    return replay(visits, lambda page: HOUR, policy, page_sizes(visits), stored=stored)


def test_a_prefetch_of_what_the_edge_lacks_is_refused_and_asks_no_origin() -> None:
    found = run(visit((0, "/")))
    assert (found.prefetches, found.refused, found.origin_requests) == (2, 2, 1)


def test_a_stored_page_makes_the_click_instant_and_leaves_the_edge_alone() -> None:
    found = run(visit((0, "/"), (60, "/a")), stored={"/a": -100})
    assert (found.clicks, found.instant, found.origin_requests) == (1, 1, 1)
    assert found.oldest_seconds == 160


def test_a_prefetch_that_is_too_old_for_browsers_is_not_used() -> None:
    found = run(visit((0, "/"), (301, "/a")), stored={"/a": 0})
    assert (found.instant, found.asked["routes.py:3"], found.hits["routes.py:3"]) == (0, 2, 1)


def test_a_copy_older_than_its_lifetime_is_refused_and_fetched_anew() -> None:
    found = run(visit((3601, "/"), (3700, "/a")), stored={"/a": 0}, policy=Policy(lambda *_: ["/a"]))
    assert (found.refused, found.instant, found.origin_requests) == (1, 0, 2)


def test_one_visitor_fills_the_cache_for_the_next() -> None:
    first, second = visit((0, "/a")), visit((10, "/"), (20, "/a"), visitor=1)
    assert run(first, second, policy=Policy(lambda *_: ["/a"])).instant == 1


def test_a_page_that_was_seen_is_not_a_click_and_is_not_prefetched() -> None:
    found = run(visit((0, "/a"), (10, "/"), (20, "/a")), stored={"/a": 0}, policy=Policy(lambda *_: ["/a"]))
    assert (found.clicks, found.prefetches) == (1, 0)


def test_what_rules_do_not_make_prefetchable_is_not_prefetched() -> None:
    found = replay([visit((0, "/"))], lambda page: NOT_STORED, BOTH, {})
    assert (found.prefetches, found.origin_requests) == (0, 1)


def test_bytes_of_prefetches_are_counted_once_for_each() -> None:
    pages = [visit((0, "/")), visit((1, "/a"), visitor=1)]
    found = run(*pages, stored={"/a": 0, "/b": 0}, policy=Policy(lambda *_: ["/a"]))
    assert (found.bytes_viewed, found.bytes_prefetched, found.extra_bytes) == (200, 100, 0.5)


def test_pointing_prefetches_only_what_is_clicked() -> None:
    found = run(visit((0, "/"), (60, "/a")), stored={"/a": 0, "/b": 0}, policy=POINTED_AT)
    assert (found.prefetches, found.instant, found.used_share) == (1, 1, 1.0)


def test_no_policy_changes_how_many_views_and_clicks_there_are() -> None:
    visits = [visit((0, "/"), (5, "/a"), (9, "/b")), visit((3, "/a"), (8, "/"), visitor=1)]
    for policy in (NOTHING, POINTED_AT, BOTH, every_link([("/", "/a")])):
        found = run(*visits, policy=policy)
        assert (found.views, found.clicks) == (5, 3)
        assert found.origin_requests <= found.views


@pytest.mark.parametrize(("threshold", "wanted"), [(0.5, ["/a"]), (0.05, ["/a", "/b"]), (0.9, [])])
def test_learned_pages_are_cut_by_their_score(threshold: float, wanted: list[str]) -> None:
    navigation = Navigation(links={"/": (Link("/a", 0.6, 9), Link("/b", 0.1, 4))})
    assert learned(navigation, threshold).choose(["/"], None) == wanted


def test_what_is_stored_at_the_start_was_viewed_before() -> None:
    assert last_stored([visit((0, "/"), (50, "/a"), (99, "/"))], until=60) == {"/": 0, "/a": 50}


def test_a_page_without_a_size_has_the_usual_one() -> None:
    assert page_sizes([visit((0, "/")), visit((0, "/a"), size=0), visit((0, "/b"), size=300)])["/a"] == 200
