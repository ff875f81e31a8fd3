"""Conditions: comparisons, and the `and`/`or` that join them; the rule language as frozen data.

A comparison is an operator and its operands, in the order written: ``{"<=": [720, {"device":
"resolution_height"}, 1080]}`` has three. `docs/rule-language.md` documents the operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.rules.frozen_data import frozen_data
from prefetchrouter.rules.operators import Operator
from prefetchrouter.rules.variables import VariableSpec, lookup

Scalar: TypeAlias = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact about the request or response, such as ``{"request.header": "host"}``.

    Args:
        namespace: The group of facts: ``"request"``, ``"request.header"``, ``"device"``, ...
        name: Which of them; ``random`` takes the highest number instead.

    Example:
        >>> variable("request", "path").spec.phase
        'request'
    """

    namespace: str
    name: str | int

    @property
    def spec(self) -> VariableSpec:
        """The documentation of the variable."""
        spec = lookup(self.namespace, self.name)
        if spec is None:
            raise KeyError(f"{self.namespace}: {self.name}")
        return spec


Operand: TypeAlias = Variable | Scalar | tuple[Scalar, ...]


@frozen_data
class Comparison:
    """An operator applied to operands; true or false for a request.

    Example:
        >>> path_is("/pages/:id").value
        '/pages/:id'
    """

    operator: Operator
    operands: tuple[Operand, ...]

    @property
    def variable(self) -> Variable | None:
        """The first operand that is a variable."""
        for operand in self.operands:
            if isinstance(operand, Variable):
                return operand
        return None

    @property
    def value(self) -> Operand | None:
        """The first operand that is not a variable."""
        for operand in self.operands:
            if not isinstance(operand, Variable):
                return operand
        return None


@frozen_data
class AllOf:
    """True when every member is: ``{"and": [...]}``."""

    members: tuple[Condition, ...]


@frozen_data
class AnyOf:
    """True when at least one member is: ``{"or": [...]}``."""

    members: tuple[Condition, ...]


Condition: TypeAlias = Comparison | AllOf | AnyOf


@lru_cache(maxsize=4096)
def variable(namespace: str, name: str | int) -> Variable:
    """Return the variable of that name; the same one each time.

    Example:
        >>> variable("request.header", "host").name
        'host'
    """
    return Variable(namespace=namespace, name=name)


def path_is(pattern: str) -> Comparison:
    """Return the condition that the request's path matches a path pattern.

    Example:
        >>> path_is("/pages/:id").operator
        '=='
    """
    return Comparison(operator="==", operands=(variable("request", "path"), pattern))
