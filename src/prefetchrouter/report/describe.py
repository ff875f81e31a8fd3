"""Descriptions of conditions and rules, as short sentences."""

from __future__ import annotations

from functools import lru_cache

from prefetchrouter.printable import MOST_SHOWN, printable
from prefetchrouter.rules.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Operand,
    Scalar,
    Variable,
)
from prefetchrouter.rules.operators import OPERATORS, Operator
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule


def describe_condition(condition: Condition) -> str:
    """Return a condition as a short sentence.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> describe_condition(path_is("/pages/:id"))
        'path matches /pages/:id'
    """
    match condition:
        case Comparison():
            return _comparison(condition)
        case AllOf(members=members):
            return " and ".join(_member(member, AnyOf) for member in members)
        case AnyOf(members=members):
            return " or ".join(_member(member, AllOf) for member in members)


def _member(member: Condition, bracketed: type[AllOf] | type[AnyOf]) -> str:
    text = describe_condition(member)
    return f"({text})" if isinstance(member, bracketed) else text


def _comparison(test: Comparison) -> str:
    operands = test.operands
    if len(operands) == 2 and isinstance(first := operands[0], Variable):
        return _start(test.operator, first.namespace, first.name) + _operand(operands[1])
    if len(operands) == 3:
        return f" {test.operator} ".join(map(_operand, operands))
    return f"{_operand(operands[0])} {OPERATORS[test.operator].words} {_operand(operands[1])}"


@lru_cache(maxsize=1024)
def _start(operator: Operator, namespace: str, name: str | int) -> str:
    """Return what the description of a variable compared with a value begins with: the same in most rules."""
    return f"{_variable(namespace, name)} {OPERATORS[operator].words} "


def _operand(operand: Operand) -> str:
    if isinstance(operand, Variable):
        return _variable(operand.namespace, operand.name)
    return _value(operand)


@lru_cache(maxsize=1024)
def _variable(namespace: str, name: str | int) -> str:
    if namespace in ("request", "response"):
        return printable(str(name)).replace("_", " ")
    kind = {"request.origin_query": "query", "variable": ""}.get(namespace, namespace.split(".")[-1])
    return printable(f"{kind} {name}".strip(), MOST_SHOWN)


def _value(value: Scalar | tuple[Scalar, ...]) -> str:
    if isinstance(value, tuple):
        return printable(", ".join(map(str, value)), MOST_SHOWN) or "(nothing)"
    return printable(str(value), MOST_SHOWN) if value != "" else '""'


def describe_rule(rule: Rule) -> str:
    """Return a rule's condition as a short sentence; for a chain, its first condition.

    Example:
        >>> from prefetchrouter import Router
        >>> describe_rule(Router().get("/a", comment="note").rules[0])
        'path matches /a and method is GET'
    """
    match rule:
        case Apply():
            return "every request"
        case Group(rules=rules):
            return f"{len(rules)} rules for every request"
        case Chain(branches=branches, otherwise=otherwise):
            more = len(branches) - 1 + (otherwise is not None)
            first = describe_condition(branches[0].condition)
            return f"{first} (and {more} more branch{'es' if more > 1 else ''})" if more else first
