"""Features as a list of entries: one for each value that later rules can replace by itself.

A mapping by header name, status code or variable name has an entry for each name; `prefetchrouter.catalog`
says which features these are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import FEATURES, FeatureSpec
from prefetchrouter.rules.features import (
    Features,
    Section,
    ShieldedDuration,
    ShieldedFlag,
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
    ShieldedTreatment,
    items,
)
from prefetchrouter.rules.rule import Apply
from prefetchrouter.rules.rule_json import EDGE_FUNCTION_VERSION


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """One value that a rule sets.

    Args:
        key: Where it belongs, such as ``"caching.max_age.200"``; header names are in lower case.
        value: The value as the model holds it.
        gathers: Whether it is added to earlier values, rather than replacing them.
    """

    key: str
    value: object
    gathers: bool = False


def entries_of(apply: Apply) -> tuple[FeatureEntry, ...]:
    """Return what a features object sets, value by value.

    Example:
        >>> apply = Apply(features=Features(caching={"max_age": "1h", "bypass_cache": False}))
        >>> [(entry.key, entry.value) for entry in entries_of(apply)]
        [('caching.max_age.200', '1h'), ('caching.bypass_cache', False)]
    """
    return tuple(_entries(apply.features))


def _entries(features: Features) -> Iterator[FeatureEntry]:
    for name, part in items(features):
        if isinstance(part, Section):
            for own, value in items(part):
                yield from _feature(FEATURES[f"{name}.{own}"], value, part)
        else:
            yield from _feature(FEATURES[name], part, features)


def _feature(spec: FeatureSpec, value: object, section: Section) -> Iterator[FeatureEntry]:
    key = str(spec.key)
    if isinstance(value, ShieldedFlag | ShieldedTreatment | ShieldedDuration):
        value = value.value
    elif isinstance(value, ShieldedRequestHeaders | ShieldedResponseHeaders | ShieldedHeaderNames):
        value = value.headers
    match spec.merge:
        case "none":
            return
        case "status":
            if isinstance(value, str):
                codes = getattr(section, spec.codes_from) if spec.codes_from else None
                value = dict.fromkeys(["200", *map(str, codes or ())], value)
            yield from (FeatureEntry(f"{key}.{name}", part) for name, part in _parts(value))
        case "name":
            yield from (FeatureEntry(f"{key}.{name}", part) for name, part in _parts(value))
        case "header":
            for name, part in _parts(value):
                yield FeatureEntry(f"{key}.{name.lower()}", part, gathers=name.startswith("+"))
        case "added-header":
            yield from (
                FeatureEntry(f"{key}.{name.lower()}", part, gathers=True) for name, part in _parts(value)
            )
        case "header-names":
            assert isinstance(value, tuple)
            yield from (FeatureEntry(f"{key}.{name.lower()}", True) for name in value)
        case "value":
            is_path = key == keys.edge_function and isinstance(value, str)
            yield FeatureEntry(
                key, {"js_path": value, "version": EDGE_FUNCTION_VERSION} if is_path else value
            )


def _parts(value: object) -> Iterable[tuple[str, object]]:
    assert isinstance(value, Mapping)
    return value.items()
