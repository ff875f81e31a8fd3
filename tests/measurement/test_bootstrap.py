"""The interval covers the true difference as often as it says, and is that of the plain bootstrap."""

from __future__ import annotations

import random

import pytest

from prefetchrouter.measurement.bootstrap import GroupDifference, difference, quantile
from prefetchrouter.measurement.measured_text import verdict

EXPERIMENTS = 200


def drawn(count: int, shift: float, source: random.Random) -> list[float]:
    return [source.lognormvariate(6, 0.6) + shift for _ in range(count)]


def test_the_interval_covers_the_true_difference_in_95_of_100_experiments() -> None:
    """Otherwise "95 %" would mean nothing. The standard error of 200 experiments is 1.5 points."""
    source = random.Random(7)
    covered = 0
    for number in range(EXPERIMENTS):
        found = difference(drawn(300, -100, source), drawn(60, 0, source), seed=str(number))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= -100 <= found.high
    assert 0.89 <= covered / EXPERIMENTS <= 1


def by_visitor(count: int, shift: float, source: random.Random) -> tuple[list[float], list[int]]:
    """Views of visitors with one to twelve each, whose devices and networks differ."""
    values: list[float] = []
    visitors: list[int] = []
    while len(values) < count:
        usual = source.gauss(6, 0.5)
        views = min(12, 1 + int(source.expovariate(1 / 3)))
        values += [source.lognormvariate(usual, 0.33) + shift for _ in range(views)]
        visitors += [visitors[-1] + 1 if visitors else 1] * views
    return values, visitors


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_it_does_so_where_visitors_have_several_views(share: float) -> None:
    """Taken as independent, these views would have it in 75 of 100 experiments."""
    source = random.Random(12)
    covered = naive = 0
    for number in range(EXPERIMENTS):
        ours, our_visitors = by_visitor(900, -100, source)
        others, other_visitors = by_visitor(200, 0, source)
        one = difference(
            ours, others, share, str(number), prefetch_visitors=our_visitors, control_visitors=other_visitors
        )
        other = difference(ours, others, share, str(number))
        for found in (one, other):
            assert found.low is not None
            assert found.high is not None
        covered += (one.low or 0) <= -100 <= (one.high or 0)
        naive += (other.low or 0) <= -100 <= (other.high or 0)
    assert 0.89 <= covered / EXPERIMENTS <= 1
    assert naive / EXPERIMENTS < 0.85


def test_few_visitors_have_no_interval_however_many_views_they_have() -> None:
    values, visitors = list(range(500)), [1 + number % 19 for number in range(500)]
    assert difference(values, values, control_visitors=visitors).low is None
    assert difference(values, values, control_visitors=[*visitors[1:], 20]).low is not None
    assert verdict(difference(values, values, control_visitors=visitors), 50) == "too few visitors"


def test_without_an_effect_hardly_any_experiment_is_clear() -> None:
    """A tool that always finds something is of no use: one in twenty, and four standard deviations."""
    source = random.Random(8)
    clear = sum(
        difference(drawn(300, 0, source), drawn(60, 0, source), seed=str(number)).is_clear
        for number in range(EXPERIMENTS)
    )
    assert clear / EXPERIMENTS <= 0.05 + 4 * 0.015


def test_the_interval_is_that_of_resampling_every_value() -> None:
    """The order statistic is drawn instead; that is only for speed."""
    source = random.Random(9)
    ours, others = drawn(200, -50, source), drawn(150, 0, source)
    plain = sorted(
        quantile(sorted(source.choices(ours, k=200)), 0.75)
        - quantile(sorted(source.choices(others, k=150)), 0.75)
        for _ in range(3000)
    )
    found = difference(ours, others, 0.75)
    assert found.low is not None
    assert found.high is not None
    width = found.high - found.low
    assert abs(found.low - quantile(plain, 0.025)) < 0.12 * width
    assert abs(found.high - quantile(plain, 0.975)) < 0.12 * width


def test_equal_seeds_give_equal_intervals_and_order_does_not_matter() -> None:
    """A report is the same on each machine."""
    source = random.Random(10)
    ours, others = drawn(100, 0, source), drawn(100, 0, source)
    first = difference(ours, others, seed="a")
    source.shuffle(ours)
    assert difference(ours, others, seed="a") == first
    assert difference(ours, others, seed="b") != first


def test_few_views_have_no_interval() -> None:
    """Nineteen views say nothing about a group."""
    found = difference(list(range(500)), list(range(19)))
    assert found == GroupDifference(249, 9, 500, 19)
    assert (found.estimate, found.is_clear, found.views_needed(50)) == (240, False, None)
    assert difference([], []).estimate is None


def test_as_many_views_as_are_said_to_be_needed_show_the_effect() -> None:
    """Power: with the number that the report names, 80 % of experiments see such a difference."""
    source = random.Random(11)
    pilot = difference(drawn(900, 0, source), drawn(100, 0, source))
    needed = pilot.views_needed(60)
    assert needed is not None
    assert needed > 0
    control = 100 + needed
    seen = sum(
        difference(drawn(9 * control, -60, source), drawn(control, 0, source), seed=str(number)).is_clear
        for number in range(40)
    )
    # 80 % of 40 is 32; four standard deviations are 10, and the pilot itself is uncertain.
    assert seen >= 20
