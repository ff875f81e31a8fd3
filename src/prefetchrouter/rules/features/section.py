"""The base of all feature models: the written fields in written order, and errors with codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator

from prefetchrouter.errors import RuleError
from prefetchrouter.rules.feature_errors import feature_error
from prefetchrouter.rules.features.unknown import Known, problems_of_model
from prefetchrouter.rules.node import Node
from prefetchrouter.source import caller

_set_fields, _set_names, _set_extra, _set_private = (
    vars(BaseModel)[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
"""Set what a frozen model does not let others set, without looking up each slot by its name."""


class Section(Node):
    """A group of features or options.

    A field that was not written is None; `items` gives the written ones, in the order of the user's text.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> from prefetchrouter.rules.features import CachingFeatures
        >>> written(CachingFeatures(stale_while_revalidate="1d", max_age="1h"))
        {'stale_while_revalidate': '1d', 'max_age': '1h'}
    """

    section_of: ClassVar[str | None] = None
    """The section's name; "" for the features beside the sections, None for the options of a feature."""

    sections: ClassVar[dict[str, type[Section]]] = {}
    """Every section by its name."""

    example_of: ClassVar[str] = ""
    """A mapping that the model takes, as messages show it; empty if none is shown."""

    def __init_subclass__(cls, *, section: str | None = None, example: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.section_of = section
        cls.example_of = example
        if section is not None:
            cls.sections[section] = cls

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        for name, field in cls.model_fields.items():
            if not field.is_required():
                setattr(cls, name, None)

    def __init__(self, /, **features: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(features, self_instance=self)
        except ValidationError as error:
            raise self._error(error).at(caller()) from None

    # Nested models are then validated without a call of __init__, as for BaseModel itself.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def _error(cls, error: ValidationError) -> RuleError:
        return feature_error(error)

    @classmethod
    def _known(cls) -> Known:
        fields = {name: section.model_fields for name, section in cls.sections.items()}
        return Known(cls.section_of, cls.example_of, cls.model_fields, fields)

    @classmethod
    def of(cls, features: Mapping[str, object]) -> Self:
        """Return the model of a mapping; like the constructor, but errors carry no place in a file.

        Raises:
            FeatureError: A name is unknown, or a value is not one that the feature takes.

        Example:
            >>> from prefetchrouter.rules.features import CachingFeatures
            >>> CachingFeatures.of({"max_age": "1h"}).max_age
            '1h'
        """
        try:
            return cls.read(features)
        except ValidationError as error:
            raise cls._error(error) from None

    @classmethod
    def read(cls, value: object) -> Self:
        """Return the model of any value, for use inside a check: pydantic's own error keeps the paths."""
        node: Self = cls.__pydantic_validator__.validate_python(value)
        return node

    @classmethod
    def trusted(cls, fields: dict[str, Any]) -> Self:
        """Return the model of values that come from other models: they were checked when those were made."""
        node = cls.__new__(cls)
        _set_fields(node, fields)
        _set_names(node, set(fields))
        _set_extra(node, None)
        _set_private(node, None)
        return node

    def check_together(self) -> None:
        """Refuse fields that do not go together; each was checked by itself.

        Raises:
            Problems: They do not.
        """

    @model_validator(mode="wrap")
    @classmethod
    def _in_written_order(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if type(data) is not dict and isinstance(data, Mapping):
            data = dict(data)
        try:
            node = handler(data)
        except ValidationError as error:
            raise problems_of_model(cls._known(), error) from None
        node.check_together()
        if type(data) is dict:
            # Only what was written, in written order; the class holds the None of the rest.
            fields = node.__dict__
            _set_fields(node, {name: fields[name] for name in data})
        return node


def items(node: Section) -> Iterator[tuple[str, object]]:
    """Return the written fields of a model, in written order.

    Example:
        >>> from prefetchrouter.rules.features import OriginFeatures
        >>> list(items(OriginFeatures(set_origin="web")))
        [('set_origin', 'web')]
    """
    return iter(node.__dict__.items())


def written(value: object) -> Any:
    """Return a feature value as plain JSON data: dicts, lists, text, numbers and booleans, in written order.

    Example:
        >>> from prefetchrouter.rules.features import CachingFeatures
        >>> written(CachingFeatures(max_age={"200": "1h"}, ignore_origin_no_cache=[200]))
        {'max_age': {'200': '1h'}, 'ignore_origin_no_cache': [200]}
    """
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return {name: written(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [written(part) for part in value]
    if isinstance(value, Section):  # last, since pydantic answers this in Python
        return {name: written(part) for name, part in items(value)}
    return str(value) if isinstance(value, str) else value
