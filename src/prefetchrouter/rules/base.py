"""What all parts of the model have in common: frozen, closed, and in the order that they were written."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Never, TypeVar, dataclass_transform

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.dataclasses import dataclass

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")


_CLOSED = ConfigDict(extra="forbid", strict=True)


class Node(BaseModel):
    """A frozen, closed piece of the model that knows which of its fields were written."""

    model_config = ConfigDict(**_CLOSED, frozen=True)


@dataclass_transform(frozen_default=True)
def node(kind: type[T]) -> type[T]:
    """Make a class a frozen, closed piece of the model; as small as can be, since there are many of them.

    Example:
        >>> @node
        ... class Pair:
        ...     left: int
        ...     right: int
        >>> Pair(left=1, right=2)
        Pair(left=1, right=2)
    """
    return dataclass(config=_CLOSED, frozen=True, slots=True)(kind)


class FrozenDict(dict[K, V]):
    """A mapping that cannot be changed, so that rules stay what they were when they were made.

    Example:
        >>> FrozenDict({"200": "1h"})["200"]
        '1h'
    """

    def _refuse(self, *_: Any, **__: Any) -> Never:
        raise TypeError("rules are frozen: build a new mapping instead")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]
    __ior__ = _refuse  # type: ignore[assignment]

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


Frozen = Annotated[dict[K, V], AfterValidator(FrozenDict)]
"""A mapping field of the model: validated as a dict, kept as a `FrozenDict`."""
