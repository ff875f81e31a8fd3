"""Values that are computed on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):
    """A property that is computed once, and is a plain attribute from then on.

    It is `functools.cached_property` without its lock, which Python 3.12 removed: a decision has many such
    properties, and the locks cost measurable time on every miss.

    Args:
        make: Computes the value.

    Example:
        >>> class Shop:
        ...     @lazy
        ...     def name(self) -> str:
        ...         print("once")
        ...         return "shop"
        >>> shop = Shop()
        >>> shop.name == shop.name
        once
        True
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object, owner: type) -> Self | Value:
        if instance is None:
            return self
        value = self._make(instance)
        # Not by __dict__: that would allocate a dictionary for each instance.
        setattr(instance, self._name, value)
        return value
