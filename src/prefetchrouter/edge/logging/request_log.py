"""The latest requests, and counters since the start: for the terminal, the pages and tests."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.origin_client import OriginCall
from prefetchrouter.edge.request_trace import CacheStatus

_WITHOUT_ORIGIN: tuple[CacheStatus, ...] = ("hit", "stale", "stale-error", "revalidated", "coalesced")
_FOR_THE_SITE: tuple[CacheStatus, ...] = (*_WITHOUT_ORIGIN, "miss", "pass", "refused")


class LogEntry(NamedTuple):
    """A request in the request log.

    Args:
        number: Its number since the start, from 1.
        exchange: The request and its response.
    """

    number: int
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters since the start; the edge's own files and pages are in `internal` only.

    Args:
        requests: Requests for the site.
        hits: Answered with a fresh stored response, or one that the origin validated.
        stale: Answered with a stale one.
        misses: Fetched from the origin; coalesced requests included.
        passed: Forwarded past the cache.
        synthetic: Answered by the rules.
        errors: Failed: no response from the origin, or an invalid request.
        prefetches: Prefetch requests.
        prefetch_hits: Prefetches that were answered from the cache.
        refused: Prefetches that got a 412.
        origin_requests: Requests to origins.
        origin_failures: How many of these got no response.
        bytes_cached: Bytes of bodies sent that were not fetched for the request.
        bytes_fetched: Bytes of bodies sent while they arrived from an origin.
        internal: Requests for the edge's own files and pages.
        saved: Requests that origins would have got without an edge, minus those that they got.
    """

    requests: int
    hits: int
    stale: int
    misses: int
    passed: int
    synthetic: int
    errors: int
    prefetches: int
    prefetch_hits: int
    refused: int
    origin_requests: int
    origin_failures: int
    bytes_cached: int
    bytes_fetched: int
    internal: int
    saved: int


class RequestLog:
    """The latest requests of clients and to origins, and counters since the start.

    Adding an entry is cheap; everything else is computed on access.

    Args:
        keeps: How many requests of clients are remembered, and how many to origins.

    Example:
        >>> from prefetchrouter.edge.request_trace import RequestTrace
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "http", "localhost", "/pages/1")
        >>> request_log = RequestLog()
        >>> entry = request_log.note(
        ...     Exchange(0.0, request, 200, HeaderFields(), RequestTrace(cache="hit"), 0.001, 120, "whole")
        ... )
        >>> entry.number, request_log.counters.hits, request_log.counters.bytes_cached
        (1, 1, 120)
    """

    def __init__(self, keeps: int = 500) -> None:
        self.keeps = keeps
        self._entries: deque[LogEntry] = deque(maxlen=keeps)
        self._origin_calls: deque[OriginCall] = deque(maxlen=keeps)
        self._number = 0
        self._statuses: dict[str, int] = Counter()
        self._sizes: dict[str, int] = Counter()
        self._prefetches: dict[str | None, int] = Counter()
        self._origin_requests = 0
        self._origin_failures = 0

    def note(self, exchange: Exchange) -> LogEntry:
        """Add a request, and return its entry."""
        trace = exchange.trace
        cache = trace.cache
        self._statuses[cache] += 1
        self._sizes[cache] += exchange.size
        if trace.prefetch is not None:
            self._prefetches[trace.prefetch] += 1
        self._number = number = self._number + 1
        entry = LogEntry(number, exchange)
        self._entries.append(entry)
        return entry

    def note_origin(self, call: OriginCall) -> None:
        """Add a request to an origin."""
        self._origin_requests += 1
        if call.failure is not None:
            self._origin_failures += 1
        self._origin_calls.append(call)

    @property
    def revision(self) -> str:
        """A text that changes with every entry, for `ETag`."""
        return f"{self._number}-{self._origin_requests}"

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """The requests that are remembered, newest first."""
        return tuple(reversed(self._entries))

    @property
    def origin_calls(self) -> tuple[OriginCall, ...]:
        """The requests to origins that are remembered, newest first."""
        return tuple(reversed(self._origin_calls))

    def entry(self, number: int) -> LogEntry | None:
        """Return a request by its number, or None if it is unknown or no longer remembered."""
        if not self._entries:
            return None
        place = number - self._entries[0].number
        return self._entries[place] if 0 <= place < len(self._entries) else None

    @property
    def counters(self) -> Counters:
        """The counters since the start."""
        of = self._statuses
        for_site = sum(of[status] for status in _FOR_THE_SITE)
        return Counters(
            requests=sum(of.values()) - of["internal"],
            hits=of["hit"] + of["revalidated"],
            stale=of["stale"] + of["stale-error"],
            misses=of["miss"] + of["coalesced"],
            passed=of["pass"],
            synthetic=of["synthetic"],
            errors=of["error"],
            prefetches=sum(self._prefetches.values()),
            prefetch_hits=self._prefetches["hit"],
            refused=self._prefetches["refused"],
            origin_requests=self._origin_requests,
            origin_failures=self._origin_failures,
            bytes_cached=sum(self._sizes[status] for status in _WITHOUT_ORIGIN),
            bytes_fetched=sum(self._sizes[status] for status in ("miss", "pass")),
            internal=of["internal"],
            saved=max(0, for_site - self._origin_requests),
        )


class Reasons:
    """Finds the request of a client that caused one to an origin.

    Args:
        entries: The candidates.
    """

    def __init__(self, entries: Iterable[LogEntry]) -> None:
        self._by_trace = {id(entry.exchange.trace): entry for entry in entries}

    def of(self, call: OriginCall) -> LogEntry | None:
        """Return the request, or the one that started a refresh, or None if it is unknown or not complete."""
        cause = call.cause
        return None if cause is None else self._by_trace.get(id(cause.refresh_of or cause))


def is_refresh(call: OriginCall) -> bool:
    """Return whether a request to an origin was a refresh in the background."""
    return call.cause is not None and call.cause.refresh_of is not None
