"""Tries a model on visits that it has not learned from.

Each visit is replayed with a separate store, which is empty at its start. A view predicts the next pages;
the likely ones that were not seen go into the store. A view of a page not yet seen is a click, and a hit if
the page is in the store. The last view predicts too: what is fetched for a visitor who leaves is waste.

All thresholds are tried at once: what a visit fetches at a threshold is what it was offered with at least
that much, so the highest offer of each page decides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from prefetchrouter.navigation.transitions import Link

Predict = Callable[[Sequence[str]], Sequence[Link]]
"""Returns the next pages after those of a visit, the best first; its `p` is what the threshold cuts."""

MOST_OFFERED: Final = 10
"""How many predictions of a view are considered."""
GRID: Final = (
    0.9, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.015, 0.01,
    0.005,
)  # fmt: skip
"""The thresholds between which recall and precision are interpolated."""
BIN_EDGES: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""The upper edges of the bins of the calibration error."""


class ThresholdPoint(NamedTuple):
    """What a threshold brings and costs.

    Args:
        threshold: The threshold.
        per_view: Prefetches a view.
        recall: The share of clicks whose page had been prefetched.
        precision: The share of prefetches whose page was opened later in the visit.
    """

    threshold: float
    per_view: float
    recall: float
    precision: float


class Replay:
    """The outcome of replayed visits, at every threshold.

    Args:
        visits: The pages of each visit.
        predict: The model.
        most: How many predictions of a view are considered.
    """

    def __init__(self, visits: Iterable[Sequence[str]], predict: Predict, most: int = MOST_OFFERED) -> None:
        self.views = self.clicks = self.visits = 0
        self._made: list[float] = []
        self._used: list[float] = []
        for pages in visits:
            self.visits += 1
            self._replay(pages, predict, most)
        self._made.sort()
        self._used.sort()

    def _replay(self, pages: Sequence[str], predict: Predict, most: int) -> None:
        seen: set[str] = set()
        offers: dict[str, float] = {}
        for number, page in enumerate(pages):
            self.views += 1
            if number and page not in seen:
                self.clicks += 1
                if page in offers:
                    self._used.append(offers[page])
            seen.add(page)
            for link in predict(pages[: number + 1])[:most]:
                if link.page not in seen and link.p > offers.get(link.page, 0.0):
                    offers[link.page] = link.p
        self._made.extend(offers.values())

    def at(self, threshold: float) -> ThresholdPoint:
        """Return what a threshold brings and costs."""
        made = len(self._made) - bisect_left(self._made, threshold)
        used = len(self._used) - bisect_left(self._used, threshold)
        return ThresholdPoint(
            threshold, made / max(1, self.views), used / max(1, self.clicks), used / made if made else 0.0
        )

    def at_cost(self, per_view: float) -> ThresholdPoint | None:
        """Return recall and precision at a number of prefetches a view, None if the model ends before."""
        points = [self.at(threshold) for threshold in GRID]
        for low, high in pairwise(points):
            if low.per_view <= per_view <= high.per_view and high.per_view > low.per_view:
                share = (per_view - low.per_view) / (high.per_view - low.per_view)
                return ThresholdPoint(*(a + share * (b - a) for a, b in zip(low, high, strict=True)))
        return None

    def threshold(self, budget: float) -> float:
        """Return the lowest threshold with at most this many prefetches a view."""
        most = int(budget * self.views + 1e-9)
        if most >= len(self._made):
            return self._made[0] if self._made else 0.0
        # Just above the first one that would be too many; equal ones go together.
        limit = self._made[len(self._made) - most - 1]
        above = [p for p in self._made if p > limit]
        return above[0] if above else limit * (1 + 1e-9)


def calibration_error(visits: Iterable[Sequence[str]], predict: Predict, most: int = MOST_OFFERED) -> float:
    """Return how far the probabilities are from what happened next, weighted by how many there are."""
    sums = [[0, 0.0, 0] for _ in BIN_EDGES]
    for pages in visits:
        for number in range(len(pages)):
            following = pages[number + 1] if number + 1 < len(pages) else None
            for link in predict(pages[: number + 1])[:most]:
                found = sums[min(bisect_left(BIN_EDGES, link.p), len(BIN_EDGES) - 1)]
                found[0] += 1
                found[1] += link.p
                found[2] += link.page == following
    total = sum(count for count, _, _ in sums)
    return sum(abs(p - events) for _, p, events in sums) / total if total else 0.0
