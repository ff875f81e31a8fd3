"""Conditions as functions of a request; `docs/rule-language.md` says in words what each operator means."""

from __future__ import annotations

import ipaddress
import operator
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, assert_never, cast

from prefetchrouter.evaluation.accessors import VariableAccessor, accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.path_tests import path_test
from prefetchrouter.http.named_facts import number_in, value_text
from prefetchrouter.http.request_target import exact_path_text, path_operand, path_pattern_text
from prefetchrouter.regex import compiled
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Operand, Variable
from prefetchrouter.rules.operators import OPERATORS, Relation
from prefetchrouter.rules.pattern import PathPattern

Holds: TypeAlias = Callable[[RequestContext], bool]
Truth: TypeAlias = bool | None
"""True, false, or None for "it depends"."""

ValueTest: TypeAlias = Callable[[str], bool]

_ORDERS: dict[Relation, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_PATHS = {("request", "path"), ("request", "origin_path")}


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition as a function of a request.

    Args:
        holds: Whether it is true of a request about which everything is known.
        accessors: How its variables are read.
        members: The conditions that it joins.
        decisive: The result of one member that settles it: False for `and`, True for `or`.
    """

    holds: Holds
    accessors: tuple[VariableAccessor, ...] = ()
    members: tuple[Predicate, ...] = ()
    decisive: bool = False

    def truth(self, context: RequestContext, *, with_response: bool) -> Truth:
        """Return whether it is true, or None if that depends on something unknown.

        Args:
            context: The request.
            with_response: Whether the response is known.
        """
        if not self.members:
            if any(_is_open(accessor, context, with_response) for accessor in self.accessors):
                return None
            return self.holds(context)
        result: Truth = not self.decisive
        for member in self.members:
            truth = member.truth(context, with_response=with_response)
            if truth is self.decisive:
                return truth
            if truth is None:
                result = None
        return result

    def unknown_names(self, context: RequestContext) -> tuple[str, ...]:
        """Return the unknown facts that it reads, each once."""
        names = [accessor.unknown_as(context) for accessor in self.accessors]
        for member in self.members:
            names += member.unknown_names(context)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def late_names(self) -> tuple[str, ...]:
        """Return what it reads of the response, each once."""
        names = [accessor.label for accessor in self.accessors if accessor.is_late]
        for member in self.members:
            names += member.late_names()
        return tuple(dict.fromkeys(names))

    @property
    def is_late(self) -> bool:
        """Whether it reads the response."""
        return any(accessor.is_late for accessor in self.accessors) or any(
            part.is_late for part in self.members
        )

    @property
    def is_drawn(self) -> bool:
        """Whether it reads a random number."""
        return any(accessor.is_drawn for accessor in self.accessors) or any(
            part.is_drawn for part in self.members
        )


def _is_open(accessor: VariableAccessor, context: RequestContext, with_response: bool) -> bool:
    return (accessor.is_late and not with_response) or accessor.unknown_as(context) is not None


def predicate(condition: Condition) -> Predicate:
    """Return a condition as a function of a request.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> from prefetchrouter.rules.conditions import path_is
        >>> predicate(path_is("/pages/:id")).holds(RequestContext(Request("/Pages/1/")))
        True
    """
    match condition:
        case Comparison():
            return _comparison(condition)
        case AllOf(members=members):
            parts = tuple(predicate(member) for member in members)
            return Predicate(_all(tuple(part.holds for part in parts)), members=parts, decisive=False)
        case AnyOf(members=members):
            parts = tuple(predicate(member) for member in members)
            return Predicate(_any(tuple(part.holds for part in parts)), members=parts, decisive=True)
        case _:
            assert_never(condition)


def _all(tests: tuple[Holds, ...]) -> Holds:
    if len(tests) == 2:
        first, second = tests
        return lambda context: first(context) and second(context)
    return lambda context: all(test(context) for test in tests)


def _any(tests: tuple[Holds, ...]) -> Holds:
    return lambda context: any(test(context) for test in tests)


def _comparison(test: Comparison) -> Predicate:
    variables = tuple(operand for operand in test.operands if isinstance(operand, Variable))
    accessors = tuple(accessor(variable) for variable in variables)
    spec = OPERATORS[test.operator]
    relation = spec.relation
    if relation in _ORDERS:
        holds = _ordering(_ORDERS[relation], test)
    elif len(accessors) > 1:
        holds = _of_two_variables(relation, *accessors)
    else:
        holds = _of_value(relation, test)
    if spec.negated:
        return Predicate(lambda context: not holds(context), accessors)
    return Predicate(holds, accessors)


def _of_value(relation: Relation, test: Comparison) -> Holds:
    variable, value = test.variable, test.value
    assert variable is not None
    assert value is not None
    if variable.namespace == "request" and variable.name == "path":
        if relation == "==":
            return path_test(PathPattern(path_pattern_text(value_text(value))))
        if relation == "===" and isinstance(value, str):
            text = exact_path_text(value)
            return lambda context: context.path == text
        if relation == "=~":
            search = compiled(value_text(value), captures=False).search
            return lambda context: search(context.path) is not None
    if variable.namespace == "request" and variable.name == "method" and relation == "===":
        return lambda context: context.method == value
    read, matches = (
        accessor(variable).value,
        _value_test(relation, variable, _as_paths_are(variable, relation, value)),
    )

    def holds(context: RequestContext) -> bool:
        found = read(context)
        return found is not None and matches(found)

    return holds


def _as_paths_are(variable: Variable, relation: Relation, value: Operand) -> Operand:
    """Return what a value is compared with; texts of paths are written as conditions see paths."""
    if variable.namespace != "request.path" and (variable.namespace, variable.name) not in _PATHS:
        return value
    return cast("Operand", path_operand(relation, value))


def _value_test(relation: Relation, variable: Variable, value: Operand) -> ValueTest:
    match relation:
        case "==":
            matches = PathPattern(value_text(value)).match
            return lambda found: matches(found) is not None
        case "=~":
            search = compiled(value_text(value), captures=False).search
            return lambda found: search(found) is not None
        case "in":
            entries = value if isinstance(value, tuple) else (value,)
            return _membership(variable, [value_text(entry) for entry in entries])
        case "===":
            return _equality(variable, value)
        case "<" | "<=" | ">" | ">=":
            raise AssertionError(f"{relation} compares numbers, not texts")


def _equality(variable: Variable, value: Operand) -> ValueTest:
    kind = variable.spec.value
    if isinstance(value, bool):
        return (lambda found: found == value_text(value)) if kind == "boolean" else _never
    if isinstance(value, int | float):
        return (lambda found: number_in(found) == value) if kind in ("integer", "decimal") else _never
    return _membership(variable, [value_text(value)])


def _never(found: str) -> bool:
    return False


def _membership(variable: Variable, entries: list[str]) -> ValueTest:
    if variable.namespace == "request.path":
        entries = [entry for written in entries for entry in _part_spellings(str(variable.name), written)]
    if variable.spec.value == "address":
        blocks = [block for block in map(_block, entries) if block is not None]
        if blocks:
            return lambda found: found in entries or _is_in(found, blocks)
    members = frozenset(entries)
    return lambda found: found in members


def _part_spellings(part: str, written: str) -> list[str]:
    """Return a part of the path as accessors have it: an extension without dot, no slash at the end."""
    if part == "directory":
        return [written.rstrip("/")]
    return [written.removeprefix(".")] if part == "extension" else [written]


Block: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _block(text: str) -> Block | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _is_in(found: str, blocks: list[Block]) -> bool:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    return any(address in block for block in blocks)


def _of_two_variables(relation: Relation, first: VariableAccessor, second: VariableAccessor) -> Holds:
    """Compare two facts: equal for `===` and `in`, equal except for case for `==`, held within for `=~`."""
    is_so = _text_relation(relation)

    def holds(context: RequestContext) -> bool:
        left, right = first.value(context), second.value(context)
        if left is None or right is None:
            return False
        return is_so(left, right)

    return holds


def _text_relation(relation: Relation) -> Callable[[str, str], bool]:
    match relation:
        case "===" | "in":
            return operator.eq
        case "==":
            return lambda left, right: left.lower() == right.lower()
        case "=~":
            return operator.contains
        case "<" | "<=" | ">" | ">=":
            raise AssertionError(f"{relation} compares numbers, not texts")


def _ordering(is_in_order: Callable[[float, float], bool], test: Comparison) -> Holds:
    sides = [_side(operand) for operand in test.operands]

    def holds(context: RequestContext) -> bool:
        numbers = [side(context) for side in sides]
        for left, right in pairwise(numbers):
            if left is None or right is None or not is_in_order(left, right):
                return False
        return True

    return holds


def _side(operand: Operand) -> Callable[[RequestContext], float | None]:
    if isinstance(operand, Variable):
        read = accessor(operand).value
        return lambda context: number_in(read(context))
    constant = number_in(value_text(operand))
    return lambda context: constant
