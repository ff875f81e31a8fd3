"""The difference of two groups, with an interval: how much it would vary with other visitors."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

LEAST_VIEWS: Final = 20
"""In each group, and as many visitors if these are known; with fewer there is no interval."""

_RESAMPLES: Final = 2000
_SURE: Final = 1.96
"""The half of a 95 % interval, in standard errors."""
_POWER: Final = 0.84
"""What is to be added so that a real difference is seen in 80 % of cases."""


class GroupDifference(NamedTuple):
    """The difference of a quantile between the views with prefetching and those of the control group.

    Args:
        prefetch: The quantile with prefetching; None without views.
        control: The quantile in the control group.
        prefetch_views: How many views there are with prefetching.
        control_views: How many there are in the control group.
        low: The lower end of the 95 % interval of the difference; None if views or visitors are too few.
        high: Its upper end.
    """

    prefetch: float | None
    control: float | None
    prefetch_views: int
    control_views: int
    low: float | None = None
    high: float | None = None

    @property
    def estimate(self) -> float | None:
        """The difference: less than 0 where pages are faster with prefetching."""
        if self.prefetch is None or self.control is None:
            return None
        return self.prefetch - self.control

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def views_needed(self, effect: float) -> int | None:
        """Return how many more views of the control group it takes to see a difference in 80 % of cases.

        Args:
            effect: The smallest difference that matters, in the unit of the figures.

        Returns:
            None if there are too few views; 0 if there are enough.

        Example:
            >>> GroupDifference(900, 1000, 400, 400, low=-300, high=100).views_needed(100)
            2866
        """
        if self.low is None or self.high is None:
            return None
        error = (self.high - self.low) / 2 / _SURE
        factor = ((_SURE + _POWER) * error / effect) ** 2
        return max(0, math.ceil(self.control_views * (factor - 1)))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the sorted values that is not exceeded by this share of them.

    Example:
        >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.75)
        (2, 3)
    """
    return values[int(_rank(len(values), share)) - 1]


def independent_views(values: Sequence[float], visitors: Sequence[int], at: float) -> float:
    """Return how many views of as many visitors would say as much about a quantile.

    A visitor has one device and one network, so that the second view of a visitor says less than the first
    one of another. The variance by visitor of "is not above the quantile", divided by what it would be if
    views were independent, is the design effect.

    Args:
        values: The figures.
        visitors: The visitor of each; 0 for an unknown one, who counts as another each time.
        at: The quantile.

    Source: Cochran, "Sampling Techniques", section 9A; Lumley, "Complex Surveys", section 2.4.

    Example:
        >>> round(independent_views([1, 1, 9, 9, 1, 1, 9, 9], [1, 1, 2, 2, 3, 3, 4, 4], 1))
        4
        >>> independent_views([1, 1, 9, 9], [0, 0, 0, 0], 1)
        4
    """
    if not any(visitors):
        return len(values)
    below = [value <= at for value in values]
    share = sum(below) / len(values)
    totals: dict[int, float] = defaultdict(float)
    squares = 0.0
    for is_below, visitor in zip(below, visitors, strict=True):
        if visitor:
            totals[visitor] += is_below - share
        else:
            squares += (is_below - share) ** 2
    squares += sum(total**2 for total in totals.values())
    expected = len(values) * share * (1 - share)
    return len(values) / max(1.0, squares / expected) if expected else len(values)


def _visitors(visitors: Sequence[int]) -> int:
    """Return how many visitors there are, each unknown one another."""
    return len(set(visitors) - {0}) + sum(visitor == 0 for visitor in visitors)


def difference(
    prefetch: Sequence[float],
    control: Sequence[float],
    share: float = 0.5,
    seed: str = "",
    *,
    prefetch_visitors: Sequence[int] = (),
    control_visitors: Sequence[int] = (),
) -> GroupDifference:
    """Return by how much a quantile differs between two groups, with a 95 % interval by the bootstrap.

    A resample's quantile is one of the values, and which one follows a beta distribution: that is drawn,
    instead of as many values as there are. So the interval is the one of the percentile bootstrap, in the
    same time for any number of views. Where visitors are known, the distribution is that of as many
    independent views as theirs are worth.

    Args:
        prefetch: The figures with prefetching, in any order.
        control: Those of the control group.
        share: Which quantile: 0.5 is the median.
        seed: Equal seeds give equal intervals.
        prefetch_visitors: The visitor of each figure, as `independent_views` takes them; none are known if it
            is empty.
        control_visitors: The same for the control group.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", chapter 13; David and Nagaraja, "Order
    Statistics", section 2.3, for the distribution.

    Example:
        >>> found = difference(range(0, 400), range(200, 600))
        >>> found.estimate, found.is_clear, found == difference(range(0, 400), range(200, 600))
        (-200, True, True)
    """
    ours, others = sorted(prefetch), sorted(control)
    middle = quantile(ours, share) if ours else None
    usual = quantile(others, share) if others else None
    of_ours, of_others = prefetch_visitors or [0] * len(ours), control_visitors or [0] * len(others)
    if min(_visitors(of_ours), _visitors(of_others)) < LEAST_VIEWS or middle is None or usual is None:
        return GroupDifference(middle, usual, len(ours), len(others))
    random = Random(f"{seed}/{share}")
    our_count = independent_views(prefetch, of_ours, middle)
    other_count = independent_views(control, of_others, usual)
    drawn = sorted(
        _resampled(ours, share, our_count, random) - _resampled(others, share, other_count, random)
        for _ in range(_RESAMPLES)
    )
    low, high = quantile(drawn, 0.025), quantile(drawn, 0.975)
    return GroupDifference(middle, usual, len(ours), len(others), low, high)


def _rank(count: float, share: float) -> float:
    return min(count, max(1, math.ceil(share * count)))


def _resampled(values: Sequence[float], share: float, count: float, random: Random) -> float:
    """Return the quantile of this many values, drawn with replacement."""
    rank = _rank(count, share)
    place = random.betavariate(rank, count - rank + 1)
    return values[min(len(values) - 1, int(place * len(values)))]
