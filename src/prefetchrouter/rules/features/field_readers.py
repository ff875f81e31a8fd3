"""Reads sections by the checks of their fields alone: most of what a build of many rules spends on features.

A section of the usual kind is no more than its fields, and each field has one check. So a mapping of good
values needs none of the model around them. Whatever a reader refuses is read once more by the model, which
names all problems with their paths: no message depends on this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias, get_args

from pydantic.fields import FieldInfo

from prefetchrouter.rules.feature_errors import CHECK_ERRORS
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Checked

Reader: TypeAlias = Callable[[Any], object]

READ_ERRORS: Final = (*CHECK_ERRORS, KeyError)
"""Everything that a reader raises for what it does not read, an unknown name too."""


@cache
def field_readers(model: type[Section]) -> Mapping[str, Reader]:
    """Return a function for each field of a model, which returns the validated value or raises.

    Example:
        >>> from prefetchrouter.rules.features import CachingFeatures
        >>> field_readers(CachingFeatures)["max_age"]("1h").seconds
        3600
    """
    return {name: _reader(model, name, field) for name, field in model.model_fields.items()}


def _reader(model: type[Section], name: str, field: FieldInfo) -> Reader:
    # Given[T] is T or None, and no value is None.
    kind = next(iter(get_args(field.annotation)), field.annotation)
    if isinstance(kind, type) and issubclass(kind, Section):
        return section_reader(kind)
    match getattr(kind, "__metadata__", ()):
        case (Checked(check=check),):
            return check
        case _:
            return lambda value: model.read({name: value}).__dict__[name]


def section_reader(model: type[Section]) -> Reader:
    """Return a function that returns the model of a value, or raises.

    Example:
        >>> from prefetchrouter.rules.features import CachingFeatures
        >>> section_reader(CachingFeatures)({"max_age": "1h"})
        CachingFeatures(max_age='1h')
    """
    if not _is_its_fields(model):
        return model.read

    def read(value: object) -> Section:
        if type(value) is not dict:
            return model.read(value)
        readers = field_readers(model)
        made = model.trusted({name: readers[name](part) for name, part in value.items()})
        made.check_together()
        return made

    return read


def _is_its_fields(model: type[Section]) -> bool:
    """Whether no field has to be there, and the model has no validators of pydantic's."""
    usual = Section.__pydantic_decorators__.model_validators.keys()
    return model.__pydantic_decorators__.model_validators.keys() <= usual and not any(
        field.is_required() for field in model.model_fields.values()
    )
