"""Hit-for-miss: keys whose last response could not be stored, so that their requests are not coalesced."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from prefetchrouter.edge.cache.stored_response import Key

_MOST_KEYS = 10_000


class HitForMiss:
    """Remembers for some seconds that responses for a key could not be stored.

    Requests for such a key would wait for each other in vain: each needs a separate response. So they are
    sent to the origin side by side. The term is Varnish's.

    Args:
        clock: Returns the time in unix seconds.
        seconds: How long a key is remembered.

    Example:
        >>> now = 0.0
        >>> marks = HitForMiss(lambda: now, seconds=10)
        >>> marks.mark(("shop.example/cart",))
        >>> ("shop.example/cart",) in marks
        True
        >>> now = 10.0
        >>> ("shop.example/cart",) in marks
        False
    """

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        # By the hash of a key: keys may be long, and two that collide are only fetched without coalescing.
        self._until: OrderedDict[int, float] = OrderedDict()

    def mark(self, key: Key) -> None:
        """Remember that a response for a key could not be stored."""
        hashed = hash(key)
        self._until[hashed] = self._clock() + self._seconds
        self._until.move_to_end(hashed)
        if len(self._until) > _MOST_KEYS:
            self._until.popitem(last=False)

    def unmark(self, key: Key) -> None:
        """Forget a key, since a response for it was stored."""
        self._until.pop(hash(key), None)

    def __len__(self) -> int:
        return len(self._until)

    def __contains__(self, key: Key) -> bool:
        """Return whether requests for a key are not to be coalesced."""
        until = self._until.get(hash(key))
        if until is None:
            return False
        if self._clock() >= until:
            del self._until[hash(key)]
            return False
        return True
