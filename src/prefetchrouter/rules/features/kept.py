"""What was read or worked out before: most rules of a large router write the same few sections.

Features are frozen, so rules can share them, and what follows from them.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar

from prefetchrouter.rules.features.section import Section

MOST_KEPT: Final = 1024
"""When there are more, all are dropped: a file whose rules all differ gains nothing from them."""

S = TypeVar("S", bound=Section)
T = TypeVar("T")


def kept_reader(read: Callable[[Mapping[str, object]], S]) -> Callable[[Mapping[str, object]], S]:
    """Return a reader of features that reads the same sections, in the same order, only once.

    Args:
        read: Reads any features; sections among them may be models.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> reader = kept_reader(Features.of)
        >>> reader({"caching": {"max_age": "1h"}}) is reader({"caching": {"max_age": "1h"}})
        True
    """
    wholes: dict[bytes, S] = {}
    parts: dict[bytes, Section] = {}

    def section(name: str, value: object, key: bytes | None) -> object:
        return value if key is None else parts.get(key, value)

    def kept(features: Mapping[str, object]) -> S:
        whole = _key(features)
        if whole is not None and whole in wholes:
            return wholes[whole]
        keys = {name: _key({name: value}) for name, value in features.items() if _is_section(name, value)}
        made = read({name: section(name, value, keys.get(name)) for name, value in features.items()})
        if len(wholes) + len(parts) >= MOST_KEPT:
            wholes.clear()
            parts.clear()
        parts.update((key, made.__dict__[name]) for name, key in keys.items() if key is not None)
        if whole is not None and len(keys) == len(features):
            wholes[whole] = made
        return made

    return kept


def once_for_each(work: Callable[[S], T]) -> Callable[[S], T]:
    """Return a function of features that works out its result once for each object.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> names, features = once_for_each(lambda features: list(features.__dict__)), Features(comment="a")
        >>> names(features) is names(features)
        True
    """
    known: dict[int, tuple[S, T]] = {}

    @wraps(work)
    def once(features: S) -> T:
        found = known.get(id(features))
        if found is not None:  # the object is kept with its result, so that no other has its id
            return found[1]
        if len(known) >= MOST_KEPT:
            known.clear()
        result = work(features)
        known[id(features)] = features, result
        return result

    return once


def _is_section(name: object, value: object) -> bool:
    return type(value) is dict and bool(name) and name in Section.sections


def _key(data: Any) -> bytes | None:
    """Return bytes that are equal only for the same data in the same order: 1, 1.0 and True differ."""
    try:
        return marshal.dumps(data, 2)
    except ValueError:  # there is something in it that is not plain data
        return None
