"""The JSON Schema of a rule set, generated from the models, for editors of `ruleset.json`.

It describes both forms of a rule set, exported and raw. A reader checks more than a schema can say, such as
the text of a duration: what the schema refuses is wrong, what it accepts is right in its shape.
"""

from __future__ import annotations

import collections.abc
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from prefetchrouter.rules.features import Features
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Checked
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.variables import NAMESPACES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_SCALARS: Final = {bool: "boolean", int: "integer", float: "number", str: "string"}
_MAPPINGS: Final = (FrozenDict, collections.abc.Mapping, dict)
_LISTS: Final = (collections.abc.Sequence, list, tuple)
_NOT_EXPORTED: Final = ("unsupported_conditions",)

Schema = dict[str, Any]


def rule_set_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a rule set.

    Example:
        >>> schema = rule_set_schema()
        >>> schema["$defs"]["CachingFeatures"]["properties"]["bypass_cache"]["type"]
        'boolean'
    """
    definitions: dict[str, Schema] = {}
    around = _model(Property, definitions)["properties"]
    features = _model(Features, definitions)["properties"]
    definitions |= _language(features)
    properties = {name: found for name, found in around.items() if name not in _NOT_EXPORTED}
    properties["rules"] = {"type": "array", "items": _ref("rule"), "description": "From top to bottom."}
    return {
        "$schema": DIALECT,
        "title": "A rule set of prefetchrouter",
        "type": "object",
        "required": ["rules"],
        "properties": properties,
        "$defs": definitions,
    }


def _language(features: Schema) -> dict[str, Schema]:
    """Return the parts of the rule language: rules, conditions, operands."""
    scalar: Schema = {"type": ["string", "number", "boolean"]}
    conditions: dict[str, Schema] = {
        name: {"type": "array", "items": _ref("operand"), "minItems": 2, "maxItems": spec.most}
        for name, spec in OPERATORS.items()
    }
    for name in ("and", "or"):
        conditions[name] = {"type": "array", "items": _ref("condition"), "minItems": 1}
    variables: dict[str, Schema] = {name: {"type": ["string", "integer"]} for name in NAMESPACES}
    return {
        "rule": {
            "anyOf": [
                _ref("chain"),
                {"type": "object", "properties": features, "additionalProperties": False},
                {"type": "array", "items": _ref("rule")},
            ]
        },
        "chain": {
            "type": "object",
            "required": ["if"],
            "properties": {
                "if": {
                    "type": "array",
                    "minItems": 2,
                    "items": {"anyOf": [_ref("condition"), _ref("rule")]},
                    "description": "A condition, a rule; more pairs; perhaps a last rule for all else.",
                },
                "comment": {"type": "string"},
            },
            "additionalProperties": False,
        },
        "condition": _one_key(conditions),
        "operand": {"anyOf": [scalar, _one_key(variables), {"type": "array", "items": scalar}]},
    }


def _one_key(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _model(model: type[Section], definitions: dict[str, Schema]) -> Schema:
    properties: Schema = {}
    for name, field in model.model_fields.items():
        properties[name] = {**_of_type(accepted(field), definitions), "description": field.description}
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def accepted(field: FieldInfo) -> Any:
    """Return the type of what a user may write for a field of a model."""
    found = [
        field.annotation,
        *(Annotated[object, extra] for extra in field.metadata if isinstance(extra, Checked)),
    ]
    if field.default is None:
        found = [part for part in get_args(field.annotation) if part is not NoneType]
    checked = [extra for part in found for extra in get_args(part)[1:] if isinstance(extra, Checked)]
    return checked[0].accepts if checked else found[0]


def _of_type(kind: Any, definitions: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        checked = [extra for extra in arguments[1:] if isinstance(extra, Checked)]
        return _of_type(checked[0].accepts if checked else arguments[0], definitions)
    if origin in (Union, UnionType):
        kinds = [part for part in arguments if part is not NoneType]
        return _any_of([_of_type(part, definitions) for part in kinds])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in _MAPPINGS:
        return {"type": "object", "additionalProperties": _of_type(arguments[-1], definitions)}
    if origin in _LISTS:
        return {"type": "array", "items": _of_entries(arguments[0], definitions)}
    if kind is Any or kind is object:
        return {}
    return {"type": _SCALARS[kind]} if kind in _SCALARS else _of_model(kind, definitions)


def _of_entries(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of the entries of a list: a server may be its name alone, as text."""
    found = _of_type(kind, definitions)
    is_server = isinstance(kind, type) and issubclass(kind, Section) and kind.section_of is None
    return _any_of([{"type": "string"}, found]) if is_server and kind.__module__.endswith(_SERVERS) else found


_SERVERS: Final = (".servers", ".property")


def _of_model(model: type[Section], definitions: dict[str, Schema]) -> Schema:
    if model.__name__ not in definitions:
        definitions[model.__name__] = {}  # a model may hold itself
        definitions[model.__name__] = _model(model, definitions)
    return _ref(model.__name__)


def _any_of(kinds: list[Schema]) -> Schema:
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
