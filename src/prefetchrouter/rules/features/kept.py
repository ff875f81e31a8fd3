"""Sections that were read before, by what was written: most rules of a large router write the same few.

A section is frozen, so rules can share it.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Final

from prefetchrouter.rules.features.section import Section

MOST_KEPT: Final = 1024
"""When there are more, all are dropped: a file whose rules all differ gains nothing from them."""

_kept: dict[bytes, Section] = {}


def with_kept_sections(features: Mapping[str, object]) -> tuple[dict[str, object], dict[str, bytes]]:
    """Return features with the sections that were read before as models, and the keys of the others.

    Args:
        features: Sections and other features, as written.

    Example:
        >>> with_kept_sections({"caching": {"max_age": "no such section was read before"}})[0]
        {'caching': {'max_age': 'no such section was read before'}}
    """
    found: dict[str, object] = {}
    keys: dict[str, bytes] = {}
    for name, value in features.items():
        if type(value) is dict and name in Section.sections and name:
            key = _key(name, value)
            known = _kept.get(key) if key is not None else None
            if key is not None and known is None:
                keys[name] = key
            found[name] = value if known is None else known
        else:
            found[name] = value
    return found, keys


def keep(sections: Mapping[str, object], keys: Mapping[str, bytes]) -> None:
    """Keep the sections of these keys."""
    if len(_kept) + len(keys) > MOST_KEPT:
        _kept.clear()
    for name, key in keys.items():
        section = sections[name]
        if isinstance(section, Section):
            _kept[key] = section


def _key(name: str, value: dict[object, object]) -> bytes | None:
    """Return bytes that are equal only for the same data in the same order: 1, 1.0 and True differ."""
    try:
        return marshal.dumps((name, value), 2)
    except ValueError:  # there is something in it that is not plain data
        return None
