"""The operators of comparisons, each described once: name, operands, opposite.

Adding one begins here: its name in `Relation` (and in `Negation`, with an opposite), and its row in `_spec`.
The type checker then names each reader that has to say what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

Relation = Literal["===", "==", "=~", "in", "<", "<=", ">", ">="]
"""The operators that are not the negation of another."""

Negation = Literal["!==", "!=", "!~", "not_in"]
"""The operators that negate a relation."""

Operator: TypeAlias = Literal[Relation, Negation]

Group = Literal["equality", "pattern", "regex", "list", "order"]
"""What an operator compares with: a value, a path pattern, a regular expression, a list, or a number.

Variables take operators by the group; see `prefetchrouter.rules.variable_tables`.
"""


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """One operator of the catalogue.

    Args:
        name: As conditions write it.
        relation: The relation that it tests; itself, or the one that it negates.
        group: What it compares with.
        words: How sentences say it, between two operands.
        most: How many operands it takes at the most; the least is two.
        elsewhere: Its names in other programs, for "did you mean".

    Example:
        >>> OPERATORS["not_in"].relation, OPERATORS["not_in"].negated, OPERATORS["<="].most
        ('in', True, 3)
    """

    name: Operator
    relation: Relation
    group: Group
    words: str
    most: int = 2
    elsewhere: tuple[str, ...] = ()

    @property
    def negated(self) -> bool:
        """Whether it is true where its relation is not."""
        return self.name != self.relation


def _spec(name: Operator) -> OperatorSpec:
    words: tuple[str, ...]
    match name:
        case "===":
            words = "=", "eq", "equals", "equal", "is", "$eq"
            return OperatorSpec(name, "===", "equality", "is", elsewhere=words)
        case "!==":
            words = "ne", "neq", "not_equals", "<>", "is_not", "not", "$ne"
            return OperatorSpec(name, "===", "equality", "is not", elsewhere=words)
        case "==":
            return OperatorSpec(name, "==", "pattern", "matches")
        case "!=":
            return OperatorSpec(name, "==", "pattern", "does not match")
        case "=~":
            words = "~", "match", "matches", "regex", "contains", "like", "$regex"
            return OperatorSpec(name, "=~", "regex", "matches regex", elsewhere=words)
        case "!~":
            return OperatorSpec(name, "=~", "regex", "does not match regex")
        case "in":
            words = "one_of", "is_one_of", "any_of", "$in"
            return OperatorSpec(name, "in", "list", "is one of", elsewhere=words)
        case "not_in":
            words = "nin", "notin", "not in", "$nin", "!in"
            return OperatorSpec(name, "in", "list", "is not one of", elsewhere=words)
        case "<":
            return OperatorSpec(name, "<", "order", "<", most=3, elsewhere=("lt", "$lt"))
        case "<=":
            return OperatorSpec(name, "<=", "order", "<=", most=3, elsewhere=("lte", "le", "$lte", "=<"))
        case ">":
            return OperatorSpec(name, ">", "order", ">", elsewhere=("gt", "$gt"))
        case ">=":
            return OperatorSpec(name, ">=", "order", ">=", elsewhere=("gte", "ge", "$gte", "=>"))


def _all() -> dict[Operator, OperatorSpec]:
    """Return all operators, each relation before its opposite."""
    relations: tuple[Relation, ...] = get_args(Relation)
    negations: tuple[Negation, ...] = get_args(Negation)
    opposites = [_spec(name) for name in negations]
    specs: list[OperatorSpec] = []
    for relation in relations:
        specs += _spec(relation), *(spec for spec in opposites if spec.relation == relation)
    return {spec.name: spec for spec in specs}


OPERATORS: Final[Mapping[Operator, OperatorSpec]] = MappingProxyType(_all())
"""Every operator by its name."""

_OPPOSITES: Final = {
    spec.name: other.name
    for spec in OPERATORS.values()
    for other in OPERATORS.values()
    if other.relation == spec.relation and other.negated is not spec.negated
}


def opposite(operator: Operator) -> Operator | None:
    """Return the operator that is true where this one is not, of a variable that is there; None without one.

    Example:
        >>> opposite("in"), opposite("!=="), opposite("<")
        ('not_in', '===', None)
    """
    return _OPPOSITES.get(operator)  # pyright: ignore[reportReturnType]


def of_group(group: Group) -> tuple[Operator, ...]:
    """Return the operators of a group.

    Example:
        >>> of_group("regex")
        ('=~', '!~')
    """
    return tuple(spec.name for spec in OPERATORS.values() if spec.group == group)
