"""Rules T1 and T2: content as old as all layers together let it get."""

from __future__ import annotations

import pytest

from prefetchrouter.errors import FreshnessError
from prefetchrouter.freshness import Layers, Worker, worker_seconds_left, worst_age, worst_age_after_purge

E, W, B, S = 100, 30, 60, 20


@pytest.mark.parametrize(
    "layers, seconds",
    [
        (Layers(E, W, B, age_sent=False), E + W + B),
        (Layers(E, W, B), E + W),
        (Layers(E, W, 500), 500),
        (Layers(E, W, B, Worker(S)), E + W + S),
        (Layers(E, W, B, Worker(S), age_sent=False), E + W + B + S),
        (Layers(E, W, B, Worker(500, subtracts_age=True)), 500),
        (Layers(E, W, B, Worker(S, subtracts_age=True)), E + W),
        (Layers(E, W, B, Worker(S, subtracts_age=True), age_sent=False), E + W + B),
        (Layers(E, W, B, Worker(500, subtracts_age=True), age_sent=False), E + W + 500),
        (Layers(E, W, B, Worker(S, keeps=False)), E + W),
        (Layers(E, W, B, speculation_rules=True), E + W + 300),
        (Layers(E, W, B, Worker(S), speculation_rules=True), E + W + S + 300),
        (Layers(), 0),
    ],
)
def test_t2_the_oldest_content_over_all_layers(layers: Layers, seconds: float) -> None:
    """T2: with Age the longest layer counts, without it the sum."""
    assert seconds == worst_age(layers).seconds


@pytest.mark.parametrize(
    "layers, seconds",
    [
        (Layers(E, W, B), B),
        (Layers(E, W, B, Worker(S)), B + S),
        (Layers(E, W, B, Worker(S), speculation_rules=True), B + S + 300),
        (Layers(E, W, B, age_sent=False), B),
    ],
)
def test_t2_after_a_purge_only_what_visitors_hold_is_left(layers: Layers, seconds: float) -> None:
    """T2: the edge's part is gone."""
    assert seconds == worst_age_after_purge(layers).seconds


@pytest.mark.parametrize(
    "layers, text",
    [
        (Layers(900, 0, 900, age_sent=False), "15 min edge + 15 min browser"),
        (Layers(3600, 86_400, 0, Worker(3600)), "1 h edge + 24 h stale at the edge + 1 h worker"),
        (Layers(60, browser=900), "15 min browser"),
        (Layers(), "nothing is stored"),
    ],
)
def test_t2_the_sum_names_its_parts(layers: Layers, text: str) -> None:
    """T2: a reader sees what to shorten."""
    assert text == worst_age(layers).sum


def test_t2_the_author_is_reported_in_one_sentence() -> None:
    """T2: the words of the reference."""
    assert str(worst_age(Layers(3600, worker=Worker(3600)))) == "content can be up to 2 h old"


@pytest.mark.parametrize("ttl, age, left", [(3600, 0, 3600), (3600, 840, 2760), (60, 60, 0), (60, 3600, 0)])
def test_t1_a_worker_that_subtracts_the_age_keeps_the_rest(ttl: float, age: float, left: float) -> None:
    """T1: never less than nothing."""
    assert left == worker_seconds_left(ttl, age)


def test_a_lifetime_that_is_not_a_length_of_time_is_a_coded_error() -> None:
    """The error names the layer."""
    with pytest.raises(FreshnessError, match=r"the lifetime \(browser\): -5"):
        worst_age(Layers(browser=-5))
