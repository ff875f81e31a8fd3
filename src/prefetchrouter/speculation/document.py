"""The file of Speculation Rules of a rule set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from prefetchrouter.browser_view import BrowserView
from prefetchrouter.browser_view.path_parts import as_path_test, is_path_part
from prefetchrouter.catalog import keys
from prefetchrouter.lowering import lower
from prefetchrouter.lowering.tests import Test, atomic, readings_in
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rewrite import rewrite
from prefetchrouter.rules.rule import HasRules, Rule
from prefetchrouter.rules.rule_set import RuleSet, property_of
from prefetchrouter.rules.walk import comparisons, conditions_in, distinct_features
from prefetchrouter.source import Source
from prefetchrouter.speculation.bounds import Bounds
from prefetchrouter.speculation.learned import raised
from prefetchrouter.speculation.link_tests import predicate
from prefetchrouter.speculation.where import LeftOut, Speculation, speculations


@dataclass(frozen=True, slots=True)
class Speculations:
    """What browsers may speculate on.

    Args:
        found: In the order of the rules.
        left_out: Links that rules make prefetchable and that no test of links can name.
    """

    found: tuple[Speculation, ...]
    left_out: tuple[LeftOut, ...]


def speculations_of(rules: HasRules, likely: Mapping[str, float] = MappingProxyType({})) -> Speculations:
    """Return what browsers may prefetch or prerender by themselves.

    Args:
        rules: A `RuleSet` or a `Router`.
        likely: How likely links are opened, by path and query; those that are opened most often first.

    Example:
        >>> from prefetchrouter import Router
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> len(speculations_of(Router().match("/pages/:id", caching=ages)).found)
        1
    """
    property = property_of(rules)
    whole = tuple(rewrite(rule, on_condition=_of_whole_path) for rule in rules.rules)
    lowered = lower(RuleSet(rules=whole, property=property))
    published = _published(rules, BrowserView.of(property))
    patterns = {
        test: str(comparison.value)
        for test, comparison in published.items()
        if comparison.operator in ("==", "!=") and isinstance(comparison.value, str)
    }
    secret = frozenset(
        number for number, test in enumerate(lowered.tests) if _is_of_url(test) and test not in published
    )
    rewrites = any(keys.url.url_rewrite in plan.values for plan in lowered.plans)
    bounds = Bounds(lowered, patterns=patterns, secret=secret, rewrites=rewrites)
    keeps = property is not None and property.path_parameters == "keep"
    found, left_out = speculations(lowered, bounds, path_parameters=keeps)
    return Speculations((*found, *raised(found, likely)), tuple(left_out))


def _published(rules: HasRules, view: BrowserView) -> dict[Test, Comparison]:
    """Return the tests that browsers see anyway, each with a comparison that it was made of."""
    facts = facts_of(property_of(rules))
    listed = [found for rule in rules.rules if (found := view.rule(rule)) is not None]
    return {atomic(test, facts): test for rule in listed for test in _comparisons_in(rule)}


def _comparisons_in(rule: Rule) -> Iterable[Comparison]:
    return (test for condition in conditions_in(rule) for test in comparisons(condition))


def _of_whole_path(condition: Condition) -> Condition:
    """Return a comparison of a part of the path as one of the whole path, where there is an equal one."""
    match condition:
        case Comparison(operands=operands):
            parts = [found for found in operands if isinstance(found, Variable) and is_path_part(found)]
            return (as_path_test(condition) or condition) if parts and len(operands) == 2 else condition
        case AllOf() | AnyOf():
            return condition


def _is_of_url(test: Test) -> bool:
    return any(reading.kind in ("path", "origin-path", "parameter") for reading in readings_in(test))


def announces(rules: HasRules) -> bool:
    """Return whether rules point browsers to Speculation Rules, or say when these are to act.

    Example:
        >>> from prefetchrouter import Router
        >>> announces(Router().speculation_rules()), announces(Router().get("/a", comment="a"))
        (True, False)
    """
    return any(_announces(features) for features in distinct_features(rules.rules))


def _announces(features: Features) -> bool:
    if features.speculation is not None:
        return True
    set_by_rules = features.headers.set_response_headers if features.headers is not None else None
    return any(name.lower() == "speculation-rules" for name in dict(set_by_rules or {}))


def rules_text(found: Iterable[Speculation]) -> str:
    """Return the text of speculation-rules.json.

    Example:
        >>> rules_text([])
        '{}\\n'
    """
    rules: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        rule: dict[str, Any] = {}
        if one.source is not None:
            rule["tag"] = tag(one.source)
        rule["eagerness"] = one.eagerness
        if one.no_vary_search is not None:
            rule["expects_no_vary_search"] = one.no_vary_search
        rule["where"] = predicate(one.where)
        rules.setdefault(one.action, []).append(rule)
    if not rules:
        return "{}\n"
    lists = (
        f' "{action}": [\n' + ",\n".join(f"  {json.dumps(rule)}" for rule in listed) + "\n ]"
        for action, listed in sorted(rules.items())
    )
    return "{\n" + ",\n".join(lists) + "\n}\n"


def tag(source: Source) -> str:
    """Return the tag of a rule: its line, in the characters that ``Sec-Speculation-Tags`` can carry.

    Example:
        >>> tag(Source("routes.py", 39))
        'routes.py:39'
    """
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in str(source))
