"""The model's formulas, on counts small enough to compute by hand."""

from __future__ import annotations

import pytest

from prefetchrouter.navigation.counts import Counts, Tally, merge_counts, merge_tallies
from prefetchrouter.navigation.held_out import Replay, calibration_error
from prefetchrouter.navigation.patterns import Bound
from prefetchrouter.navigation.transitions import Link, Transitions

PAGES = {"/": Tally(95, 60), "/a": Tally(40, 30), "/b": Tally(10, 9), "/rare": Tally(9, 2)}
STEPS = {
    ("/", "/a"): Tally(30, 25),
    ("/", "/b"): Tally(10, 9),
    ("/", "/rare"): Tally(9, 9),
    ("/a", "/b"): Tally(2, 2),
    ("/a", "/"): Tally(9, 9),
}


class OnePattern:
    """Pages below /m have one pattern."""

    def of(self, page: str) -> Bound | None:
        return Bound("/m/:name", "name", page[3:]) if page.startswith("/m/") else None


def test_probabilities_are_shrunk_towards_no_step() -> None:
    model = Transitions(Counts(PAGES, STEPS))
    assert model.links("/") == (Link("/a", 30 / 100, 25), Link("/b", 10 / 100, 9))
    assert model.links("/a") == (Link("/", 9 / 45, 9),)
    assert model.links("/b") == ()


def test_more_visitors_may_be_wanted() -> None:
    assert [link.page for link in Transitions(Counts(PAGES, STEPS), min_visitors=10).links("/")] == ["/a"]


def test_the_order_of_two_falls_back_smoothly() -> None:
    pairs = {("/a", "/", "/b"): Tally(3, 3), ("/a", "/", "/a"): Tally(2, 2)}
    model = Transitions(Counts(PAGES, STEPS, pairs), order=2)
    assert model.after(["/a", "/"]) == (
        Link("/b", (3 + 5 * 0.1) / (9 + 5), 3),
        Link("/a", 5 * 0.3 / (9 + 5), 0),
    )
    assert model.after(["/b", "/"]) == model.links("/")
    assert Transitions(Counts(PAGES, STEPS, pairs), order=1).after(["/a", "/"]) == model.links("/")


def test_templates_speak_for_pages_without_steps() -> None:
    pages = {"/m/one": Tally(10, 9), "/m/two": Tally(5, 4), "/m/one/x": Tally(6, 6), "/m/two/x": Tally(3, 3)}
    templates = {("/m/:name", "/m/\0/x"): Tally(6, 6), ("/m/:name", "/m/\0/y"): Tally(2, 2)}
    steps = {("/m/one", "/m/one/x"): Tally(6, 6)}
    model = Transitions(Counts(pages, steps, {}, templates), patterns=OnePattern())
    share = 6 / (24 + 5)
    (link,) = model.links("/m/two")
    assert (link.page, link.visitors) == ("/m/two/x", 0)
    assert link.p == pytest.approx(5 * share / (5 + 5))
    assert model.links("/m/one")[0].p == pytest.approx((6 + 5 * share) / 15)


def test_a_page_that_may_not_be_listed_is_neither_source_nor_target() -> None:
    model = Transitions(Counts(PAGES, STEPS), allowed=lambda page: page != "/a")
    assert [link.page for link in model.links("/")] == ["/b"]
    assert model.links("/a") == ()
    assert "/a" not in model.pages


def test_a_replay_counts_made_used_and_clicks_at_each_threshold() -> None:
    links = {"/": (Link("/a", 0.5), Link("/b", 0.2)), "/a": (Link("/b", 0.3), Link("/", 0.9))}
    replay = Replay([["/", "/a", "/b"], ["/", "/c"], ["/a", "/a"]], lambda pages: links.get(pages[-1], ()))
    assert (replay.views, replay.clicks) == (7, 3)
    # First visit: /a by .5 used, /b by .3 used; second: /a and /b wasted; third: /b and / wasted.
    low = replay.at(0.1)
    assert (low.per_view * 7, low.recall, low.precision) == (6, 2 / 3, 2 / 6)
    high = replay.at(0.4)
    assert (high.per_view * 7, high.recall, high.precision) == (3, 1 / 3, 1 / 3)


def test_the_threshold_keeps_the_budget_and_is_the_lowest_that_does() -> None:
    links = {"/": (Link("/a", 0.5), Link("/b", 0.2), Link("/c", 0.1))}
    replay = Replay([["/"]] * 4, lambda pages: links[pages[-1]])
    for budget, threshold in ((3.0, 0.1), (2.9, 0.2), (2.0, 0.2), (1.5, 0.5), (1.0, 0.5)):
        assert (replay.threshold(budget), replay.at(replay.threshold(budget)).per_view <= budget) == (
            threshold,
            True,
        )
    assert replay.at(replay.threshold(0.5)).per_view == 0


def test_calibration_is_the_distance_from_what_happens() -> None:
    def predict(pages: object) -> tuple[Link, ...]:
        return (Link("/a", 0.75),)

    assert calibration_error([["/", "/a"], ["/"]], predict) == pytest.approx(0.75 - 1 / 3)
    assert calibration_error([], predict) == 0


def test_counts_add_up_and_visitors_only_where_they_differ() -> None:
    one = Counts({"/": Tally(2, 2, (1, 5))}, first=0, last=10, visits=2, visitors=2, hashes=3)
    two = Counts(
        {"/": Tally(3, 2, (5, 9)), "/a": Tally(1, 1, (9,))}, first=5, last=30, visits=3, visitors=2, hashes=3
    )
    both = merge_counts([one, two])
    assert both.pages == {"/": Tally(5, 3, (1, 5, 9)), "/a": Tally(1, 1, (9,))}
    assert (both.first, both.last, both.visits, both.seconds) == (0, 30, 5, 30)
    assert merge_tallies([Tally(7, 7), Tally(2, 2)], 0) == Tally(9, 9)
