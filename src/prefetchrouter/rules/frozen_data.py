"""Frozen data classes that are made quickly: a large rule set consists of some hundred thousand objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import wraps
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen_data(owner: type[T]) -> type[T]:
    """Return a class as ``dataclass(frozen=True, slots=True)`` does, made in a third of the time.

    The constructor of a frozen dataclass gives each name to ``object.__setattr__``, which looks up the slot
    again for each object; this one calls the slots themselves.

    Args:
        owner: The class; its fields may have default values, but no `default_factory`.

    Example:
        >>> @frozen_data
        ... class Pair:
        ...     first: int
        ...     second: int = 2
        >>> Pair(1)
        Pair(first=1, second=2)
    """
    made = dataclass(frozen=True, slots=True)(owner)
    made.__init__ = wraps(made.__init__)(_constructor(made))  # type: ignore[method-assign]
    return made


def _constructor(made: type[Any]) -> Callable[..., None]:
    parameters, lines = ["self"], []
    names: dict[str, Any] = {}
    for each in fields(made):
        if each.default is MISSING:
            parameters.append(each.name)
        else:
            parameters.append(f"{each.name}=default_{each.name}")
            names[f"default_{each.name}"] = each.default
        lines.append(f"    set_{each.name}(self, {each.name})")
        names[f"set_{each.name}"] = vars(made)[each.name].__set__
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), names)
    constructor: Callable[..., None] = names["__init__"]
    return constructor
