"""Prints the manifest: one statement that is safe wherever it is put, also inside a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from prefetchrouter.browser.names import NAMES
from prefetchrouter.errors import PropertyError, shown
from prefetchrouter.http.request_target import named_parameter, path_operand
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_json import rule_to_json
from prefetchrouter.templates import template

GLOBAL_NAME = NAMES.manifest_global
"""The global that published clients read."""

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
    printed = [script_json(_as_pages_see(rule_to_json(rule))) for rule in rules]
    return template("cache-manifest.js.j2").render(
        global_name=global_name, rules=printed, keeps_slashes=keeps_slashes
    )


def _as_pages_see(node: Any) -> Any:
    """Return rules with paths and names of parameters written as conditions see them.

    So a page need not do it for each rule.
    """
    if isinstance(node, list):
        return [_as_pages_see(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _operands(key, value) if _is_about_url(value) else _as_pages_see(value)
        for key, value in node.items()
    }


def _is_about_url(operands: Any) -> bool:
    first = operands[0] if isinstance(operands, list) and operands else None
    return isinstance(first, dict) and (
        first.get("request") in ("path", "origin_path") or "request.origin_query" in first
    )


def _operands(operator: str, operands: list[Any]) -> list[Any]:
    first, *others = operands
    if "request.origin_query" in first:
        return [{"request.origin_query": named_parameter(first["request.origin_query"])}, *others]
    return [first, *(path_operand(operator, other) for other in others)]


def script_json(value: Any) -> str:
    """Return compact JSON without any character that ends a script, a string or an attribute.

    Example:
        >>> script_json({"path": "</script>"})
        '{"path":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
