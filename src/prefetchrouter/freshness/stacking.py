"""How lifetimes add up over the layers: the oldest content that a visitor can see (clauses T1 and T2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from prefetchrouter.freshness.length import spoken
from prefetchrouter.freshness.mechanisms import WINDOW, Worker
from prefetchrouter.freshness.received_response import seconds


@dataclass(frozen=True, slots=True)
class Layers:
    """The lifetimes of one URL, from the edge to the visitor; all in seconds.

    Args:
        edge: The freshness lifetime at the edge.
        edge_stale: How long the edge serves it stale while it revalidates.
        browser: The freshness lifetime in the browser.
        worker: The service worker that stores it, None without one.
        speculation_rules: Whether pages are prefetched by Speculation Rules.
        prerender: Whether pages are prerendered by Speculation Rules.
        age_sent: Whether the edge sends Age. Without it, Date is assumed to be current.

    Example:
        >>> Layers(edge=900, browser=900, age_sent=False).edge
        900
    """

    edge: float = 0.0
    edge_stale: float = 0.0
    browser: float = 0.0
    worker: Worker | None = None
    speculation_rules: bool = False
    prerender: bool = False
    age_sent: bool = True


@dataclass(frozen=True, slots=True)
class WorstAge:
    """The oldest content that a visitor can see, measured from its generation at the origin.

    Args:
        seconds: How old; infinity where pages are prerendered.
        sum: Its parts, such as ``"15 min edge + 15 min browser"``.
    """

    seconds: float
    sum: str

    def __str__(self) -> str:
        """Return the age as a sentence."""
        if math.isinf(self.seconds):
            return "content has no age limit: a prerendered page waits as long as the previous page is open"
        return f"content can be up to {spoken(self.seconds)} old"


def worst_age(layers: Layers) -> WorstAge:
    """Return the oldest content that a visitor can see over all layers (clause T2).

    Raises:
        FreshnessError: A lifetime is not a valid number of seconds.

    Source: ``docs/freshness.md``, "How lifetimes add up".

    Example:
        >>> str(worst_age(Layers(edge=900, browser=900, age_sent=False)))
        'content can be up to 30 min old'
        >>> worst_age(Layers(edge=900, browser=900)).seconds
        900.0
    """
    edge = _Sum().plus(layers.edge, "edge").plus(layers.edge_stale, "stale at the edge")
    browser = _Sum().plus(layers.browser, "browser")
    worker = layers.worker if layers.worker and layers.worker.keeps else None
    store = _Sum().plus(worker.ttl, "worker") if worker else _Sum()
    subtracts = worker is not None and worker.subtracts_age
    if layers.age_sent:
        total = edge.or_(browser).or_(store) if subtracts else edge.or_(browser).and_(store)
    else:
        # Without Age, the service worker too can only count from the edge's response.
        total = edge.and_(browser.or_(store) if subtracts else browser.and_(store))
    if layers.speculation_rules:
        total = total.plus(WINDOW, "Speculation Rules")
    if layers.prerender:
        total = total.and_(_Sum(math.inf, "prerendered until the previous page is closed"))
    return WorstAge(total.seconds, total.text or "nothing is stored")


def worst_age_after_purge(layers: Layers) -> WorstAge:
    """Return the oldest content that a visitor can see, counted from a purge of the edge.

    Example:
        >>> worst_age_after_purge(Layers(edge=604_800, browser=900, worker=Worker(ttl=3600))).sum
        '15 min browser + 1 h worker'
    """
    return worst_age(replace(layers, edge=0.0, edge_stale=0.0))


def worker_seconds_left(ttl: float, age_on_receipt: float) -> float:
    """T1: return how long a service worker that subtracts the age uses a response received now, in seconds.

    Raises:
        FreshnessError: A number of seconds is not valid.

    Example:
        >>> worker_seconds_left(3600, 840), worker_seconds_left(60, 840)
        (2760.0, 0.0)
    """
    return max(
        0.0, seconds(ttl, "the service worker's lifetime") - seconds(age_on_receipt, "the age on receipt")
    )


@dataclass(frozen=True, slots=True)
class _Sum:
    seconds: float = 0.0
    text: str = ""

    def plus(self, length: float, name: str) -> _Sum:
        length = seconds(length, f"the lifetime ({name})")
        return self.and_(_Sum(length, f"{spoken(length)} {name}")) if length else self

    def and_(self, other: _Sum) -> _Sum:
        return _Sum(
            self.seconds + other.seconds, " + ".join(text for text in (self.text, other.text) if text)
        )

    def or_(self, other: _Sum) -> _Sum:
        return other if other.seconds > self.seconds else self
