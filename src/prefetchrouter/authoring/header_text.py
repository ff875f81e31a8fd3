"""Values of headers that helper methods put together: cookies, and replacements in another header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from prefetchrouter.authoring.arguments import (
    cookie_name,
    cookie_value,
    escape_slashes,
    helper_error,
    plain,
    text,
    texts,
)
from prefetchrouter.errors import Diagnostic, RegexError, shown
from prefetchrouter.regex import portable
from prefetchrouter.source import caller

_LEADING_FLAGS = re.compile(r"^\(\?[aimsu]+\)")
_ATTRIBUTES = {"Same-Site": "SameSite", "Http-Only": "HttpOnly"}


def replacing(
    variable: str, regex: object, replacement: str, count: int
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return a value that is another header with matches replaced, and warnings about the expression.

    Args:
        variable: The header, such as ``"resp_x-tier"`` or ``"http_accept"``.
        regex: A compiled expression.
        replacement: What a match becomes.
        count: 0 replaces every match, 1 the first.

    Raises:
        HelperError: The expression is not compiled, or another value is invalid.
        RegexError: The expression does not mean the same everywhere.

    Example:
        >>> replacing("resp_x-tier", re.compile("gold"), "silver", 1)
        ('%{resp_x_tier/gold/silver}', ())
    """
    if not isinstance(regex, re.Pattern):
        raise helper_error(f"{shown(regex)} is not a compiled regular expression", expected="re.compile(...)")
    if count not in (0, 1):
        raise helper_error(f"count={count!r}", expected="0 for every match, 1 for the first")
    try:
        checked = portable(regex)
    except RegexError as error:
        raise error.at(caller()) from None
    slash = "/" if count else "//"
    flag = "(?i)" if checked.source.startswith("(?i)") else ""
    pattern = escape_slashes(_LEADING_FLAGS.sub("", str(regex.pattern)))
    name = variable.replace("-", "_")
    return f"%{{{name}{slash}{flag}{pattern}/{text('replacement', replacement)}}}", checked.warnings


def set_cookie(name: str, value: str, attributes: Mapping[str, str | int | bool]) -> str:
    """Return the value of a ``Set-Cookie`` header (RFC 6265).

    Args:
        name: The cookie's name.
        value: Its value.
        attributes: ``{"max_age": 60, "secure": True}``; one that is False is left out.

    Raises:
        HelperError: A name or value cannot be part of a cookie.

    Example:
        >>> set_cookie("a", "1", {"max_age": 60, "same_site": "Lax", "secure": True})
        'a=1; Max-Age=60; SameSite=Lax; Secure'
    """
    parts = [f"{cookie_name(name)}={cookie_value(name, value)}"]
    for attribute, setting in attributes.items():
        label = "-".join(word.capitalize() for word in attribute.split("_"))
        label = _ATTRIBUTES.get(label, label)
        if setting is True:
            parts.append(label)
        elif setting is not False:
            parts.append(f"{label}={cookie_value(attribute, setting)}")
    return "; ".join(parts)


def cors_headers(
    origin: str,
    methods: Sequence[str] | str | None,
    headers: Sequence[str] | str | None,
    max_age: int | None,
    credentials: bool | None,
) -> Iterator[tuple[str, str]]:
    """Yield the headers that let pages of other origins read a response (the Fetch standard, section 3.2).

    Example:
        >>> dict(cors_headers("*", ["GET", "PUT"], None, 60, None))["Access-Control-Allow-Methods"]
        'GET, PUT'
    """
    yield "Access-Control-Allow-Origin", origin
    for name, value in (("Methods", methods), ("Headers", headers)):
        if value is not None:
            yield f"Access-Control-Allow-{name}", texts(name.lower(), value)
    if max_age is not None:
        yield "Access-Control-Max-Age", plain("max_age", max_age)
    if credentials is not None:
        yield "Access-Control-Allow-Credentials", "true" if credentials else "false"
