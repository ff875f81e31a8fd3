"""Caches of parsed features and derived values: most rules of a large router write the same few sections.

Features are frozen, so rules can share them and the values derived from them.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar
from weakref import ReferenceType, ref

from prefetchrouter.rules.features.field_readers import READ_ERRORS, field_readers
from prefetchrouter.rules.features.section import Section

MOST_KEPT: Final = 1024
"""When there are more, all are dropped: a file whose rules all differ gains nothing from them."""

LONGEST_KEY: Final = 2048
"""In bytes. Longer features, such as a whole page in ``set_response_body``, are hardly ever written twice."""

S = TypeVar("S", bound=Section)
T = TypeVar("T")


def kept_reader(model: type[S]) -> Callable[[Mapping[str, object]], S]:
    """Return a reader of features that reads the same sections, in the same order, only once.

    Args:
        model: The model of all features together.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> reader = kept_reader(Features)
        >>> reader({"caching": {"max_age": "1h"}}) is reader({"caching": {"max_age": "1h"}})
        True
    """
    wholes: dict[bytes, S] = {}
    parts: dict[tuple[str, bytes], object] = {}

    def read(features: Mapping[str, object]) -> S:
        readers = field_readers(model)
        made: dict[str, Any] = {}
        for name, value in features.items():
            key = _key(value)
            part = None if key is None else parts.get((name, key))
            if part is None:
                part = readers[name](value)
                if key is not None:
                    parts[name, key] = part
            made[name] = part
        return model.trusted(made)

    def kept(features: Mapping[str, object]) -> S:
        key = _key(features)
        found = None if key is None else wholes.get(key)
        if found is not None:
            return found
        if len(wholes) + len(parts) >= MOST_KEPT:
            wholes.clear()
            parts.clear()
        try:
            found = read(features)
        except READ_ERRORS:
            return model.of(features)  # which reports the problems of all sections together
        if key is not None:
            wholes[key] = found
        return found

    return kept


def once_for_each(work: Callable[[S], T]) -> Callable[[S], T]:
    """Return a function of features that computes its result once for each object, which it does not keep.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> names, features = once_for_each(lambda features: list(features.__dict__)), Features(comment="a")
        >>> names(features) is names(features)
        True
    """
    known: dict[int, tuple[ReferenceType[S], T]] = {}

    @wraps(work)
    def once(features: S) -> T:
        key = id(features)
        found = known.get(key)
        if found is not None and found[0]() is features:  # ids are used again
            return found[1]
        if len(known) >= MOST_KEPT:
            known.clear()
        result = work(features)
        known[key] = ref(features), result
        return result

    return once


def _key(data: Any) -> bytes | None:
    """Return bytes that are equal only for the same data in the same order: 1, 1.0 and True differ."""
    try:
        key = marshal.dumps(data, 2)
    except ValueError:  # there is something in it that is not plain data
        return None
    return key if len(key) <= LONGEST_KEY else None
