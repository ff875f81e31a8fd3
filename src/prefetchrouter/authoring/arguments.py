"""Validates the arguments of helper methods."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Mapping
from typing import Any

from prefetchrouter.errors import HelperError, shown
from prefetchrouter.rules.condition_json import MAX_DEPTH, is_scalar
from prefetchrouter.rules.feature_errors import Problems
from prefetchrouter.rules.features.section import Section, written
from prefetchrouter.rules.features.value_checks import url_text
from prefetchrouter.source import caller


def helper_error(message: str, *, expected: str | None = None, hint: str | None = None) -> HelperError:
    """Return the error of a helper method, with the line that called it."""
    return HelperError.of("helper", message, expected=expected, hint=hint, source=caller())


def text(label: str, value: object) -> str:
    """Return a value that must be text.

    Raises:
        HelperError: It is not.

    Example:
        >>> text("redirect", "/to")
        '/to'
    """
    if not isinstance(value, str):
        raise helper_error(f"{label}: {shown(value)}", expected="text")
    return value


def url(label: str, value: object) -> str:
    """Return text that becomes part of a URL, without control characters, which would end the line.

    Raises:
        HelperError: It is not text, or holds a control character.

    Example:
        >>> url("redirect", "/to")
        '/to'
    """
    try:
        return url_text(text(label, value))
    except Problems as error:
        ((_, found),) = error.found
        raise helper_error(f"{label}: {found.text}", expected=found.expected, hint=found.hint) from None


def plain(label: str, value: object) -> str:
    """Return text, or a number as text.

    Raises:
        HelperError: It is neither.

    Example:
        >>> plain("max_age", 60)
        '60'
    """
    if isinstance(value, bool) or not is_scalar(value):
        raise helper_error(f"{label}: {shown(value)}", expected="text or a number")
    return str(value)


def cookie_name(value: object) -> str:
    """Return the name of a cookie: a token (RFC 6265, section 4.1.1).

    Raises:
        HelperError: It is not.

    Example:
        >>> cookie_name("session")
        'session'
    """
    if not re.fullmatch(r"[-!#$%&'*+.^`|~\w]+", text("cookie", value), re.ASCII):
        raise helper_error(f"cookie: {shown(value)} is not a name", expected="letters, digits, - and _")
    return str(value)


def cookie_value(label: str, value: object) -> str:
    """Return the value of a cookie or of one of its options, which ``;`` would end.

    Raises:
        HelperError: It holds what ends it.

    Example:
        >>> cookie_value("max_age", 60)
        '60'
    """
    written = plain(label, value)
    if not written.isprintable() or ";" in written:
        raise helper_error(f"{label}: {shown(value)} is not valid in a cookie", expected="text without ;")
    return written


def texts(label: str, value: object) -> str:
    """Return text, or several joined with a comma.

    Raises:
        HelperError: It is neither.

    Example:
        >>> texts("methods", ["GET", "POST"])
        'GET, POST'
    """
    entries = value if isinstance(value, list | tuple) else [value]
    return ", ".join(text(label, entry) for entry in entries)


def seconds(label: str, value: object) -> str:
    """Return the duration of a number of seconds, or a duration unchanged.

    Raises:
        HelperError: It is neither text nor a whole number from zero.

    Example:
        >>> seconds("max_age_seconds", 60), seconds("max_age_seconds", "1h")
        ('60s', '1h')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or not is_scalar(value) or value < 0:
        raise helper_error(
            f"{label}: {shown(value)}", expected='a whole number of seconds, or a duration such as "1h"'
        )
    return f"{value}s"


def copied(value: Any, depth: int = 0) -> Any:
    """Copy mappings, lists and models, so that what a helper adds later does not change the user's own.

    Raises:
        HelperError: It is nested deeper than any feature.
    """
    if depth > MAX_DEPTH:
        raise helper_error(f"features are nested more than {MAX_DEPTH} deep")
    if isinstance(value, Section):
        return written(value)
    if isinstance(value, Mapping):
        return {name: copied(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [copied(part, depth + 1) for part in value]
    return value


def escape_slashes(pattern: str) -> str:
    r"""Write every bare ``/`` outside brackets as ``\/``, since ``/`` ends the expression in a header value.

    Example:
        >>> escape_slashes("a/[/]")
        'a\\/[/]'
    """
    parts = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.S)
    return "".join("\\/" if part == "/" else part for part in parts)


def no_result(value: object) -> str:
    """Return what a function gave back that was to give back nothing; a coroutine is closed.

    Example:
        >>> no_result({"caching": {}}), no_result(None)
        ('a dict', 'a NoneType')
    """
    if isinstance(value, Coroutine):
        value.close()
    return f"a {type(value).__name__}"


def check_redirect(helper: str, status_code: object, *, keep_query: object = False) -> None:
    """Check the arguments that every helper for redirects has.

    Raises:
        HelperError: The status is not a redirection, or `keep_query` is not a boolean.

    Example:
        >>> check_redirect("redirect", 308)
    """
    if isinstance(status_code, bool) or status_code not in range(300, 400):
        raise helper_error(f"{helper}(status_code={shown(status_code)})", expected="301, 302, 307 or 308")
    if not isinstance(keep_query, bool):
        raise helper_error(f"{helper}(keep_query={shown(keep_query)})", expected="True or False")


def part(whole: dict[str, Any], name: str, empty: Any) -> Any:
    """Return the part of that name, made when it is missing.

    Args:
        whole: The mapping that has it.
        name: Its name.
        empty: What it is when missing, and whose type it must have.

    Raises:
        HelperError: It has another type.

    Example:
        >>> part({"url": {"a": 1}}, "url", {})
        {'a': 1}
    """
    found = whole.setdefault(name, empty)
    if type(found) is not type(empty):
        raise helper_error(
            f"{name}: {shown(found)}", expected="a list" if isinstance(empty, list) else "a mapping"
        )
    return found
