"""Values that hold others: lists, mappings, JSON data; each problem has the path of its part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from prefetchrouter.errors import shown
from prefetchrouter.rules.feature_errors import CHECK_ERRORS, Found, Problems, problem, problems_in
from prefetchrouter.rules.features.value_checks import Check, integer, number, refusal, some_text, text
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.variables import lookup

T = TypeVar("T")
_DEEPEST = 20


def list_of(check: Check[T], *, least: int = 0, most: int | None = None) -> Check[tuple[T, ...]]:
    """Return a check for a list whose entries each pass `check`."""

    def check_list(values: object) -> tuple[T, ...]:
        if not isinstance(values, Sequence) or isinstance(values, (str, bytes, bytearray)):
            hint = f"did you mean [{shown(values)}]?" if isinstance(values, (str, int)) else None
            raise refusal(values, "a list", hint)
        if len(values) < least:
            raise problem(
                "the list is empty", expected="at least one entry", hint="omit it to leave it unset"
            )
        if most is not None and len(values) > most:
            raise problem(f"the list has {len(values)} entries", expected=f"at most {most}")
        kept: list[T] = []
        found: list[Found] = []
        for place, value in enumerate(values):
            try:
                kept.append(check(value))
            except CHECK_ERRORS as error:
                found += [((place, *path), diagnostic) for path, diagnostic in problems_in(error)]
        if found:
            raise Problems(found)
        return tuple(kept)

    return check_list


def mapping_of(key: Check[str], value: Check[T], example: str) -> Check[FrozenDict[str, T]]:
    """Return a check for a mapping whose names and values each pass a check."""

    def check_mapping(values: object) -> FrozenDict[str, T]:
        if not isinstance(values, (dict, Mapping)):
            raise refusal(values, f"a mapping, such as {example}")
        kept: dict[str, T] = {}
        found: list[Found] = []
        for name, part in values.items():
            try:
                spelt = key(name)
            except CHECK_ERRORS as error:
                found += problems_in(error)
                continue
            if spelt in kept:
                found += problem(f"{shown(spelt)} appears twice").found
            try:
                kept[spelt] = value(part)
            except CHECK_ERRORS as error:
                found += [((spelt, *path), diagnostic) for path, diagnostic in problems_in(error)]
        if found:
            raise Problems(found)
        return FrozenDict(kept)

    return check_mapping


def edge_function(value: object) -> str | FrozenDict[str, Any]:
    """The path of a function's file, or a mapping with it; other keys of the mapping are kept as they are."""
    if not isinstance(value, Mapping):
        return some_text(value)
    found: list[Found] = []
    for key, check in (("js_path", some_text), ("version", integer)):
        try:
            if key in value:
                check(value[key])
        except Problems as error:
            found += [((key, *path), diagnostic) for path, diagnostic in error.found]
    if found:
        raise Problems(found)
    kept = json_data(value)
    assert isinstance(kept, FrozenDict)
    return kept


def json_data(value: object, depth: int = 0) -> object:
    """Any JSON value, frozen."""
    if depth > _DEEPEST:
        raise problem("it is nested too deeply", expected=f"at most {_DEEPEST} levels")
    if isinstance(value, Mapping):
        return FrozenDict({text(key): json_data(part, depth + 1) for key, part in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(json_data(part, depth + 1) for part in value)
    if value is None or isinstance(value, bool):
        return value
    return text(value) if isinstance(value, str) else number(value)


def variable(value: Mapping[Any, Any]) -> FrozenDict[str, str | int]:
    """A variable of the rule language, such as `{"request": "path"}`, as a placeholder for its value."""
    known = len(value) == 1 and all(isinstance(space, str) for space in value)
    if known:
        ((namespace, name),) = value.items()
        if isinstance(name, (str, int)) and lookup(namespace, name):
            return FrozenDict({namespace: name})
    raise refusal(value, 'text, or one known variable such as {"request": "path"}')
