"""Criteria turned into conditions, with every mistake named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import lru_cache

from prefetchrouter.authoring.criteria.cookie_patterns import cookie_header_value, is_pattern_of_names
from prefetchrouter.authoring.criteria.criterion_values import KEYS, NAMED, SINGLE, Exact, Joined, Not, Raw
from prefetchrouter.authoring.criteria.cures import code_of, instead, instead_of_nested, instead_of_text
from prefetchrouter.diagnostics import Fix
from prefetchrouter.errors import Code, CriteriaError, Diagnostic, RuleError, did_you_mean, nearest, shown
from prefetchrouter.likely_mistakes.ordinary import is_ordinary_test
from prefetchrouter.likely_mistakes.values import value_warnings
from prefetchrouter.printable import path_text
from prefetchrouter.regex import portable
from prefetchrouter.rules.condition_json import Warn, condition_from_json, is_scalar
from prefetchrouter.rules.conditions import AllOf, Comparison, Condition, Variable, path_is, variable
from prefetchrouter.rules.operators import Operator, opposite
from prefetchrouter.rules.pattern import check_pattern
from prefetchrouter.rules.pattern_warnings import is_unremarkable
from prefetchrouter.rules.variables import lookup, names_in
from prefetchrouter.rules.walk import comparisons

_MAX_DEPTH = 100
_WHOLE = (Joined, Raw)
"""The criteria that are not about one variable each, but a condition as a whole."""
_PATH_AND_METHOD = tuple(key for key in KEYS if key in ("path", "method"))
_MOST_NAMES = 40


def to_condition(criteria: object, warn: Warn, method: str | None = None) -> Condition | None:
    """Return the condition of criteria, or None if they test nothing.

    Args:
        criteria: What the user wrote.
        warn: Called with each warning.
        method: The method test of a verb such as `Router.get`.

    Raises:
        RuleError: All that is wrong with the criteria.

    Example:
        >>> to_condition("/pages/:id", print).operands[1]
        '/pages/:id'
    """
    if type(criteria) is str and is_unremarkable(criteria):  # nearly all rules of a large router
        of_path = path_is(criteria)
        return of_path if method is None else AllOf(members=(of_path, _method_is(method)))
    condition = _whole(criteria, warn, method)
    if condition is not None:
        _note_values(condition, criteria, warn, None if method is None else _method_is(method))
    return condition


@lru_cache
def _method_is(method: str) -> Comparison:
    """Return the test of a verb; the same one each time."""
    return Comparison(operator="===", operands=(SINGLE["method"], method))


def _whole(criteria: object, warn: Warn, method: str | None) -> Condition | None:
    if isinstance(criteria, _WHOLE):
        condition = _nested(criteria, warn, 0)
        return condition if method is None else AllOf(members=(condition, _method_is(method)))
    tests = _tests(criteria, warn, method)
    if len(tests) > 1:
        return AllOf(members=tuple(tests))
    return tests[0] if tests else None


def to_branch_condition(criteria: object, warn: Warn) -> Condition:
    """Return the condition of a branch, which must test something.

    Raises:
        RuleError: As `to_condition`, and for empty criteria.

    Example:
        >>> to_branch_condition({"method": "get"}, print).value
        'GET'
    """
    condition = _nested(criteria, warn, 0)
    _note_values(condition, criteria, warn)
    return condition


def _note_values(
    condition: Condition, criteria: object, warn: Warn, of_verb: Comparison | None = None
) -> None:
    """Warn about likely mistakes in a condition, except in the test that a verb adds."""
    tests = [test for test in comparisons(condition) if test is not of_verb and not is_ordinary_test(test)]
    if tests:
        literals = frozenset(_exact_entries(criteria))
        for test in tests:
            _note(value_warnings(test, literals), warn)


def _exact_entries(criteria: object) -> Iterator[str]:
    """Return the strings in lists that are written with `exact`, and so are compared literally on purpose."""
    match criteria:
        case str() | None:
            return
        case list() | tuple():
            yield from (entry.text for entry in criteria if isinstance(entry, Exact))
        case Joined(members=members):
            for member in members:
                yield from _exact_entries(member)
        case Not(value=value):
            yield from _exact_entries(value)
        case dict() | Mapping():
            for key in ("path", "origin_path"):
                if key in criteria:
                    yield from _exact_entries(criteria[key])
        case _:
            return


def _nested(criteria: object, warn: Warn, depth: int) -> Condition:
    if depth > _MAX_DEPTH:
        raise _error("criteria-value", f"and_/or_ are nested more than {_MAX_DEPTH} deep")
    match criteria:
        case Raw(condition=condition):
            return condition_from_json(condition, warn)
        case Joined(kind=kind, members=members):
            if not members:
                raise _error("empty-criteria", f"{'and_' if kind is AllOf else 'or_'}() joins nothing")
            return kind(members=tuple(_nested(member, warn, depth + 1) for member in members))
        case _:
            tests = _tests(criteria, warn, None)
            if not tests:
                raise _error(
                    "empty-criteria",
                    "empty criteria would be true for every request",
                    hint="use always(...) or else_(...) where that is meant",
                )
            return tests[0] if len(tests) == 1 else AllOf(members=tuple(tests))


def _tests(criteria: object, warn: Warn, method: str | None) -> list[Condition]:
    if isinstance(criteria, Not):
        _plain(criteria.value)
    mapping = criteria if isinstance(criteria, dict | Mapping) else {"path": criteria}
    problems: list[Diagnostic] = []
    tests: list[Condition] = []
    for key in mapping:
        if key not in KEYS:
            cure, near = instead(key, mapping[key]), nearest(key, KEYS)
            hint = cure or did_you_mean(key, KEYS) or "one of " + ", ".join(KEYS)
            fix = Fix(str(key), near) if near and not cure else None
            problems.append(
                Diagnostic("unknown-criterion", f"{shown(key)} is not a criterion", hint=hint, fix=fix)
            )
    if method is not None and "method" in mapping:
        problems += _error(
            "criteria-value",
            f'"method" in the criteria of {method.lower()}(...), which already matches only {method}',
            hint="use match(...), or remove the method",
        ).diagnostics
    for key in KEYS if mapping is criteria else _PATH_AND_METHOD:
        if key == "method" and method is not None:
            tests.append(_method_is(method))
        elif key in mapping:
            try:
                tests += _entry(key, mapping[key], warn)
            except RuleError as error:
                problems += error.diagnostics
    if problems:
        raise CriteriaError(*problems)
    return tests


def _entry(key: str, value: object, warn: Warn) -> list[Condition]:
    if key in SINGLE:
        return [_named_test((key,), SINGLE[key], value, warn)]
    if not isinstance(value, dict | Mapping):
        raise _error(
            "criteria-value",
            f"{key}: {shown(value)}",
            expected="a mapping of names to values",
            hint=instead_of_text(key, value),
        )
    if not value:
        raise _error("empty-criteria", f"{key}: {{}} tests nothing", hint=f'remove "{key}"')
    tests: list[Condition] = []
    problems: list[Diagnostic] = []
    for name, wanted in value.items():
        try:
            value = wanted
            tested = variable("request.header", "cookie")
            if key == "cookies" and is_pattern_of_names(name):
                value = cookie_header_value(name, wanted)
            else:
                tested = _named_variable(key, name)
            tests.append(_named_test((key, name), tested, value, warn))
        except RuleError as error:
            problems += error.diagnostics
    if problems:
        raise CriteriaError(*problems)
    return tests


def _named_variable(key: str, name: object) -> Variable:
    namespace = NAMED[key]
    if not isinstance(name, str) or not name:
        raise _error("criteria-value", f"{key}: {shown(name)} is not a name", expected="text")
    known = name.lower() if key == "headers" else name
    if lookup(namespace, known) is None:
        names = names_in(namespace)
        near = did_you_mean(name, names)
        raise _error(
            "unknown-criterion",
            f"{key}: {shown(name)} is not known",
            expected=None if near or len(names) > _MOST_NAMES else "one of " + ", ".join(names),
            hint=near,
        )
    return variable(namespace, known)


def _named_test(path: tuple[str, ...], tested: Variable, value: object, warn: Warn) -> Condition:
    """Return the test of a criterion; `path` is where it is in the criteria, for its problems."""
    warnings: list[Diagnostic] = []
    try:
        condition = _compare(tested, value, warnings.append)
    except RuleError as error:
        raise type(error)(*(_within(path, value, found) for found in error.diagnostics)) from None
    for warning in warnings:
        warn(_within(path, value, warning))
    return condition


def _within(path: tuple[str, ...], value: object, diagnostic: Diagnostic) -> Diagnostic:
    hint = diagnostic.hint
    if hint and hint.startswith("write {") and isinstance(value, Not):
        hint = "add a condition for each, and combine their negations with or_(...)"
    return replace(diagnostic.within(path_text(path)), hint=hint)


def _compare(tested: Variable, value: object, warn: Warn) -> Condition:
    operator, operand = _test(tested, value.value if isinstance(value, Not) else value, warn)
    if isinstance(value, Not):
        negated = opposite(operator)
        assert negated is not None
        operator = negated
    return Comparison(operator=operator, operands=(tested, operand))


def _plain(value: object) -> None:
    if isinstance(value, Mapping | Joined | Raw):
        code = instead_of_nested(value)
        raise _error(
            "criteria-value",
            f"{code_of(value)} is not one value",
            expected="text, a regular expression, exact(...), a list or not_(...) of one of these",
            hint=f"write {code}" if code else "put not_ around each value, not around whole criteria",
        )


def _test(
    tested: Variable, value: object, warn: Warn
) -> tuple[Operator, str | tuple[str | int | float, ...]]:
    is_method = tested is SINGLE["method"]
    if isinstance(value, str):
        if tested is SINGLE["path"]:
            _note(check_pattern(value), warn)
            return "==", value
        if tested.namespace == "request.origin_query" and value.startswith(":"):
            return "=~", ".+"
        return "===", value.upper() if is_method else value
    _plain(value)
    match value:
        case Exact(text=str(text)):
            return "===", text.upper() if is_method else text
        case re.Pattern():
            checked = portable(value)
            _note(checked.warnings, warn)
            return "=~", checked.source
        case list() | tuple() if value:
            return "in", tuple(_entry_value(entry, is_method) for entry in value)
        case list() | tuple():
            raise _error(
                "criteria-value",
                "an empty list matches nothing",
                hint="name a value, or remove the rule",
            )
        case Not():
            raise _error("criteria-value", "not_ inside not_", hint="remove both")
        case bool() | None:
            raise _error(
                "criteria-value",
                f"{shown(value)} is not text",
                expected="text, a regular expression, exact(...), a list or not_(...)",
                hint="write always(...) for every request"
                if _is_any_path(tested)
                else 'write not_(re.compile(".+")) for "must be absent"'
                if value is None
                else f'write "{str(value).lower()}"',
            )
        case int() | float() if is_scalar(value):
            slash = "/" if _is_any_path(tested) else ""
            raise _error("criteria-value", f"{shown(value)} is not text", hint=f'write "{slash}{value}"')
        case _:
            raise _error(
                "criteria-value",
                f"{shown(value)} is not text",
                expected="text, a regular expression, exact(...), a list or not_(...)",
                hint=f"write {code_of(sorted(value, key=str))}"
                if isinstance(value, Set) and value
                else "write list(...) around it"
                if isinstance(value, Iterator)
                else None,
            )


def _is_any_path(tested: Variable) -> bool:
    return tested in (SINGLE["path"], SINGLE["origin_path"])


def _entry_value(entry: object, is_method: bool) -> str | int | float:
    match entry:
        case str():
            return entry.upper() if is_method else entry
        case Exact(text=str(text)):
            return text.upper() if is_method else text
        case bool():
            raise _error("criteria-value", f"{entry} in a list", expected="text or numbers")
        case int() | float() if is_scalar(entry):
            return entry
        case _:
            raise _error(
                "criteria-value",
                f"{shown(entry)} in a list",
                expected="strings or numbers, compared literally",
                hint="join other tests with or_(...)",
            )


def _note(warnings: Iterable[Diagnostic], warn: Warn) -> None:
    for diagnostic in warnings:
        warn(diagnostic)


def _error(
    code: Code, message: str, *, expected: str | None = None, hint: str | None = None
) -> CriteriaError:
    return CriteriaError.of(code, message, expected=expected, hint=hint)
