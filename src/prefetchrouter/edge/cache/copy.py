"""A kept answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any
from weakref import ref

from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import StoragePolicy

Key = tuple[str, ...]
Variant = tuple[tuple[str, str | None], ...]

_OVERHEAD = 1136
"""What a copy takes besides its headers, its key and its body, in bytes: measured (`tests/edge/cache`)."""

_BYTES_OF_A_TEXT = sys.getsizeof("")


@dataclass(slots=True, eq=False)
class Copy:
    """An answer that the edge keeps.

    Args:
        key: The cache key.
        variant: The request headers that `Vary` names, with their texts, for which it is the answer.
        answer: Status and headers as the origin sent them: conditions on the response ask about these.
        headers: The headers to serve, after the rules on the origin's headers.
        body: The whole body.
        keep: How long it may be used.
        arrived: When it came, in unix seconds.
        age: How old it was then, in seconds.
        hits: How often it was used.
    """

    key: Key
    variant: Variant
    answer: Response
    headers: HeaderFields
    body: bytes
    keep: StoragePolicy
    arrived: float
    age: float
    hits: int = 0
    size: int = field(init=False)
    """What it takes of the cache, in bytes."""
    shown: dict[ref[Any], Any] = field(init=False, default_factory=dict)
    """What clients see of it, by what the rules decided about them; whoever shows it keeps it here."""

    def __post_init__(self) -> None:
        fields = self.answer.fields
        own = fields.memory
        shown = own if fields.own_bytes is None else own - fields.own_bytes  # clients see the same texts
        if self.headers is not fields:
            own += shown
        texts = sum(len(part) + _BYTES_OF_A_TEXT for part in self.key)
        self.size = _OVERHEAD + own + shown + texts + len(self.body)
        self.select(self.variant)

    def select(self, variant: Variant) -> None:
        """Say for which requests it is the answer; it was for all before."""
        self.variant = variant
        self.size += sum(len(text or "") + 3 * _BYTES_OF_A_TEXT for _, text in variant)

    @property
    def status(self) -> int:
        """The status with which it came."""
        return self.answer.status

    def resident(self, now: float) -> float:
        """Return the seconds since it came; a clock that was set back counts as none."""
        return max(0.0, now - self.arrived)


@dataclass(frozen=True, slots=True)
class CopyView:
    """What there is to see of a copy; all times in seconds from now.

    Args:
        key: The cache key.
        vary: The request headers for which it is the answer.
        status: Its status.
        size: What it takes, in bytes.
        age: How old it is.
        ttl: How long it stays fresh; negative when it is not.
        stale: How long after that it may serve while a fresh one is fetched.
        hits: How often it was used.
        basis: What set the time: ``"rule"``, or what the origin said.
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

    @classmethod
    def of(cls, copy: Copy, now: float) -> CopyView:
        """Return the view of a copy at a time, in unix seconds."""
        resident = copy.resident(now)
        return cls(
            copy.key, copy.variant, copy.status, copy.size, copy.age + resident,
            copy.keep.fresh - resident, copy.keep.stale, copy.hits, copy.keep.basis,
        )  # fmt: skip
