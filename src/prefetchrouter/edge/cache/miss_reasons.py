"""Why nothing is stored under a key: the last reason, for the most recent keys."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

from prefetchrouter.edge.cache.stored_response import Key
from prefetchrouter.http.message import Response

NOT_REQUESTED: Final = "not requested yet"
EVICTED: Final = "evicted: the cache was full"
PURGED: Final = "purged"
RULES_CHANGED: Final = "the rules have changed since"
INVALIDATED: Final = "invalidated by an unsafe request to its URL"
TOO_LARGE: Final = "larger than the whole cache"

_MOST_CHARACTERS: Final = 2048


class MissReason(NamedTuple):
    """Why nothing is stored under a key.

    Args:
        reason: In a few words, as `storage_policy` says it.
        response: The response that was not stored; None if that is not the reason, or if it is too large to
            be remembered.
    """

    reason: str
    response: Response | None = None


class MissReasons:
    """The most recent reasons; of older ones only that there were some.

    Keys are remembered by their hash: they may be long, and two that collide only swap their reasons.

    Args:
        most: How many keys are remembered.

    Example:
        >>> reasons = MissReasons()
        >>> reasons.record(("shop.example/a",), "set-cookie")
        >>> reasons.reason_for(("shop.example/a",)).reason, reasons.reason_for(("shop.example/b",)).reason
        ('set-cookie', 'not requested yet')
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._known: OrderedDict[int, MissReason] = OrderedDict()
        self._has_forgotten = False

    def __len__(self) -> int:
        return len(self._known)

    def record(self, key: Key, reason: str, response: Response | None = None) -> None:
        """Remember why nothing is stored under a key, in place of an earlier reason.

        Args:
            key: The cache key.
            reason: Why.
            response: The response that was not stored, if that is the reason.
        """
        if response is not None and _characters(response) > _MOST_CHARACTERS:
            response = None
        hashed = hash(key)
        self._known[hashed] = MissReason(reason, response)
        self._known.move_to_end(hashed)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
            self._has_forgotten = True

    def record_all(self, keys: Iterable[Key], reason: str) -> None:
        """Remember one reason for many keys; the last ones are remembered longest."""
        for key in keys:
            self.record(key, reason)

    def forget(self, key: Key) -> None:
        """Forget the reason for a key, since something is stored under it now."""
        if self._known:
            self._known.pop(hash(key), None)

    def reason_for(self, key: Key) -> MissReason:
        """Return the last reason for a key."""
        default = "not requested lately" if self._has_forgotten else NOT_REQUESTED
        return self._known.get(hash(key)) or MissReason(default)


def _characters(response: Response) -> int:
    return sum(len(name) + len(text) for name, text in response.fields.fields())
