"""Cookies by a pattern of their names, such as ``"wp_*"``: a test of the header ``Cookie``."""

from __future__ import annotations

import re
from typing import Any, Final

from prefetchrouter.authoring.criteria.criterion_values import Exact, Not, not_
from prefetchrouter.errors import CriteriaError, shown
from prefetchrouter.regex import literal

_NAME: Final = re.compile(r"[!#$%&'*+.^`|~\w-]*\*[!#$%&'*+.^`|~\w-]*", re.ASCII)
_VALUE: Final = re.compile(r"[^\s;,\"\\]*", re.ASCII)
_ANY: Final = ("", ".*")


def is_pattern_of_names(name: object) -> bool:
    """Return whether a criterion names cookies by a pattern."""
    return isinstance(name, str) and "*" in name


def cookie_header_value(name: str, value: Any) -> Any:
    r"""Return the value of the criterion for the header ``Cookie`` (RFC 6265, section 4.2).

    Args:
        name: The name, in which ``*`` stands for any text.
        value: Text that a cookie of such a name has, ``re.compile("")`` for any, ``re.compile(".+")`` for any
            but an empty one; or `not_` of these.

    Raises:
        CriteriaError: The name or the value is not one of these.

    Example:
        >>> cookie_header_value("wp_*", re.compile("")).pattern
        '(?:^|;[ \\t]*)wp_[^=;]*='
    """
    if not _NAME.fullmatch(name):
        raise CriteriaError.of(
            "criteria-value",
            f"cookies: {shown(name)} is not the name of a cookie",
            expected='a name with * for any text, such as "wp_*" (RFC 6265, section 4.1.1)',
        )
    if isinstance(value, Not):
        return not_(cookie_header_value(name, value.value))
    start = r"(?:^|;[ \t]*)" + "[^=;]*".join(literal(part) if part else "" for part in name.split("*")) + "="
    text = value.text if isinstance(value, Exact) else value
    if isinstance(text, str) and _VALUE.fullmatch(text):
        return re.compile(start + (literal(text) if text else "") + r"[ \t]*(?:;|$)")
    if isinstance(value, re.Pattern) and value.flags == re.compile("").flags:
        if value.pattern in _ANY:
            return re.compile(start)
        if value.pattern == ".+":
            return re.compile(start + r"[^; \t]")
    raise CriteriaError.of(
        "criteria-value",
        f"cookies: {shown(value)} for {shown(name)}",
        expected='text, re.compile("") for any, re.compile(".+") for any but an empty one, or not_(...)',
    )
