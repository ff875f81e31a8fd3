"""`Cache`: stored responses by cache key, and among those of one key by the request headers in `Vary`."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from prefetchrouter.edge.cache.miss_reasons import EVICTED, INVALIDATED, PURGED, TOO_LARGE, MissReasons
from prefetchrouter.edge.cache.stored_response import Key, StoredResponse, StoredResponseView
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.vary import is_selected

BYTES_OF_A_KEY = 512
"""The size of a key without its texts and its responses, in bytes: measured (`tests/edge/cache`)."""


@dataclass(slots=True)
class _Variants:
    """The stored responses of one key, the last stored at the end."""

    responses: list[StoredResponse] = field(default_factory=list)
    size: int = BYTES_OF_A_KEY


class Cache:
    """Stored responses within a limit of memory; the least recently used are evicted.

    Args:
        limit: The size of all stored responses together, in bytes.
        variants: How many responses one key may have.
    """

    def __init__(self, limit: int, variants: int = 32) -> None:
        self.limit = limit
        self.variants = variants
        self.size = 0
        self._by_key: OrderedDict[Key, _Variants] = OrderedDict()
        self._keys: dict[str, Key | set[Key]] = {}
        """The keys of each address: usually one, and then without a set, which would take 200 bytes."""
        self.miss_reasons = MissReasons()
        """Why nothing is stored under a key."""

    def __len__(self) -> int:
        return sum(len(found.responses) for found in self._by_key.values())

    def find(self, key: Key, headers: HeaderFields) -> StoredResponse | None:
        """Return the stored response for a key and request headers, None without one; it counts as used.

        If several match, since `Vary` has changed, it is the one stored last (RFC 9111, section 4.1).

        Args:
            key: The cache key.
            headers: The headers of the request.
        """
        found = self._by_key.get(key)
        if found is None:
            return None
        for stored in reversed(found.responses):
            if not stored.variant or is_selected(stored.variant, headers):
                self._by_key.move_to_end(key)
                return stored
        return None

    def vary_names(self, key: Key) -> tuple[str, ...]:
        """Return the request headers that the last stored `Vary` of a key names."""
        found = self._by_key.get(key)
        return tuple(name for name, _ in found.responses[-1].variant) if found is not None else ()

    def store(self, stored: StoredResponse) -> bool:
        """Store a response in place of an earlier one; return False if it is larger than the cache."""
        if stored.size + BYTES_OF_A_KEY > self.limit:
            self.miss_reasons.record(stored.key, TOO_LARGE)
            return False
        self.miss_reasons.forget(stored.key)
        found = self._by_key.get(stored.key)
        if found is None:
            found = self._by_key[stored.key] = _Variants()
            self.size += found.size
            self._index(stored.key)
        for earlier in [earlier for earlier in found.responses if earlier.variant == stored.variant]:
            self._drop(found, earlier)
        found.responses.append(stored)
        found.size += stored.size
        self.size += stored.size
        if len(found.responses) > self.variants:
            self._drop(found, found.responses[0])
        self._by_key.move_to_end(stored.key)
        while self.size > self.limit:
            oldest = next(iter(self._by_key))
            if oldest == stored.key:  # only the responses of this key are left
                self._drop(found, found.responses[0])
            else:
                self.remove(oldest, EVICTED)
        return True

    def discard(self, stored: StoredResponse) -> None:
        """Remove one stored response, if it is still there."""
        found = self._by_key.get(stored.key)
        if found is not None and stored in found.responses:
            self._drop(found, stored)
            if not found.responses:
                self.remove(stored.key)

    def remove(self, key: Key, why: str | None = None) -> int:
        """Remove all stored responses of a key; return how many there were.

        Args:
            key: The cache key.
            why: The reason to remember; None to remember none.
        """
        found = self._by_key.pop(key, None)
        if found is None:
            return 0
        if why is not None:
            self.miss_reasons.record(key, why)
        self.size -= found.size
        keys = self._keys[key[0]]
        if isinstance(keys, set):
            keys.discard(key)
        if not keys or keys == key:
            del self._keys[key[0]]
        return len(found.responses)

    def invalidate(self, address: str, why: str = INVALIDATED) -> int:
        """Remove all stored responses whose key begins with an address; return how many there were.

        Args:
            address: The first part of their keys: host, path and the query parameters of the key.
            why: The reason to remember.

        Source: RFC 9111, section 4.4.
        """
        keys = self._keys.get(address, set())
        each = tuple(keys) if isinstance(keys, set) else (keys,)
        return sum(self.remove(key, why) for key in each)

    def purge_tags(self, tags: frozenset[str]) -> int:
        """Remove all stored responses that have one of these tags; return how many there were.

        Args:
            tags: The tags.
        """
        removed = 0
        for key, found in tuple(self._by_key.items()):
            for stored in [stored for stored in found.responses if not tags.isdisjoint(stored.tags)]:
                self._drop(found, stored)
                removed += 1
            if not found.responses:
                self.remove(key, PURGED)
        return removed

    def hosts(self) -> set[str]:
        """Return the hosts for which responses are stored."""
        return {address.partition("/")[0] for address in self._keys}

    def clear(self, why: str = PURGED) -> None:
        """Remove every stored response.

        Args:
            why: The reason to remember.
        """
        self.miss_reasons.record_all(self._by_key, why)
        self._by_key.clear()
        self._keys.clear()
        self.size = 0

    def views(self, now: float) -> list[StoredResponseView]:
        """Return a summary of each stored response, the last used first.

        Args:
            now: The time, in unix seconds.
        """
        each = reversed(self._by_key.values())
        return [StoredResponseView.of(stored, now) for found in each for stored in reversed(found.responses)]

    def _index(self, key: Key) -> None:
        known = self._keys.get(key[0])
        if known is None:
            self._keys[key[0]] = key
        elif isinstance(known, set):
            known.add(key)
        elif known != key:
            self._keys[key[0]] = {known, key}

    def _drop(self, found: _Variants, stored: StoredResponse) -> None:
        found.responses.remove(stored)
        found.size -= stored.size
        self.size -= stored.size
