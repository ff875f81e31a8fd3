"""Prints the manifest: one statement that is safe wherever it is put, also inside a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring
from typing import Any

from prefetchrouter.browser.names import NAMES
from prefetchrouter.errors import PropertyError, shown
from prefetchrouter.http.request_target import named_parameter, path_operand
from prefetchrouter.rules.conditions import Comparison, Operand, Variable, variable
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_text import RuleWriter

GLOBAL_NAME = NAMES.manifest_global
"""The global that published clients read."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def render(rules: Iterable[Rule], global_name: str = GLOBAL_NAME, *, keeps_slashes: bool = False) -> str:
    """Return the text of cache-manifest.js.

    Args:
        rules: What `filter_rules` listed, in order.
        global_name: The global that the script sets on ``self``.
        keeps_slashes: Whether the property takes encoded slashes in paths.

    Raises:
        PropertyError: The name is not one that JavaScript takes.

    Example:
        >>> render([])
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\\n'
    """
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", global_name, re.ASCII):
        raise PropertyError.of(
            "property", f"{shown(global_name)} is not a name", expected="letters, digits, _ and $"
        )
    write = RuleWriter(script_json, comma=",", colon=":", operands=_as_pages_see)
    settings = '"keepsSlashes":true,' if keeps_slashes else ""
    return f'self.{global_name}={{{settings}"rules":[{",".join(map(write, rules))}]}};\n'


def _as_pages_see(test: Comparison) -> Sequence[Operand]:
    """Return the operands of a test with paths and names of parameters as conditions see them.

    So a page need not do it for each rule.
    """
    first, *others = test.operands
    if not isinstance(first, Variable):
        return test.operands
    if first.namespace == "request.origin_query":
        return (variable(first.namespace, named_parameter(str(first.name))), *others)
    if first.namespace == "request" and first.name in ("path", "origin_path"):
        return (first, *[path_operand(test.operator, other) for other in others])
    return test.operands


def script_json(value: Any) -> str:
    """Return compact JSON without any character that ends a script, a string or an attribute.

    Example:
        >>> script_json({"path": "</script>"})
        '{"path":"\\\\u003c/script\\\\u003e"}'
    """
    text = encode_basestring(value) if isinstance(value, str) else _encode(value)
    if text.isascii() and not ("<" in text or ">" in text or "&" in text):  # as nearly all paths are
        return text
    return _UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
