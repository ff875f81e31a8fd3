"""Compiled features: whatever every request needs of them is derived once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.entries import FeatureEntry, entries_of
from prefetchrouter.rules.features.reserved import is_framing
from prefetchrouter.rules.rule import Apply, Branch

HeaderChanges: TypeAlias = Mapping[str, tuple[tuple[str, Any], ...]]
"""Names of headers with what is set, by the feature that sets or removes them."""

CLIENT_IP = "set_client_ip_custom_header"


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Features where a walk over the rules ends.

    Leaves are compared by identity: merged values are cached under the leaves that were merged.

    Args:
        apply: The features as they were written.
        branch: The branch that leads to them; None for an else, or without any condition.
        entries: What they set, value by value.
        rewrites: Whether they hold a rewrite.
        header_changes: What they say about headers.
        changes_origin_headers: Whether they change the headers of an origin's response.
    """

    apply: Apply
    branch: Branch | None
    entries: tuple[FeatureEntry, ...]
    rewrites: bool
    header_changes: HeaderChanges
    changes_origin_headers: bool


def leaf_of(apply: Apply, branch: Branch | None = None) -> Leaf:
    """Return compiled features.

    Args:
        apply: The features.
        branch: The branch that leads to them.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> leaf_of(Apply(features=Features(caching={"max_age": "1h"}))).rewrites
        False
    """
    entries = entries_of(apply)
    changes = header_changes(entries)
    return Leaf(
        apply,
        branch,
        entries,
        any(entry.key == keys.url.url_rewrite for entry in entries),
        changes,
        any(feature.endswith("_origin_response_headers") for feature in changes),
    )


def header_changes(entries: Iterable[FeatureEntry]) -> HeaderChanges:
    """Return what entries say about headers, except for those that frame a message, which no rule changes.

    Example:
        >>> header = FeatureEntry("headers.set_request_headers.x-a", "1")
        >>> header_changes([header, FeatureEntry("caching.bypass_cache", True)])
        {'set_request_headers': (('x-a', '1'),)}
    """
    found: dict[str, tuple[tuple[str, Any], ...]] = {}
    for entry in entries:
        section, _, key = entry.key.partition(".")
        feature, _, name = key.partition(".")
        if feature == CLIENT_IP:
            name = str(entry.value).lower()
        if section == "headers" and name and not is_framing(name):
            found[feature] = (*found.get(feature, ()), (name, entry.value))
    return found
