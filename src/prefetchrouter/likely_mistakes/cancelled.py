"""Warnings about features that have no effect, because another feature of the same rule cancels them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.features.section import Section, items
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import applied, distinct_features

_STORING = (
    "max_age", "default_internal_max_age", "service_worker_max_age", "stale_while_revalidate",
    "stale_on_error", "revalidate_after_origin_unavailable", "cache_key", "cache_key_query_string",
    "cache_key_rewrite",
    "cacheable_status_codes", "enable_caching_for_methods", "ignore_origin_no_cache",
)  # fmt: skip

CANCELS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("caching", "bypass_cache", "caching", _STORING),
    ("caching", "bypass_client_cache", "caching", ("client_max_age",)),
    ("access", "deny_access", "caching", ()),
    ("access", "deny_access", "origin", ()),
    ("access", "deny_access", "url", ()),
    ("access", "deny_access", "response", ()),
    ("response", "set_done", "origin", ("set_origin",)),
)
"""Section and feature that cancels when true; then the cancelled section, and its features (empty: all)."""


def cancelled_features(rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """Return a warning for each feature that another one of the same rule cancels.

    There is no warning if some rule switches the other one off again: both may then have an effect.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/a", caching={"bypass_cache": True, "max_age": "1h"})
        >>> [warning.message for warning in cancelled_features(router.rules)]
        ['caching.max_age has no effect with caching.bypass_cache']
    """
    rules = tuple(rules)
    distinct = distinct_features(rules)
    written = _distinct_sections(distinct)
    for row in CANCELS:
        values = [getattr(section, row[1], None) for section in written.get(row[0], ())]
        if any(value is False for value in values) or not any(map(_is_true, values)):
            continue
        cancelled = {
            id(features): found
            for features in distinct
            if _is_true(_value(features, row)) and (found := tuple(_cancelled(features, row)))
        }
        if not cancelled:
            continue
        for apply in (apply for rule in rules for apply in applied(rule)):
            yield from (found.at(apply.source) for found in cancelled.get(id(apply.features), ()))


def _distinct_sections(written: Iterable[Features]) -> dict[str, Iterable[object]]:
    """Return the sections that can cancel others, by name, each object once: rules share them."""
    found: dict[str, dict[int, object]] = {home: {} for home, *_ in CANCELS}
    for features in written:
        for name, section in items(features):
            if name in found:
                found[name][id(section)] = section
    return {name: sections.values() for name, sections in found.items()}


def _value(features: Features, row: tuple[str, str, str, tuple[str, ...]]) -> object:
    return getattr(getattr(features, row[0]), row[1], None)


def _cancelled(features: Features, row: tuple[str, str, str, tuple[str, ...]]) -> Iterator[Diagnostic]:
    home, name, section, named = row
    part: Section | None = getattr(features, section)
    gone = [
        other
        for other, _ in (items(part) if part is not None else ())
        if (other in named or not named) and other != name
    ]
    if part is None or not gone:
        return
    whole = len(gone) == len(list(items(part)))
    leave = f'"{section}"' if whole else " and ".join(map(shown, gone))
    yield Diagnostic(
        "no-effect",
        f"{', '.join(f'{section}.{other}' for other in gone)} "
        f"{'has' if len(gone) == 1 else 'have'} no effect with {home}.{name}",
        hint=f"remove {leave}",
        severity="warning",
    )


def _is_true(value: object) -> bool:
    return value is True or getattr(value, "value", None) is True
