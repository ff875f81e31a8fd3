"""Conditions to and from the JSON of the rule language, with every mistake named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from prefetchrouter.errors import ConditionError, Diagnostic, did_you_mean, shown
from prefetchrouter.regex import portable, to_python
from prefetchrouter.rules.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Operand,
    Scalar,
    Variable,
    variable,
)
from prefetchrouter.rules.operators import OPERATORS, Operator, OperatorSpec
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.variables import NAMESPACES, lookup, names_in

Warn: TypeAlias = Callable[[Diagnostic], None]
"""A callback that gets each warning."""

MAX_DEPTH = 100
"""How deep `and` and `or` may be nested."""

_MAX_NUMBER = 2**53


def condition_from_json(data: object, warn: Warn | None = None) -> Condition:
    """Return the condition that JSON in the rule language describes.

    Args:
        data: For example ``{"===": [{"request": "method"}, "GET"]}``; `and` and `or` nest.
        warn: Given for a condition that is being written now: its regular expressions must then be portable,
            and warnings are reported. A condition that was read from JSON needs only to be valid.

    Raises:
        ConditionError: An unknown operator or variable, invalid operands, or too deep a nesting.
        PatternError, RegexError: A path pattern or regular expression is wrong.

    Example:
        >>> condition_from_json({"===": [{"request": "method"}, "GET"]}).operator
        '==='
    """
    return _condition(data, warn, depth=0)


def _condition(data: object, warn: Warn | None, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise _error(f"and/or are nested more than {MAX_DEPTH} deep", hint="write a flatter condition")
    if not isinstance(data, Mapping) or len(data) != 1:
        raise _error(
            f"{shown(data)} is not a condition", expected='one operator, such as {"===": [variable, value]}'
        )
    ((operator, content),) = data.items()
    if operator in ("and", "or"):
        if not isinstance(content, list | tuple) or not content:
            raise _error(f'"{operator}": {shown(content)}', expected="a list of conditions, at least one")
        members = tuple(_condition(member, warn, depth + 1) for member in content)
        return AllOf(members=members) if operator == "and" else AnyOf(members=members)
    return _comparison(operator, content, warn)


def _comparison(operator: object, content: object, warn: Warn | None) -> Comparison:
    spec = OPERATORS.get(cast("Operator", operator)) if isinstance(operator, str) else None
    if spec is None:
        raise _error(
            f"{shown(operator)} is not an operator",
            expected="one of " + ", ".join([*OPERATORS, "and", "or"]),
            hint=f'put a comparison around it, as in {{"===": [{{"{operator}": ...}}, ...]}}'
            if operator in NAMESPACES
            else _meant_operator(operator) or did_you_mean(operator, [*OPERATORS, "and", "or"]),
        )
    if not isinstance(content, list | tuple) or not 2 <= len(content) <= spec.most:
        wanted = "2 operands" if spec.most == 2 else f"2 or {spec.most} operands"
        raise _error(f"{operator}: {shown(content)}", expected=f"a list of {wanted}")
    operands = tuple(_operand(operand) for operand in content)
    variables = [operand for operand in operands if isinstance(operand, Variable)]
    if not variables:
        raise _error(
            f"{operator}: {shown(content)} does not name a variable",
            expected='a variable, such as {"request": "path"}',
        )
    for each in variables:
        if operator not in each.spec.operators:
            raise _error(
                f"{_name(each)} cannot be compared with {operator}",
                expected="one of " + ", ".join(each.spec.operators),
            )
    for operand in operands:
        if not isinstance(operand, Variable):
            _check_value(spec, operand, warn)
    return Comparison(operator=spec.name, operands=operands)


_ELSEWHERE = {
    **{word: spec.name for spec in OPERATORS.values() for word in spec.elsewhere},
    **dict.fromkeys(("&&", "&", "all"), "and"),
    **dict.fromkeys(("||", "|", "any"), "or"),
}
"""Names of operators in other programs."""


def _meant_operator(written: object) -> str | None:
    meant = _ELSEWHERE.get(written.lower()) if isinstance(written, str) else None
    return f'did you mean "{meant}"?' if meant else None


def _check_value(spec: OperatorSpec, value: Scalar | tuple[Scalar, ...], warn: Warn | None) -> None:
    is_list = isinstance(value, tuple)
    if (spec.group == "list") is not is_list:
        expected = "one value" if is_list else 'a list, such as ["/a", "/b"]'
        raise _error(f"{spec.name}: {shown(value)}", expected=expected)
    match spec.group:
        case "pattern":
            if isinstance(value, str):
                _tell(PathPattern(value).warnings, warn)
        case "regex":
            _check_regex(spec.name, value, warn)
        case "order":
            if not _is_number(value):
                raise _error(f"{spec.name}: {shown(value)}", expected="a number")
        case "equality" | "list":
            pass


def _check_regex(operator: str, value: object, warn: Warn | None) -> None:
    if isinstance(value, str) and warn is not None:
        _tell(portable(value).warnings, warn)
    elif isinstance(value, str):
        to_python(value)
    elif isinstance(value, bool) or not isinstance(value, int):
        raise _error(f"{operator}: {shown(value)}", expected="a regular expression as text")


def _tell(warnings: Sequence[Diagnostic], warn: Warn | None) -> None:
    if warn is not None:
        for warning in warnings:
            warn(warning)


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    digits = value.removeprefix("-").replace(".", "", 1) if isinstance(value, str) else ""
    return digits.isascii() and digits.isdigit()


def is_scalar(value: object) -> bool:
    """Return whether a value is text, a boolean, or a number that every JSON parser keeps exact.

    Example:
        >>> is_scalar("a"), is_scalar(7), is_scalar(float("nan")), is_scalar(2**53 + 1)
        (True, True, False, False)
    """
    if isinstance(value, int | float):
        return abs(value) <= _MAX_NUMBER
    return isinstance(value, str)


def _operand(data: object) -> Operand:
    match data:
        case Mapping():
            return _variable(data)
        case bool() | int() | float() | str() if is_scalar(data):
            return data
        case list() | tuple() if all(map(is_scalar, data)):
            return tuple(data)
        case _:
            raise _error(
                f"{shown(data)} cannot be compared",
                expected='text, a number, a list of these, or a variable such as {"request": "path"}',
            )


def _variable(data: Mapping[Any, Any]) -> Variable:
    if len(data) != 1:
        raise _error(f"{shown(dict(data))} is not a variable", expected='one entry, as {"request": "path"}')
    ((namespace, name),) = data.items()
    if not isinstance(namespace, str) or namespace not in NAMESPACES:
        raise _error(
            f"{shown(namespace)} is not a kind of variable",
            expected="one of " + ", ".join(NAMESPACES),
            hint=did_you_mean(namespace, NAMESPACES),
        )
    if (
        isinstance(name, bool)
        or not isinstance(name, str | int)
        or not is_scalar(name)
        or lookup(namespace, name) is None
    ):
        raise _error(
            f"{namespace}: {shown(name)} is not a known variable",
            hint=did_you_mean(name, names_in(namespace)) if isinstance(name, str) else None,
        )
    return variable(namespace, name)


def _name(named: Variable) -> str:
    return f'{named.namespace} "{named.name}"'


def _error(message: str, *, expected: str | None = None, hint: str | None = None) -> ConditionError:
    return ConditionError.of("condition", message, expected=expected, hint=hint)


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON in the rule language, as it was written.

    Example:
        >>> condition_to_json(condition_from_json({"in": [{"request": "path"}, ["/a"]]}))
        {'in': [{'request': 'path'}, ['/a']]}
    """
    match condition:
        case Comparison():
            return {condition.operator: [_operand_to_json(operand) for operand in condition.operands]}
        case AllOf():
            return {"and": [condition_to_json(member) for member in condition.members]}
        case AnyOf():
            return {"or": [condition_to_json(member) for member in condition.members]}


def _operand_to_json(operand: Operand) -> Any:
    if isinstance(operand, Variable):
        return {operand.namespace: operand.name}
    return list(operand) if isinstance(operand, tuple) else operand
