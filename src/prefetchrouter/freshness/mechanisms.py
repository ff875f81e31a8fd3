"""How long a prefetched response can be used, by mechanism (``docs/freshness.md``, P1 to P13).

Each comes down to two limits, of which the later one counts: time since the prefetch, whatever the age of
the response, and age of the content. `Limit` holds the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from prefetchrouter.browser_support import seconds_of
from prefetchrouter.freshness.http import (
    freshness_lifetime,
    max_age,
    stale_seconds,
    storable,
    validates_always,
)
from prefetchrouter.freshness.received_response import Reader, ReceivedResponse, seconds

WINDOW: Final = seconds_of("speculation-prefetch")
"""Seconds for which Chromium uses a Speculation Rules prefetch whatever its headers say (P8)."""

FIREFOX_WINDOW: Final = seconds_of("link-prefetch-window")
"""Seconds for which Firefox uses a link prefetch without freshness information (P5)."""

OLD_WINDOW: Final = 300.0
"""Seconds for which older versions of Chromium used any link prefetch (P2, P3)."""

NO_DOCUMENT: Final = frozenset({204, 205, 304})
"""The statuses that browsers treat as a page although they have no content: the link then does nothing."""


@dataclass(frozen=True, slots=True)
class Worker:
    """How the prefetching service worker treats the response.

    Args:
        ttl: Its freshness lifetime there, in seconds.
        subtracts_age: Whether the age on receipt is subtracted from `ttl` (clause T1).
        keeps: Whether the worker stores the response at all.
    """

    ttl: float
    subtracts_age: bool = False
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The circumstances of the prefetch and of the click, apart from time.

    Args:
        first_use: Whether the response has not been used before.
        crossorigin: Whether the link has ``crossorigin``, as ``as=fetch`` links do.
        same_document: Whether the click happens in the document that started the prefetch.
        worker: The service worker that controls the page, None without one.
    """

    first_use: bool = True
    crossorigin: bool = False
    same_document: bool = True
    worker: Worker | None = None


FIRST_USE: Final = Circumstances()
"""A first use, without `crossorigin`, in the same document and without a worker."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when a response can be used: both limits are exclusive, and the later one counts.

    Args:
        elapsed: Seconds since receipt, whatever the age.
        age: Age of the content in seconds.
        obstacle: Why it can never be used; None if it can.
        obstacle_clause: The clause of ``docs/freshness.md`` behind the obstacle.
    """

    elapsed: float = 0.0
    age: float = 0.0
    obstacle: str | None = None
    obstacle_clause: str | None = None

    def seconds_left(self, age_on_receipt: float) -> float:
        """Return for how many seconds after receipt the response can be used.

        Example:
            >>> Limit(elapsed=300, age=900).seconds_left(840)
            300.0
        """
        return max(0.0, float(self.elapsed), float(self.age) - age_on_receipt)


