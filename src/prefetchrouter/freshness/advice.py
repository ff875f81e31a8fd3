"""Advice: what to change so that prefetches are used and content does not get too old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prefetchrouter.catalog import keys
from prefetchrouter.errors import Code, Diagnostic
from prefetchrouter.freshness.http import (
    corrected_initial_age,
    freshness_lifetime,
    storable,
    validates_always,
)
from prefetchrouter.freshness.length import spoken
from prefetchrouter.freshness.lookup import odds
from prefetchrouter.freshness.mechanisms import (
    NO_DOCUMENT,
    chromium_link,
    fetch,
    has_freshness_information,
    speculation_rules,
)
from prefetchrouter.freshness.received_response import ReceivedResponse
from prefetchrouter.freshness.stacking import Layers, worst_age
from prefetchrouter.source import Source

_ALTERNATIVES = (
    f"use Speculation Rules for pages, or the service worker with {keys.caching.service_worker_max_age}"
)
_WITH_WORKER = "; the response in the service worker still is"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The response to a prefetch, and the lifetimes on its way to the visitor.

    Args:
        response: The response to a prefetch.
        layers: The lifetimes from the edge to the visitor.
        lines: Where features such as ``"max_age"`` and headers such as ``"vary"`` were set.
        most_age: The oldest content that the author accepts, in seconds; None for no limit.
    """

    response: ReceivedResponse
    layers: Layers
    lines: Mapping[str, Source] = field(default_factory=dict)
    most_age: float | None = None

    @property
    def has_worker(self) -> bool:
        """Whether the service worker makes prefetches useful whatever the HTTP headers say."""
        worker = self.layers.worker
        return worker is not None and worker.keeps and worker.ttl > 0


def advise(delivery: Delivery) -> list[Diagnostic]:
    """Return findings, the most important first.

    Each has a code with a page in ``docs/errors/``, the line to change and the cure.

    Source: ``docs/freshness.md``, "Should the edge send Age?".

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=900"})
        >>> for finding in advise(Delivery(response, Layers(edge=604_800, browser=900))):
        ...     print(finding.code)
        freshness/edge-outlives-browser
    """
    return [
        *_dead_link(delivery),
        *_nothing_usable(delivery),
        *_varies(delivery),
        *_old_on_arrival(delivery),
        *_edge_outlives_browser(delivery),
        *_stored_refusal(delivery),
        *_worker_outlives_edge(delivery),
        *_age_not_sent(delivery),
        *_too_old(delivery),
    ]


def _finding(delivery: Delivery, code: Code, message: str, hint: str, *features: str) -> Iterator[Diagnostic]:
    """Yield a finding at the line of the first of the features that was set."""
    source = next((delivery.lines[name] for name in features if name in delivery.lines), None)
    yield Diagnostic(code, message, source, hint=hint, severity="warning")


def _dead_link(delivery: Delivery) -> Iterator[Diagnostic]:
    """P8, P10: a prefetch whose response is not a page leaves a link that does nothing."""
    status = delivery.response.status
    if status in NO_DOCUMENT and speculation_rules(delivery.response).seconds_left(0):
        message = f"a prefetch answered with {status} makes a dead link: browsers treat it as the page"
        hint = "answer with the page, or refuse prefetches with 412 or 503 and no-store"
        yield from _finding(delivery, "freshness/dead-link", message, hint, "status", "max_age")


def _nothing_usable(delivery: Delivery) -> Iterator[Diagnostic]:
    """no-store, no-cache or no lifetime: a link prefetch is fetched twice."""
    response = delivery.response
    features = ("bypass_client_cache", "cache-control", "client_max_age")
    worker = _WITH_WORKER if delivery.has_worker else ""
    if not storable(response):
        message = f"no-store: a link prefetch is never used{worker}"
        hint = f"remove it from prefetched pages, or {_ALTERNATIVES}"
        yield from _finding(delivery, "freshness/no-store", message, hint, *features)
    elif validates_always(response) or freshness_lifetime(response).seconds == 0:
        cause = "no-cache" if validates_always(response) else "no freshness lifetime in browsers"
        who = "any browser" if has_freshness_information(response) else "Chromium"
        message = f"{cause}: a link prefetch is never used in {who}{worker}"
        hint = (
            f"set {keys.caching.client_max_age}, or answer requests that have Sec-Purpose: prefetch with "
            f"max-age=300 and no Age; or {_ALTERNATIVES}"
        )
        yield from _finding(delivery, "freshness/never-fresh", message, hint, *features)


