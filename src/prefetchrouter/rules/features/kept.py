"""Caches of parsed features and derived values: most rules of a large router write the same few sections.

Features are frozen, so rules can share them and the values derived from them.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar
from weakref import ReferenceType, ref

from pydantic import ValidationError

from prefetchrouter.errors import RuleError
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
    read = model.of
    wholes: dict[bytes, S] = {}
    parts: dict[tuple[str, bytes], object] = {}
    sections = {name: section for name, section in Section.sections.items() if name}

    def part(name: str, value: object) -> object:
        key = _key(value)
        known = None if key is None else parts.get((name, key))
        if known is not None:
            return known
        is_section = type(value) is dict and name in sections
        made = sections[name].read(value) if is_section else read({name: value}).__dict__[name]
        if key is not None:
            parts[name, key] = made
        return made

    def kept(features: Mapping[str, object]) -> S:
        whole = _key(features)
        found = None if whole is None else wholes.get(whole)
        if found is not None:
            return found
        if len(wholes) + len(parts) >= MOST_KEPT:
            wholes.clear()
            parts.clear()
        try:
            made = model.trusted({name: part(name, value) for name, value in features.items()})
        except (RuleError, ValidationError):
            return read(features)  # which reports the problems of all sections together
        if whole is not None:
            wholes[whole] = made
        return made

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
