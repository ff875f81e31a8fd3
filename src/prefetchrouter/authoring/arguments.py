"""What helper methods are given, checked before it is put together with anything."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Mapping
from typing import Any

from prefetchrouter.errors import HelperError, shown
from prefetchrouter.rules.condition_json import MAX_DEPTH, is_scalar
from prefetchrouter.rules.feature_errors import Problems
from prefetchrouter.rules.features.section import Section, written
from prefetchrouter.rules.features.text import url_text
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
    """Return text that becomes part of a URL, where control characters would end the line that it stands in.

    Raises:
        HelperError: It is no text, or holds a control character.

    Example:
        >>> url("redirect", "/to")
        '/to'
    """
    try:
        return url_text(text(label, value))
    except Problems as error:
        ((_, found),) = error.found
        raise helper_error(f"{label}: {found.message}", expected=found.expected, hint=found.hint) from None


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
        raise helper_error(f"{label}: {shown(value)} cannot stand in a cookie", expected="text without ;")
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
    """Return the duration of a number of seconds, or a duration as it stands.

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
