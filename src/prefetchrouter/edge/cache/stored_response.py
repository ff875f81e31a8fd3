"""A stored response (RFC 9111 section 3)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any
from weakref import ref

from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import StoragePolicy

Key = tuple[str, ...]
Variant = tuple[tuple[str, str | None], ...]
"""The request headers that `Vary` names, each with its value; None for a missing header."""

_OVERHEAD = 1136
"""The size of a stored response without headers, key and body, in bytes: measured (`tests/edge/cache`)."""

_BYTES_OF_A_TEXT = sys.getsizeof("")


@dataclass(slots=True, eq=False)
class StoredResponse:
    """A response that the edge stores.

    Args:
        key: The cache key.
        variant: The values of the request headers in `Vary` for which it may be used.
        original: Status and headers as received from the origin: conditions on the response see these.
        headers: The headers to send, after the rules on an origin's headers.
        body: The complete body.
        policy: How long it may be used.
        response_time: When it was received, in unix seconds (RFC 9111 section 4.2.3).
        initial_age: Its age at that time, in seconds (``corrected_initial_age``).
        hits: How often it was used.
        tags: The tags by which it can be purged; those of the rules when it was stored.
    """

    key: Key
    variant: Variant
    original: Response
    headers: HeaderFields
    body: bytes
    policy: StoragePolicy
    response_time: float
    initial_age: float
    hits: int = 0
    tags: tuple[str, ...] = ()
    size: int = field(init=False)
    """How much of the cache it occupies, in bytes."""
    views: dict[ref[Any], Any] = field(init=False, default_factory=dict)
    """How clients see it, by the decision on their requests: a cache of `client_view_of`."""

    def __post_init__(self) -> None:
        fields = self.original.fields
        own = fields.memory
        shown = own if fields.own_bytes is None else own - fields.own_bytes  # clients see the same texts
        if self.headers is not fields:
            own += shown
        texts = sum(len(part) + _BYTES_OF_A_TEXT for part in self.key)
        self.size = _OVERHEAD + own + shown + texts + len(self.body)
        self.select(self.variant)

    def select(self, variant: Variant) -> None:
        """Set the variant of a response that had none."""
        self.variant = variant
        self.size += sum(len(text or "") + 3 * _BYTES_OF_A_TEXT for _, text in variant)

    def resident_time(self, now: float) -> float:
        """Return the seconds since it was received, 0 if the clock was set back (RFC 9111 section 4.2.3)."""
        return max(0.0, now - self.response_time)


@dataclass(frozen=True, slots=True)
class StoredResponseView:
    """A summary of a stored response for people; all times in seconds from now.

    Args:
        key: The cache key.
        vary: The request headers for which it may be used.
        status: Its status.
        size: How much of the cache it occupies, in bytes.
        age: Its age.
        ttl: Its remaining freshness lifetime; negative when it is stale.
        stale: How long after that it may be used while it is refreshed.
        hits: How often it was used.
        basis: What set the lifetime: ``"rule"``, or a header of the origin.
        tags: The tags by which it can be purged.
    """

    key: Key
    vary: Variant
    status: int
    size: int
    age: float
    ttl: float
    stale: float
    hits: int
    basis: str
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: StoredResponse, now: float) -> StoredResponseView:
        """Return the summary at a time, in unix seconds."""
        resident = stored.resident_time(now)
        policy = stored.policy
        return cls(
            stored.key, stored.variant, stored.original.status, stored.size, stored.initial_age + resident,
            policy.fresh - resident, policy.stale, stored.hits, policy.basis, stored.tags,
        )  # fmt: skip