def _varies(delivery: Delivery) -> Iterator[Diagnostic]:
    """F10: Vary on a header in which a prefetch differs from a navigation."""
    link = chromium_link(delivery.response)
    limit = link if link.obstacle else fetch(delivery.response)
    if limit.obstacle and limit.obstacle_clause == "F10":
        hint = "vary the response behind the edge's cache instead, and remove the name from Vary"
        yield from _finding(delivery, "freshness/vary", limit.obstacle, hint, "vary")


def _old_on_arrival(delivery: Delivery) -> Iterator[Diagnostic]:
    """F3: an old Date makes the response old although Age says otherwise."""
    response = delivery.response
    if response.date is not None and response.response_time - response.date > response.age + 1:
        age = spoken(corrected_initial_age(response))
        message = f"the response is {age} old on arrival: browsers count from Date too, whatever Age says"
        yield from _finding(
            delivery,
            "freshness/date-kept",
            message,
            "set Date to the current time where Age is removed",
            "age",
        )


def _edge_outlives_browser(delivery: Delivery) -> Iterator[Diagnostic]:
    """P11: most responses are stale on arrival."""
    layers, limit = delivery.layers, chromium_link(delivery.response)
    if not layers.age_sent or not 0 < limit.age < layers.edge:
        return
    message = (
        f"the edge stores it for {spoken(layers.edge)}, browsers for {spoken(limit.age)} including Age, so "
        f"{percent(odds(limit, edge_ttl=layers.edge))} of link prefetches can be used"
    )
    hint = f"raise {keys.caching.client_max_age} or shorten {keys.caching.max_age}"
    if delivery.has_worker:
        message += "; the response in the service worker always can"
        hint += ", unless the service worker is enough"
    else:
        hint += f"; if the edge is purged on change, send no Age and a current Date; or {_ALTERNATIVES}"
    yield from _finding(
        delivery, "freshness/edge-outlives-browser", message, hint, "client_max_age", "max_age"
    )


def _stored_refusal(delivery: Delivery) -> Iterator[Diagnostic]:
    """P10: an error with a lifetime is shown to the visitor at the click."""
    response = delivery.response
    left = chromium_link(response).age
    if response.status >= 400 and left:
        message = f"Chromium shows the stored {response.status} at the click, for up to {spoken(left)}"
        hint = "refuse prefetches with no-store"
        yield from _finding(
            delivery, "freshness/stored-refusal", message, hint, "cache-control", "client_max_age"
        )


def _worker_outlives_edge(delivery: Delivery) -> Iterator[Diagnostic]:
    """T1: the service worker stores content for longer than the edge."""
    worker, edge = delivery.layers.worker, delivery.layers.edge + delivery.layers.edge_stale
    if delivery.has_worker and worker and not worker.subtracts_age and worker.ttl > edge:
        message = f"the service worker stores it for {spoken(worker.ttl)}, the edge only for {spoken(edge)}"
        hint = f"shorten {keys.caching.service_worker_max_age}, or let the service worker subtract the age"
        yield from _finding(
            delivery, "freshness/worker-outlives-edge", message, hint, "service_worker_max_age"
        )


def _age_not_sent(delivery: Delivery) -> Iterator[Diagnostic]:
    """Without Age, lifetimes add up even where sending it would cost nothing."""
    layers = delivery.layers
    if not layers.age_sent and layers.edge and layers.browser >= layers.edge + layers.edge_stale:
        message = f"Age is not sent, so {worst_age(layers)}"
        hint = "send Age: browsers store it as long as the edge does, so it would still arrive fresh"
        yield from _finding(delivery, "freshness/age-not-sent", message, hint, "age")


def _too_old(delivery: Delivery) -> Iterator[Diagnostic]:
    """T2: older than the author accepts."""
    worst = worst_age(delivery.layers)
    if delivery.most_age is not None and worst.seconds > delivery.most_age:
        message = f"{worst} ({worst.sum}), more than {spoken(delivery.most_age)}"
        yield from _finding(delivery, "freshness/too-old", message, "shorten the longest of these", "max_age")


def percent(share: float) -> str:
    """Return a share as a percentage that never rounds a small share to zero.

    Example:
        >>> percent(900 / 604_800), percent(0.967), percent(1)
        ('0.15 %', '96.7 %', '100 %')
    """
    value = share * 100
    digits = 2 if 0 < value < 1 else 1
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return f"{text} %" if text != "0" or not value else "under 0.01 %"
