"""What ``if`` of nginx tests, as criteria of a rule.

nginx compares texts byte by byte, and a variable that a request does not have is an empty text.
Source: the directive ``if`` of ngx_http_rewrite_module, and the variables of ngx_http_core_module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.nginx_text import checked_regex, compiled, portable_regex
from prefetchrouter.importing.python_source import Call, Expression
from prefetchrouter.regex import literal

Criteria: TypeAlias = dict[str, Expression]
"""Criteria with one entry."""

_VARIABLES: Final[Mapping[str, str]] = {
    "host": "host",
    "request_uri": "request_uri",
    "args": "query_string",
    "query_string": "query_string",
}
SAME_ALWAYS: Final = re.compile(r"host|scheme|request_uri|request_method|remote_addr|(?:http|cookie)_\w+")
"""Variables that no directive changes while a request is served."""
_KINDS: Final = (("http_", "headers"), ("cookie_", "cookies"), ("arg_", "query"))
_NAMES_IGNORE_CASE: Final = frozenset(("cookies", "query"))
_ANY: Final = Call("re.compile", (".+",))
_TRUE: Final = Call("re.compile", ("[^0]|..",))
"""nginx takes an empty text and "0" for false, and all others for true."""


def variable_of(text: str) -> str | None:
    """Return the name of the one variable that a text consists of, None for another text.

    Example:
        >>> variable_of("$new_uri"), variable_of("${new_uri}"), variable_of("$a$b")
        ('new_uri', 'new_uri', None)
    """
    found = re.fullmatch(r"\$(?:\{(\w+)\}|(\w+))", text, re.ASCII)
    return None if found is None else found[1] or found[2]


def criteria_of(words: Sequence[str]) -> Criteria:
    """Return the criteria of the words between the brackets of ``if``.

    Raises:
        NotUnderstoodError: It tests a file or a variable that rules do not have, or differently from rules.

    Example:
        >>> criteria_of(["$http_x_beta", "=", "1"])
        {'headers': {'x-beta': '1'}}
    """
    match words:
        case [text]:
            test, value = "", ""
        case [text, ("=" | "!=" | "~" | "~*" | "!~" | "!~*") as test, value]:
            pass
        case _:
            raise NotUnderstoodError("it tests a file, or does not compare a variable")
    variable = variable_of(text)
    if variable is None:
        raise NotUnderstoodError("it tests a file, or a text of several variables")
    return criterion(variable.lower(), test, value)


def criterion(variable: str, test: str, value: str) -> Criteria:
    """Return the criteria of one comparison.

    Args:
        variable: The name of a variable, without ``$``.
        test: ``"="``, ``"~"``, ``"~*"``, with ``"!"`` before it for the opposite, or ``""`` for "is true".
        value: The text or the expression.

    Raises:
        NotUnderstoodError: No criterion does the same.
    """
    is_not = test.startswith("!")
    kind, name = _place(variable)
    if kind == "scheme":
        expected = _scheme(test, value)
    elif kind == "path":
        expected = _path(test, value)
    elif not test:
        expected = _TRUE
    elif test.endswith("="):
        # What is not there is an empty text, so the opposite is tested.
        expected, is_not = (_text(value), is_not) if value else (_ANY, not is_not)
    else:
        expected = _regex(value, ignores_case=test.endswith("*"))
    if kind == "method" and isinstance(expected, str) and not re.fullmatch("[A-Z]+", expected):
        raise NotUnderstoodError("methods are in capitals")
    tested = Call("not_", (expected,)) if is_not else expected
    return {kind: tested} if name is None else {kind: {name: tested}}


def ignores_case_of_name(criteria: Criteria) -> bool:
    """Return whether nginx ignores the letter case of a name that rules take as it is written."""
    return any(
        kind in _NAMES_IGNORE_CASE and any(name.lower() != name.upper() for name in value)
        for kind, value in criteria.items()
    )


def _place(variable: str) -> tuple[str, str | None]:
    if variable in ("uri", "document_uri"):
        return "path", None
    if variable == "request_method":
        return "method", None
    if variable == "scheme":
        return "scheme", None
    if variable == "remote_addr":
        return "client_ip", None
    if variable in _VARIABLES:
        return "variable", _VARIABLES[variable]
    for prefix, kind in _KINDS:
        if variable.startswith(prefix) and len(variable) > len(prefix):
            name = variable.removeprefix(prefix)
            return kind, name.replace("_", "-") if kind == "headers" else name
    raise NotUnderstoodError(f'the variable "${variable}" has no counterpart')


def _scheme(test: str, value: str) -> Expression:
    if test not in ("=", "!=") or value not in ("http", "https"):
        raise NotUnderstoodError('"$scheme" is compared with http or https')
    return value.upper()


def _path(test: str, value: str) -> Expression:
    if test.endswith("="):
        return compiled(checked_regex(f"^{literal(value)}$"), ignores_case=False)
    if not test:
        raise NotUnderstoodError("a path is always true")
    return compiled(checked_regex(value), ignores_case=test.endswith("*"))


def _text(value: str) -> str:
    if "$" in value or "%{" in value or not value.isprintable() or not value.isascii():
        raise NotUnderstoodError("it compares two variables, or text that is not printable ASCII")
    return value


def _regex(pattern: str, *, ignores_case: bool) -> Expression:
    if re.search(portable_regex(pattern), ""):
        raise NotUnderstoodError(
            "its expression matches an empty text, and nginx takes a missing value for one"
        )
    return compiled(pattern, ignores_case=ignores_case)
