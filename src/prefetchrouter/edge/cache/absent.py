"""Why nothing is stored under a key: the last reason, for the last keys that had one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

from prefetchrouter.http.message import Response

Key = tuple[str, ...]

NOT_REQUESTED: Final = "not requested yet"
EVICTED: Final = "evicted: the cache was full"
PURGED: Final = "purged"
RULES_CHANGED: Final = "the rules have changed since"
CHANGED: Final = "an unsafe request to its URL has removed it"
TOO_LARGE: Final = "larger than the whole cache"

_MOST_CHARACTERS: Final = 2048


class Absence(NamedTuple):
    """Why nothing is stored under a key.

    Args:
        reason: In a few words, as `storage_policy` says it.
        answer: The response that was not stored; None when it was not that, or is too large to be remembered.
    """

    reason: str
    answer: Response | None = None


class Absences:
    """The last reasons; of older ones only that there were some.

    Args:
        most: How many keys are remembered.

    Example:
        >>> absences = Absences()
        >>> absences.note(("shop.example/a",), "set-cookie")
        >>> absences.why(("shop.example/a",)).reason, absences.why(("shop.example/b",)).reason
        ('set-cookie', 'not requested yet')
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._known: OrderedDict[int, Absence] = OrderedDict()
        self._has_forgotten = False

    def __len__(self) -> int:
        return len(self._known)

    def note(self, key: Key, reason: str, answer: Response | None = None) -> None:
        """Remember why nothing is stored under a key, in place of what was known.

        Args:
            key: The cache key.
            reason: Why.
            answer: The response that was not stored, if that is the reason.
        """
        if answer is not None and _characters(answer) > _MOST_CHARACTERS:
            answer = None
        mark = hash(key)
        self._known[mark] = Absence(reason, answer)
        self._known.move_to_end(mark)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
            self._has_forgotten = True

    def note_all(self, keys: Iterable[Key], reason: str) -> None:
        """Remember one reason for many keys, of which the last count most."""
        for key in keys:
            self.note(key, reason)

    def forget(self, key: Key) -> None:
        """Forget a key, since something is stored under it now."""
        if self._known:
            self._known.pop(hash(key), None)

    def why(self, key: Key) -> Absence:
        """Return the last reason for a key."""
        usual = "not requested lately" if self._has_forgotten else NOT_REQUESTED
        return self._known.get(hash(key)) or Absence(usual)


def _characters(answer: Response) -> int:
    return sum(len(name) + len(text) for name, text in answer.fields.fields())
