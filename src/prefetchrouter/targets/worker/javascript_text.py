"""Data as JavaScript: no value can end its string, its line or the script that holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from typing import Any, TypeAlias

Json: TypeAlias = Any

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_UNSAFE = re.compile("[<>&]")
_NOT_SHOWN = re.compile("[^ -~]")


def literal(value: Json) -> str:
    r"""Return a value as an expression of JavaScript, in ASCII.

    ``<``, ``>`` and ``&`` are escaped, so that no text ends a script element that holds it. A key
    ``__proto__`` is written so that it is a key like others.

    Example:
        >>> print(literal({"a": "</script>\u2028"}))
        {"a":"\u003c/script\u003e\u2028"}
        >>> literal({"__proto__": 1})
        '{["__proto__"]:1}'
    """
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_key(name)}:{literal(own)}" for name, own in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(literal, value)) + "]"
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", _encode(value))


def _key(name: str) -> str:
    return f"[{literal(name)}]" if name == "__proto__" else literal(name)


def comment(text: str) -> str:
    r"""Return text as a comment at the end of a line.

    Example:
        >>> comment("routes.py:3"), comment("a\nalert(1)")
        (' // routes.py:3', ' // a?alert(1)')
    """
    return f" // {_NOT_SHOWN.sub('?', text)}" if text else ""


def list_text(name: str, values: Iterable[Json], lines: Iterable[str] = ()) -> str:
    """Return a property that is a list, one value a line, each with a comment.

    Example:
        >>> print(list_text("rules", [[0], [1]], ["routes.py:3"]))
        rules: [
        [0], // routes.py:3
        [1],
        ],
    """
    pairs = zip(values, chain(lines, repeat("")), strict=False)
    return f"{name}: [\n" + "".join(f"{literal(value)},{comment(line)}\n" for value, line in pairs) + "],"


def mapping_text(name: str, values: Mapping[str, Json]) -> str:
    """Return a property that is a mapping, one entry a line.

    Example:
        >>> print(mapping_text("index", {"a": [1]}))
        index: {
        "a":[1],
        },
    """
    return f"{name}: {{\n" + "".join(f"{_key(key)}:{literal(own)},\n" for key, own in values.items()) + "},"
