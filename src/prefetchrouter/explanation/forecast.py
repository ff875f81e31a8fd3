"""The freshness of one URL in numbers: who uses a prefetch at a click, with what odds, how old it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prefetchrouter.errors import Diagnostic
from prefetchrouter.freshness import (
    MECHANISMS,
    Circumstances,
    ClickOutcome,
    Delivery,
    Mechanism,
    WorstAge,
    advise,
    lookup,
    odds,
    worst_age,
    worst_age_after_purge,
)
from prefetchrouter.freshness.http import FreshnessLifetime, corrected_initial_age, freshness_lifetime
from prefetchrouter.freshness.mechanism_table import MechanismName
from prefetchrouter.freshness.mechanisms import NO_DOCUMENT
from prefetchrouter.freshness.received_response import seconds
from prefetchrouter.http_cache.outcome import PrefetchOutcome

TODAY: tuple[MechanismName, ...] = (
    "firefox-link",
    "chromium-link",
    "speculation-rules",
    "prerender",
    "service-worker",
    "fetch",
)
"""The mechanisms of today's browsers, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What one mechanism makes of the prefetch.

    Args:
        mechanism: Which.
        found: What the click finds.
        odds: The share of prefetches, while the edge stores the response, that such a click can use.
    """

    mechanism: Mechanism
    found: ClickOutcome
    odds: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The freshness of one response.

    Args:
        edge_age: The age of the stored response at the prefetch, in seconds.
        click: Seconds from the prefetch to the click.
        chances: One for each mechanism.
        lifetime: The freshness lifetime in browsers, counted from the generation of the response.
        age: Its age on receipt as browsers calculate it, in seconds.
        worst: The oldest content that a visitor can see.
        after_purge: The same, counted from a purge of the edge.
        advice: What is worth changing.
    """

    edge_age: float
    click: float
    chances: tuple[Chance, ...]
    lifetime: FreshnessLifetime
    age: float
    worst: WorstAge
    after_purge: WorstAge
    advice: tuple[Diagnostic, ...]

    def __getitem__(self, name: MechanismName) -> Chance:
        """Return the chance of a mechanism."""
        return next(chance for chance in self.chances if chance.mechanism.name == name)


def forecast(
    delivery: Delivery,
    *,
    edge_age: float,
    click: float,
    mechanisms: Sequence[MechanismName] = TODAY,
    outcome: PrefetchOutcome | None = None,
) -> Forecast:
    """Return who uses a prefetch made now at a click.

    Args:
        delivery: The response to a prefetch, and the lifetimes from edge to visitor.
        edge_age: The age of the stored response, in seconds; where the edge sends Age, the response holds it.
        click: Seconds from the prefetch to the click.
        mechanisms: The ways to prefetch to look at.
        outcome: What the edge and the worker make of a prefetch; when not given, they do their part.

    Raises:
        FreshnessError: A number is not a usable one.

    Example:
        >>> from prefetchrouter.freshness import ReceivedResponse, Layers
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"})
        >>> found = forecast(Delivery(response, Layers(edge=900, browser=900)), edge_age=840, click=600)
        >>> found["firefox-link"].found.seconds_left, round(found["firefox-link"].odds, 2)
        (60.0, 0.33)
    """
    edge_age, click = seconds(edge_age, "the age at the edge"), seconds(click, "the click")
    response, layers = delivery.response, delivery.layers
    visit = Circumstances(worker=layers.worker)
    chances = []
    for name in mechanisms:
        mechanism = MECHANISMS[name]
        limit = mechanism.limit(response, visit)
        share = odds(limit, edge_ttl=layers.edge, reading=click, age_sent=layers.age_sent)
        share = 0.0 if response.status in NO_DOCUMENT else share
        found = lookup(name, response, click, visit)
        prevented = _prevented(name, outcome)
        if prevented is not None:
            found, share = ClickOutcome(False, 0.0, "full", False, prevented), 0.0
        chances.append(Chance(mechanism, found, share))
    return Forecast(
        edge_age=edge_age,
        click=click,
        chances=tuple(chances),
        lifetime=freshness_lifetime(response),
        age=corrected_initial_age(response),
        worst=worst_age(layers),
        after_purge=worst_age_after_purge(layers),
        advice=tuple(advise(delivery)),
    )


def _prevented(name: MechanismName, outcome: PrefetchOutcome | None) -> str | None:
    """Return why a mechanism gets or keeps nothing, whatever the times are, or None if it does."""
    if outcome is None or outcome.problem is None:
        return None
    if not outcome.is_answered:
        return f"the edge refuses the prefetch: {outcome.problem}"
    return str(outcome.problem) if name in ("service-worker", "browser-cache") else None