def chromium_link(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P1: a link prefetch in Chromium today: as long as the response is fresh (F5).

    Source: measured in Chromium 156; blink-dev "Remove Prefetch 5-minute Rule".

    Example:
        >>> chromium_link(ReceivedResponse.from_headers({"cache-control": "max-age=900"})).age
        900.0
    """
    return _from_cache(response, _chromium_differs(visit), "chromium")


def chromium_link_window(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P2: a link prefetch in Chromium, mid-2020 until the 5-minute rule ended: fresh, or within 300 s.

    Source: blink-dev "removing the five-minute rule for link rel=prefetch".

    Example:
        >>> chromium_link_window(ReceivedResponse.from_headers({"cache-control": "max-age=0"})).elapsed
        300.0
    """
    limit = chromium_link(response, visit)
    return limit if limit.obstacle or not visit.first_use else Limit(elapsed=OLD_WINDOW, age=limit.age)


def chromium_link_age_bug(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P3: a link prefetch in Chromium before mid-2020: the 300 s were counted from the content's generation.

    So a response older than both 300 s and its max-age could never be used.

    Source: T. Kadlec, "Prefetching? At This Age?", 17 June 2020.

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=0"})
        >>> chromium_link_age_bug(response).seconds_left(301)
        0.0
    """
    limit = chromium_link(response, visit)
    return limit if limit.obstacle or not visit.first_use else Limit(age=max(OLD_WINDOW, limit.age))


def firefox_link_151(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P4: a link prefetch in Firefox up to 151: fresh (F5), or within stale-while-revalidate (F9).

    Source: T. Kadlec, "Prefetching? At This Age?", 17 June 2020; F9 measured in Firefox ESR 153.7.

    Example:
        >>> headers = {"cache-control": "max-age=60, stale-while-revalidate=30"}
        >>> firefox_link_151(ReceivedResponse.from_headers(headers)).age
        90.0
    """
    if response.status == 205 or (not 200 <= response.status < 300 and response.status != 410):
        return Limit(
            obstacle=f"Firefox drops a prefetch answered with {response.status}", obstacle_clause="P10"
        )
    return _from_cache(response, _DIFFERS, "firefox", stale=stale_seconds(response, "firefox"))


def firefox_link(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P5: a link prefetch in Firefox from 152: as P4, or within 300 s without freshness information.

    Max-age, Expires, no-cache and Pragma count as such; Age, Last-Modified and other directives do not.

    Source: Mozilla bug 1527334; measured in Firefox ESR 153.7.

    Example:
        >>> firefox_link(ReceivedResponse.from_headers({"age": "5000"})).elapsed
        300.0
    """
    limit = firefox_link_151(response, visit)
    if limit.obstacle or has_freshness_information(response):
        return limit
    return Limit(elapsed=FIREFOX_WINDOW, age=limit.age)


def has_freshness_information(response: ReceivedResponse) -> bool:
    """P5: return whether Firefox finds explicit freshness information, so that the 300 s do not apply.

    Example:
        >>> headers = {"cache-control": "public, must-revalidate"}
        >>> has_freshness_information(ReceivedResponse.from_headers(headers))
        False
    """
    if max_age(response, "firefox") is not None or response.expires is not None:
        return True
    return validates_always(response, "firefox")


def safari_preload(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P6: a link preload in Safari, which has no prefetch without a developer flag: fresh (F5).

    Source: MDN browser-compat-data 8.1.9.

    Example:
        >>> safari_preload(ReceivedResponse.from_headers({"cache-control": "max-age=60"})).age
        60.0
    """
    return _from_cache(response, _chromium_differs(visit), "http")


def fetch(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P7: the plain HTTP cache, filled by ``fetch()``: fresh (F5), and Accept differs (F10).

    Source: RFC 9111 section 4.

    Example:
        >>> fetch(ReceivedResponse.from_headers({"cache-control": "max-age=60", "vary": "accept"})).obstacle
        'Vary: accept differs between the prefetch and the navigation'
    """
    return _from_cache(response, _DIFFERS | {"accept"}, "http")


def speculation_rules(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P8: a Speculation Rules prefetch: within 300 s whatever the cache headers say; then the HTTP cache.

    It needs a 2xx response after redirects and a click in the same document, and is used once. A 204 or 205
    qualifies too: then the click does nothing.

    Source: measured in Chromium 156.

    Example:
        >>> speculation_rules(ReceivedResponse.from_headers({"cache-control": "no-store"})).elapsed
        300.0
    """
    http = chromium_link(response, visit)
    if 200 <= response.status < 300 and visit.same_document and visit.first_use:
        return Limit(elapsed=WINDOW, age=http.age)
    return http


def prerender(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P12: a Speculation Rules prerender: until the previous page is closed; then as P1.

    It needs a 2xx response and a click in the same document, and is used once. With a 204 or 205 it is only
    the prefetch with which it begins (P8).

    Source: measured in Chromium 156: a page with no-store is shown after 320 s.

    Example:
        >>> prerender(ReceivedResponse.from_headers({"cache-control": "no-store"})).elapsed
        inf
    """
    limit = speculation_rules(response, visit)
    if limit.elapsed and response.status not in NO_DOCUMENT:
        return replace(limit, elapsed=math.inf)
    return limit


def service_worker(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P9: the service worker's store: as long as the lifetime that is set for the worker.

    Raises:
        FreshnessError: The lifetime is not a valid number of seconds.

    Source: ``docs/freshness.md``; the published worker ignores cache headers.

    Example:
        >>> service_worker(ReceivedResponse(), Circumstances(worker=Worker(ttl=60))).elapsed
        60.0
    """
    worker = visit.worker
    if worker is None:
        return Limit(obstacle="no service worker, or no lifetime set for it", obstacle_clause="P9")
    if not worker.keeps:
        return Limit(obstacle=f"the service worker does not store a {response.status}", obstacle_clause="P9")
    ttl = seconds(worker.ttl, "the service worker's lifetime")
    return Limit(age=ttl) if worker.subtracts_age else Limit(elapsed=ttl)


def browser_cache(response: ReceivedResponse, visit: Circumstances = FIRST_USE) -> Limit:
    """P13: a prefetch by the page's script without a service worker, kept by the browser's HTTP cache.

    The edge sends it the lifetime of the service worker, counted from the prefetch, and ``No-Vary-Search``;
    one that is not for every visitor gets neither.

    Raises:
        FreshnessError: The lifetime is not a valid number of seconds.

    Source: ``docs/edge-rules.md``, E39.

    Example:
        >>> browser_cache(ReceivedResponse(), Circumstances(worker=Worker(ttl=60))).elapsed
        60.0
    """
    limit = service_worker(response, visit)
    if limit.obstacle:
        return replace(
            limit, obstacle=limit.obstacle.replace("service worker", "browser"), obstacle_clause="P13"
        )
    if not storable(response):
        return Limit(obstacle="no-store: not stored", obstacle_clause="F1")
    if {"cookie", "*"}.intersection(response.vary):
        return Limit(obstacle="Vary: the response is not for every visitor", obstacle_clause="F10")
    return Limit(elapsed=max(limit.elapsed, limit.age))


_DIFFERS: Final = frozenset(
    {"sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "sec-purpose"}
)


def _chromium_differs(visit: Circumstances) -> frozenset[str]:
    return _DIFFERS | {"accept"} if visit.crossorigin else _DIFFERS


def _from_cache(
    response: ReceivedResponse, differs: frozenset[str], reader: Reader, stale: float = 0.0
) -> Limit:
    """Return the limit of a response in a browser's HTTP cache: F1 and F10 first, then F2 and F6."""
    if not storable(response, reader=reader):
        return Limit(obstacle="no-store: not stored", obstacle_clause="F1")
    if "*" in response.vary:
        return Limit(obstacle="Vary: * never matches", obstacle_clause="F10")
    if names := ", ".join(name for name in response.vary if name in differs):
        obstacle = f"Vary: {names} differs between the prefetch and the navigation"
        return Limit(obstacle=obstacle, obstacle_clause="F10")
    if validates_always(response, reader):
        return Limit()
    return Limit(age=freshness_lifetime(response, reader=reader).seconds + stale)
