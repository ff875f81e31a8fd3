"""From rules to the JSON that an edge takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from prefetchrouter.errors import Diagnostic, PropertyError, did_you_mean, shown
from prefetchrouter.rules.property import SYSTEM_ORIGINS, Property
from prefetchrouter.rules.rule import Rule, applied
from prefetchrouter.rules.rule_json import rule_to_json


class HasRules(Protocol):
    """A `Router` or a `RuleSet`."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in order."""
        ...


def compile_rules(router: HasRules) -> list[Any]:
    """Return the rules as plain lists and mappings, in the form that an edge takes.

    Args:
        router: A `Router` or a `RuleSet`.

    Example:
        >>> from prefetchrouter import Router
        >>> compile_rules(Router().match("/a", caching={"max_age": "1h"}))
        [{'if': [{'==': [{'request': 'path'}, '/a']}, {'caching': {'max_age': {'200': '1h'}}}]}]
    """
    return [rule_to_json(rule) for rule in router.rules]


def check_origins(rules: tuple[Rule, ...], property: Property | None) -> None:
    """Raise when a rule sets an origin that is not described, once any is.

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
