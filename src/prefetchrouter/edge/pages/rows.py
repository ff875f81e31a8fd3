"""Requests, stored responses and origin requests as rows of tables, and as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, TypeAlias

from prefetchrouter.edge.cache import StoredResponseView
from prefetchrouter.edge.logging.entry_data import entry_data
from prefetchrouter.edge.logging.lines import left_text, short_target, size_text
from prefetchrouter.edge.logging.request_log import LogEntry, Reasons, is_refresh
from prefetchrouter.edge.logging.rule_lines import last_line, marked_lines
from prefetchrouter.edge.logging.secrets import shielded, shielded_key
from prefetchrouter.edge.origin_client import OriginCall
from prefetchrouter.freshness import spoken
from prefetchrouter.http.masking import masked_url

Show: TypeAlias = Literal["all", "prefetches", "misses"]
"""The filter of the list of requests."""


class Copies(Protocol):
    """A cache that pages list and purge."""

    @property
    def size(self) -> int:
        """The size of all stored responses, in bytes."""
        ...

    @property
    def limit(self) -> int:
        """The limit of that size, in bytes."""
        ...

    def views(self, now: float) -> Sequence[StoredResponseView]:
        """Return a summary of each stored response."""
        ...

    def remove(self, key: tuple[str, ...]) -> int:
        """Remove all stored responses of a key; return how many there were."""
        ...

    def clear(self) -> int:
        """Remove every stored response; return how many there were."""
        ...

    def purge_tags(self, tags: Sequence[str]) -> int:
        """Remove the stored responses that have one of these tags; return how many there were."""
        ...

    def check_url(self, url: str) -> None:
        """Check that a URL can be purged.

        Raises:
            ValueError: No request can have that URL, or it is on a host of another site.
        """
        ...

    def purge_url(self, url: str) -> int:
        """Remove the stored responses of a URL or path; return how many there were.

        Raises:
            ValueError: It cannot be purged, as `check_url` says.
        """
        ...


def is_wanted(entry: LogEntry, show: Show) -> bool:
    """Return whether a request passes a filter: ``misses`` are all that the cache did not answer.

    Args:
        entry: The request.
        show: The filter.
    """
    trace = entry.exchange.trace
    if show == "prefetches":
        return trace.prefetch is not None
    return show == "all" or trace.cache in ("miss", "coalesced", "pass", "refused", "error")


def request_row(entry: LogEntry) -> dict[str, Any]:
    """Return a request as a row: `entry_data`, and texts for people."""
    exchange = entry.exchange
    trace = exchange.trace
    return {
        **entry_data(entry),
        "at": exchange.time,
        "target": short_target(exchange.request),
        "left": rounded_left(trace.ttl),
        "size_text": size_text(exchange.size),
        "took": took(exchange.seconds),
        "lines": marked_lines(trace.all_rules, trace.response_rules),
        "last_line": last_line(trace.all_rules),
    }


def rounded_left(ttl: float | None) -> str:
    """Return how long a stored response stays fresh, or since when it is stale, as people would say it.

    From ten of a unit on, the nearest whole number of it is enough.

    Example:
        >>> [rounded_left(ttl) for ttl in (29.9 * 86_400, 3596, 296, -4, None)]
        ['30 d', '1 h', '4 min 56 s', 'stale for 4 s', '']
    """
    if ttl is None:
        return ""
    unit = next((unit for unit in (86_400, 3600, 60) if abs(ttl) >= 10 * unit), 1)
    return left_text(round(ttl / unit) * unit).removeprefix("TTL ")


def took(seconds: float) -> str:
    """Return a duration as text.

    Example:
        >>> took(0.0123), took(0.00004), took(2.5)
        ('12 ms', '0.04 ms', '2.5 s')
    """
    if seconds >= 1:
        return spoken(seconds)
    return f"{seconds * 1000:.2g} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def stored_id(key: tuple[str, ...]) -> str:
    """Return an identifier of a cache key for forms, which reveals nothing of the key.

    Example:
        >>> len(stored_id(("shop.example/", "origin web")))
        32
    """
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]


def stored_row(stored: StoredResponseView) -> dict[str, Any]:
    """Return a stored response as a row: `stored_data`, and texts for people."""
    return {
        **stored_data(stored),
        "state": "fresh" if stored.ttl >= 0 else "stale" if stored.ttl + stored.stale >= 0 else "expired",
        "age_text": spoken(round(stored.age)),
        "left": rounded_left(stored.ttl),
        "stale_text": spoken(stored.stale) if stored.stale else "",
        "size_text": size_text(stored.size),
    }


def stored_data(stored: StoredResponseView) -> dict[str, Any]:
    """Return a stored response as plain data; secrets in its key and its variant are hidden."""
    return {
        "id": stored_id(stored.key),
        "key": [shielded_key(part) for part in stored.key],
        "vary": [[name, None if text is None else shielded(name, text)] for name, text in stored.vary],
        "status": stored.status,
        "size": stored.size,
        "age": round(stored.age, 3),
        "ttl": round(stored.ttl, 3),
        "stale": stored.stale,
        "hits": stored.hits,
        "basis": stored.basis,
        "tags": list(stored.tags),
    }


@dataclass(frozen=True, slots=True)
class OriginCallRow:
    """A request to an origin.

    Args:
        time: When, in ISO 8601.
        at: When, in seconds since 1970.
        origin: The name of the origin.
        method: The method.
        url: The full URL; for a folder its path, with that of the request.
        target: The URL as shown: for a folder only the path of the request.
        status: The status of the response, None without one.
        failure: How it failed, None if it did not.
        seconds: The time until the head of the response.
        because: The number of the client's request that caused it, None if unknown.
        because_target: Path and query of that request.
        prefetch: Whether that request was a prefetch.
        refresh: Whether it is a refresh in the background, so that that request did not wait for it.
        took: That time, as text.
    """

    time: str
    at: float
    origin: str
    method: str
    url: str
    target: str
    status: int | None
    failure: str | None
    seconds: float
    because: int | None
    because_target: str | None
    prefetch: bool
    refresh: bool
    took: str

    @classmethod
    def of(cls, call: OriginCall, reasons: Reasons) -> OriginCallRow:
        """Return the row of a request to an origin.

        Args:
            call: The request.
            reasons: The requests that may have caused it.
        """
        entry = reasons.of(call)
        return cls(
            time=datetime.fromtimestamp(call.time, UTC).isoformat(timespec="milliseconds"),
            at=call.time,
            origin=call.origin,
            method=call.method,
            url=masked_url(call.url),
            target=masked_url(call.url if "://" in call.url else call.target),
            status=call.status,
            failure=call.failure,
            seconds=call.seconds,
            because=entry.number if entry else None,
            because_target=short_target(entry.exchange.request) if entry else None,
            prefetch=entry is not None and entry.exchange.trace.prefetch is not None,
            refresh=is_refresh(call),
            took=took(call.seconds),
        )

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        texts = ("took", "at", "target")
        return {name: value for name, value in asdict(self).items() if name not in texts}
