"""Checks that the property declares the origins that rules set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prefetchrouter.errors import Diagnostic, PropertyError, did_you_mean, shown
from prefetchrouter.rules.host_names import SYSTEM_ORIGINS
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import applied

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property


def check_origins(rules: tuple[Rule, ...], property: Property | None) -> None:
    """Raise when a rule sets an undeclared origin and the property declares any.

    Raises:
        PropertyError: Names every such rule.
    """
    if property is None or property.origins is None:
        return
    problems = tuple(_unknown_origins(rules, property.origin_names))
    if problems:
        raise PropertyError(*problems)


def _unknown_origins(rules: tuple[Rule, ...], known: tuple[str, ...]) -> Iterator[Diagnostic]:
    for rule in rules:
        for apply in applied(rule):
            origin = apply.features.origin
            name = origin.set_origin if origin else None
            if name is not None and name not in known and name not in SYSTEM_ORIGINS:
                yield Diagnostic(
                    "unknown-origin",
                    f"set_origin: {shown(name)} is not an origin of the property",
                    apply.source,
                    expected="one of " + ", ".join(known),
                    hint=did_you_mean(name, known),
                )
