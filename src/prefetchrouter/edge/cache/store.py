"""`Cache`: copies by cache key, and among those of one key by what `Vary` names."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from prefetchrouter.edge.cache.absent import CHANGED, EVICTED, PURGED, TOO_LARGE, Absences
from prefetchrouter.edge.cache.copy import Copy, CopyView, Key
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.vary import is_selected

BYTES_OF_A_KEY = 512
"""What a key takes besides its texts and its copies, in bytes: measured (`tests/edge/cache`)."""


@dataclass(slots=True)
class _Shelf:
    """The copies of one key, the one last kept at the end."""

    copies: list[Copy] = field(default_factory=list)
    size: int = BYTES_OF_A_KEY


class Cache:
    """Copies within a bound; when it is reached, those that were unused longest go.

    Args:
        limit: What all copies together may take, in bytes.
        variants: How many copies one key may have.
    """

    def __init__(self, limit: int, variants: int = 32) -> None:
        self.limit = limit
        self.variants = variants
        self.size = 0
        self._shelves: OrderedDict[Key, _Shelf] = OrderedDict()
        self._keys: dict[str, Key | set[Key]] = {}
        """The keys of each address: mostly one, and then without a set, which would take 200 bytes."""
        self.absent = Absences()
        """Why there is no copy under a key."""

    def __len__(self) -> int:
        return sum(len(shelf.copies) for shelf in self._shelves.values())

    def find(self, key: Key, headers: HeaderFields) -> Copy | None:
        """Return the copy for a key and request headers, None when there is none; it counts as used.

        Of several that fit, which a changed `Vary` can leave, the one kept last is returned
        (RFC 9111, section 4.1).

        Args:
            key: The cache key.
            headers: The headers of the request.
        """
        shelf = self._shelves.get(key)
        if shelf is None:
            return None
        for copy in reversed(shelf.copies):
            if not copy.variant or is_selected(copy.variant, headers):
                self._shelves.move_to_end(key)
                return copy
        return None

    def names(self, key: Key) -> tuple[str, ...]:
        """Return the request headers by which the copies of a key are told apart, as far as is known."""
        shelf = self._shelves.get(key)
        return tuple(name for name, _ in shelf.copies[-1].variant) if shelf is not None else ()

    def put(self, copy: Copy) -> bool:
        """Keep a copy in place of the one it succeeds; return whether there is room for it at all."""
        if copy.size + BYTES_OF_A_KEY > self.limit:
            self.absent.note(copy.key, TOO_LARGE)
            return False
        self.absent.forget(copy.key)
        shelf = self._shelves.get(copy.key)
        if shelf is None:
            shelf = self._shelves[copy.key] = _Shelf()
            self.size += shelf.size
            self._index(copy.key)
        for old in [old for old in shelf.copies if old.variant == copy.variant]:
            self._drop(shelf, old)
        shelf.copies.append(copy)
        shelf.size += copy.size
        self.size += copy.size
        if len(shelf.copies) > self.variants:
            self._drop(shelf, shelf.copies[0])
        self._shelves.move_to_end(copy.key)
        while self.size > self.limit:
            oldest = next(iter(self._shelves))
            if oldest == copy.key:  # only its own shelf is left
                self._drop(shelf, shelf.copies[0])
            else:
                self.remove(oldest, EVICTED)
        return True

    def discard(self, copy: Copy) -> None:
        """Remove one copy, if it is still there."""
        shelf = self._shelves.get(copy.key)
        if shelf is not None and copy in shelf.copies:
            self._drop(shelf, copy)
            if not shelf.copies:
                self.remove(copy.key)

    def remove(self, key: Key, why: str | None = None) -> int:
        """Remove all copies of a key; return how many there were.

        Args:
            key: The cache key.
            why: What is to be remembered as the reason, if anything.
        """
        shelf = self._shelves.pop(key, None)
        if shelf is None:
            return 0
        if why is not None:
            self.absent.note(key, why)
        self.size -= shelf.size
        keys = self._keys[key[0]]
        if isinstance(keys, set):
            keys.discard(key)
        if not keys or keys == key:
            del self._keys[key[0]]
        return len(shelf.copies)

    def remove_address(self, address: str) -> int:
        """Remove all copies whose key begins with an address; return how many there were.

        Args:
            address: The first part of their keys: host, path and the query that counts.
        """
        keys = self._keys.get(address, set())
        return sum(self.remove(key, CHANGED) for key in (tuple(keys) if isinstance(keys, set) else (keys,)))

    def clear(self, why: str = PURGED) -> None:
        """Remove every copy.

        Args:
            why: What is to be remembered as the reason.
        """
        self.absent.note_all(self._shelves, why)
        self._shelves.clear()
        self._keys.clear()
        self.size = 0

    def views(self, now: float) -> list[CopyView]:
        """Return what there is to see of each copy, the last used first.

        Args:
            now: The time, in unix seconds.
        """
        shelves = reversed(self._shelves.values())
        return [CopyView.of(copy, now) for shelf in shelves for copy in reversed(shelf.copies)]

    def _index(self, key: Key) -> None:
        known = self._keys.get(key[0])
        if known is None:
            self._keys[key[0]] = key
        elif isinstance(known, set):
            known.add(key)
        elif known != key:
            self._keys[key[0]] = {known, key}

    def _drop(self, shelf: _Shelf, copy: Copy) -> None:
        shelf.copies.remove(copy)
        shelf.size -= copy.size
        self.size -= copy.size
