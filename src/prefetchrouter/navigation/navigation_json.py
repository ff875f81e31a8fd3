"""Reads ``navigation.json``: what is there, checked part by part; and the schema of the file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, Final

from prefetchrouter.errors import NavigationError, PatternError, shown
from prefetchrouter.navigation.navigation_parts import HeldOut, PageCounts
from prefetchrouter.navigation.transitions import Link
from prefetchrouter.rules.pattern import PathPattern

VERSION: Final = 1
"""The version of the file's format; another one is refused."""

_NUMBER: Final[dict[str, Any]] = {"type": "number", "minimum": 0}
_WHOLE: Final[dict[str, Any]] = {"type": "integer", "minimum": 0}
_SHARE: Final[dict[str, Any]] = {"type": "number", "minimum": 0, "maximum": 1}
_LINKS: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": {"type": "array", "prefixItems": [_SHARE, _WHOLE], "minItems": 2, "maxItems": 2},
}

SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "navigation.json of prefetchrouter",
    "type": "object",
    "required": ["version", "order", "threshold", "pages"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": VERSION},
        "order": {"enum": [1, 2]},
        "threshold": _SHARE,
        "budget": _NUMBER,
        "min_visitors": _WHOLE,
        "seconds": _NUMBER,
        "views": _NUMBER,
        "visits": _WHOLE,
        "visitors": _WHOLE,
        "held_out": {
            "type": "object",
            "required": list(HeldOut._fields),
            "additionalProperties": False,
            "properties": dict.fromkeys(HeldOut._fields, _NUMBER),
        },
        "pages": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"views": _NUMBER, "visitors": _WHOLE, "cached": _SHARE, "next": _LINKS},
            },
        },
        "pairs": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _LINKS},
        },
        "templates": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _SHARE},
        },
        "popular": {"type": "object", "additionalProperties": _SHARE},
    },
}
"""The JSON Schema of the file (draft 2020-12)."""


def navigation_fields(text: str) -> dict[str, Any]:
    """Return the arguments of a `Navigation` from the text of a file.

    Raises:
        NavigationError: It is not such a file.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("it is not JSON", "the file that prefetchrouter learn writes") from None
    if not isinstance(data, dict) or "version" not in data:
        raise _invalid("it has no version", 'an object with "version"')
    if data["version"] != VERSION or isinstance(data["version"], bool):
        raise NavigationError.of(
            "navigation-file", f"its version is {shown(data['version'])}", expected=f"version {VERSION}",
            hint="make it again with prefetchrouter learn",
        )  # fmt: skip
    unknown = sorted(set(data) - set(SCHEMA["properties"]))
    if unknown:
        raise _invalid(f"{shown(unknown[0])} is unknown", ", ".join(SCHEMA["properties"]))
    fields: dict[str, Any] = {name: _checked(data[name], name) for name in _HEAD if name in data}
    if fields.get("order", 1) not in (1, 2):
        raise _invalid("order is not 1 or 2", "1 or 2")
    pages = _object(data.get("pages", {}), "pages")
    fields["pages"] = {
        page: _page(found, page) for page, found in pages.items() if "views" in _object(found, page)
    }
    fields["links"] = {page: _links(found["next"], page) for page, found in pages.items() if "next" in found}
    fields["pairs"] = {
        (before, page): _links(links, page)
        for before, rows in _object(data.get("pairs", {}), "pairs").items()
        for page, links in _object(rows, before).items()
    }
    fields["templates"] = {
        _pattern(pattern): {name: _share(p, name) for name, p in _object(found, pattern).items()}
        for pattern, found in _object(data.get("templates", {}), "templates").items()
    }
    popular = _object(data.get("popular", {}), "popular")
    fields["popular"] = {page: _share(share, page) for page, share in popular.items()}
    if "held_out" in data:
        found = _object(data["held_out"], "held_out")
        numbers = {name: _number(found.get(name), name) for name in HeldOut._fields}
        fields["held_out"] = HeldOut(
            numbers["per_view"], numbers["recall"], numbers["precision"],
            int(numbers["clicks"]), int(numbers["views"]),
        )  # fmt: skip
    return fields


def _invalid(message: str, expected: str) -> NavigationError:
    return NavigationError.of("navigation-file", message, expected=expected)


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(f"{shown(name)} is {shown(value)}", "an object")
    return value


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise _invalid(f"{shown(name)} is {shown(value)}", "a number that is not negative")
    return value


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _invalid(f"{shown(name)} is {shown(value)}", "a whole number")
    return value


def _share(value: Any, name: str) -> float:
    if _number(value, name) > 1:
        raise _invalid(f"{shown(name)} is {shown(value)}", "a number from 0 to 1")
    return float(value)


_HEAD: Final[dict[str, Callable[[Any, str], float]]] = {
    "order": _whole, "threshold": _share, "budget": _number, "min_visitors": _whole, "seconds": _number,
    "views": _number, "visits": _whole, "visitors": _whole,
}  # fmt: skip


def _checked(value: Any, name: str) -> float:
    return _HEAD[name](value, name)


def _page(found: dict[str, Any], page: str) -> PageCounts:
    return PageCounts(
        _number(found["views"], page),
        _whole(found.get("visitors", 0), page),
        _share(found.get("cached", 1.0), page),
    )


def _links(value: Any, page: str) -> tuple[Link, ...]:
    links = []
    for following, found in _object(value, page).items():
        if not isinstance(found, list) or len(found) != 2:
            raise _invalid(f"{shown(following)} is {shown(found)}", "a list of probability and visitors")
        links.append(Link(following, _share(found[0], following), _whole(found[1], following)))
    return tuple(sorted(links, key=lambda link: (-link.p, link.page)))


def _pattern(text: str) -> str:
    try:
        PathPattern(text)
    except PatternError:
        raise _invalid(f"{shown(text)} is not a path pattern", "a pattern such as /products/:id") from None
    return text
