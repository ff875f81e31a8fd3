"""What rules ask for: each feature, variable, operator, construct and value form, with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prefetchrouter.catalog import FEATURES
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable
from prefetchrouter.rules.features import Features, Section, items, written
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.source import Source
from prefetchrouter.targets.support import Kind
from prefetchrouter.targets.used_forms import forms_of_test, forms_of_value, variables_of_value


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that a rule asks for.

    Args:
        kind: Whether it is a feature, a variable, an operator, a construct or a value form.
        name: Its name, such as ``"caching.max_age"``, ``"request.path"`` or ``"=~"``.
        source: The line of the rule.
        rule: The number of the rule, counted from 0, for rules that have no line.
        is_off: Whether the value is what holds without it, so that a target need not know the feature.
        in_text: Whether it is a variable in a text, where a value that is missing is the empty text.
    """

    kind: Kind
    name: str
    source: Source | None
    rule: int
    is_off: bool = False
    in_text: bool = False


def uses(rules: Iterable[Rule]) -> Iterator[Use]:
    """Yield what rules ask for, in the order written; options of a feature follow it.

    Example:
        >>> from prefetchrouter import Router
        >>> rules = Router().match("/a", caching={"max_age": "1h"}).rules
        >>> [(use.kind, use.name) for use in uses(rules)]
        [('operator', '=='), ('variable', 'request.path'), ('feature', 'caching.max_age')]
    """
    for number, rule in enumerate(rules):
        yield from _uses(rule, number)


def _uses(rule: Rule, number: int, *, is_inside: bool = False) -> Iterator[Use]:
    match rule:
        case Apply(features=features, source=source):
            for name, value in used_features(features):
                is_off = _is_off(name, value)
                yield Use("feature", name, source, number, is_off)
                if name in FEATURES and not is_off:
                    for kind, found in _of_value(name, value):
                        yield Use(kind, found, source, number, in_text=kind == "variable")
        case Group(rules=rules):
            for member in rules:
                yield from _uses(member, number, is_inside=is_inside)
        case Chain(branches=branches, otherwise=otherwise, source=source):
            if is_inside:
                yield Use("construct", "nested", source, number)
            for place, branch in enumerate(branches):
                if place > 0:
                    yield Use("construct", "elif", branch.source, number)
                for kind, name in _used_by(branch.condition):
                    yield Use(kind, name, branch.source, number)
                yield from _uses(branch.rule, number, is_inside=True)
            if otherwise is not None:
                yield Use("construct", "else", otherwise.source, number)
                yield from _uses(otherwise, number, is_inside=True)


def _of_value(name: str, value: object) -> Iterator[tuple[Kind, str]]:
    for form in dict.fromkeys(forms_of_value(name, value)):
        yield "value form", form
    for variable in dict.fromkeys(variables_of_value(name, value)):
        yield "variable", variable


def _used_by(condition: Condition) -> Iterator[tuple[Kind, str]]:
    match condition:
        case Comparison(operator=operator, operands=operands):
            yield "operator", operator
            for operand in operands:
                if isinstance(operand, Variable):
                    yield "variable", f"{operand.namespace}.{operand.name}"
            for form in forms_of_test(condition):
                yield "value form", form
        case AllOf(members=members) | AnyOf(members=members):
            yield "construct", "and" if isinstance(condition, AllOf) else "or"
            for member in members:
                yield from _used_by(member)


def used_features(features: Features) -> Iterator[tuple[str, object]]:
    """Yield each feature that is written, and each of its options, with its value.

    Example:
        >>> features = Features(headers={"set_request_headers": {"x-a": "b"}}, comment="note")
        >>> [name for name, _ in used_features(features)]
        ['headers.set_request_headers', 'comment']
    """
    for name, part in items(features):
        if isinstance(part, Section) and name in Section.sections:
            for own, value in items(part):
                yield from _with_options(f"{name}.{own}", value)
        else:
            yield from _with_options(name, part)


def _with_options(name: str, value: object) -> Iterator[tuple[str, object]]:
    yield name, value
    if isinstance(value, Section):
        for option, part in items(value):
            yield from _with_options(f"{name}.{option}", part)


def _is_off(name: str, value: object) -> bool:
    """Return whether a value is what holds without it.

    False and an empty list are not always that: ``age_response_header`` is on by default, and an empty
    ``cacheable_status_codes`` takes 200 from the list.
    """
    plain = written(value)
    default = _default(name)
    if default is not None:
        return bool(plain == default)
    feature = FEATURES.get(name)
    if feature is not None and feature.merge == "value":
        return plain is False
    return plain is False or plain in ("", [], {})  # adds nothing to what other rules say


def _default(name: str) -> object:
    feature = FEATURES.get(name)
    if feature is not None:
        return feature.default
    above, _, option = name.rpartition(".")
    defaults = _default(above) if above else None
    return defaults.get(option) if isinstance(defaults, dict) else None
