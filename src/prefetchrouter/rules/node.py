"""The base of all parts of the model: frozen, without extra fields, in the order written."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Never, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


CLOSED = ConfigDict(extra="forbid", strict=True)
"""The configuration of every model; classes with many instances are slotted dataclasses instead."""


class Node(BaseModel):
    """A frozen, closed piece of the model that knows which of its fields were written."""

    # Built at first use: most programs use few of the models, and good values of most need none at all.
    model_config = ConfigDict(**CLOSED, frozen=True, defer_build=True)  # pyright: ignore[reportCallIssue]


class FrozenDict(dict[K, V]):
    """A mapping that cannot be changed, so that rules stay immutable.

    Example:
        >>> FrozenDict({"200": "1h"})["200"]
        '1h'
    """

    def _refuse(self, *_: Any, **__: Any) -> Never:
        raise TypeError("rules are frozen: build a new mapping instead")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]
    __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


Frozen = Annotated[dict[K, V], AfterValidator(FrozenDict)]
"""A mapping field of the model: validated as a dict, kept as a `FrozenDict`."""
