"""What happened to a request, for logs, pages and `Cache-Status`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from prefetchrouter.http.message import Response
from prefetchrouter.http_cache.prefetches import Announced

CacheStatus: TypeAlias = Literal[
    "hit",  # a fresh stored response
    "stale",  # a stale one, while it is refreshed (stale-while-revalidate)
    "stale-error",  # a stale one, since the origin failed (stale-if-error)
    "revalidated",  # a stored one, confirmed by a 304 of the origin
    "miss",  # fetched, and stored where that is allowed
    "coalesced",  # waited for the fetch of another request
    "pass",  # fetched past the cache
    "refused",  # a prefetch that no stored response can answer: 412, or 503 for foreign prefetches
    "synthetic",  # made by the rules: redirects, refusals, bodies
    "internal",  # the edge's own files and pages
    "error",  # no response from the origin, or an invalid request
]
ForwardReason: TypeAlias = Literal["bypass", "method", "uri-miss", "vary-miss", "request", "stale"]
"""Why a request was forwarded to an origin: RFC 9211 section 2.2."""

PrefetchStatus: TypeAlias = Literal["hit", "refused", "fetched", "synthetic", "unusable"]
"""What became of a prefetch; unusable: a status that leaves the browser without the page."""


@dataclass(slots=True)
class RequestTrace:
    """What happened to one request.

    Args:
        cache: How the cache handled it.
        reason: Why, in a few words.
        rules: The lines of the rules that apply, such as ``"routes.py:12"``.
        response_rules: The lines of those that apply because of the response, as `catch` does.
        key: The cache key, as text; None if the cache was not looked up.
        ttl: Remaining freshness lifetime in seconds, negative when stale; None without a stored response.
        age: The age of the stored response in seconds, None without one.
        prefetch: What became of a prefetch; None for other requests.
        foreign: How a prefetch that is not by this project's scripts announced itself; None for others.
        forward: Why the request was forwarded to an origin, in the words of Cache-Status; None if it was not.
        origin_status: The status of the origin's last response, None without one.
        is_stored: Whether the response is stored.
        is_collapsed: Whether the request was coalesced with another one.
        is_warmed: Whether the page was fetched for this prefetch first, as `serve` does on this machine.
        origin_calls: One line for each request to an origin that it caused.
        refresh_of: For a refresh in the background, the trace of the request that started it.
        origin_response: The origin's response, before rules changed it; None without one.
    """

    cache: CacheStatus = "pass"
    reason: str = ""
    rules: tuple[str, ...] = ()
    response_rules: tuple[str, ...] = ()
    key: str | None = None
    ttl: float | None = None
    age: float | None = None
    prefetch: PrefetchStatus | None = None
    foreign: Announced | None = None
    forward: ForwardReason | None = None
    origin_status: int | None = None
    is_stored: bool = False
    is_collapsed: bool = False
    is_warmed: bool = False
    origin_calls: list[str] = field(default_factory=list)
    refresh_of: RequestTrace | None = field(default=None, compare=False, repr=False)
    origin_response: Response | None = field(default=None, compare=False, repr=False)

    @property
    def all_rules(self) -> tuple[str, ...]:
        """The lines of all rules that apply, each once; those of the response last."""
        return tuple(dict.fromkeys((*self.rules, *self.response_rules)))
