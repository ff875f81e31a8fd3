"""Texts of nginx's directives in the words of rules: variables, times, regular expressions."""

from __future__ import annotations

import re
from typing import Final

from prefetchrouter.errors import RuleError
from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.python_source import Call, Code, Expression, regex
from prefetchrouter.regex.parser import parse

_VARIABLES: Final = {
    "host": "host",
    "scheme": "scheme",
    "request_uri": "request_uri",
    "uri": "uri",
    "document_uri": "uri",
    "args": "query_string",
    "query_string": "query_string",
    "is_args": "is_args",
}
_NAMED: Final = re.compile(r"(?:arg|http|cookie)_[a-z0-9_]+")
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
_SECONDS: Final = {
    "ms": 0,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
    "w": 604_800,
    "M": 2_592_000,
    "y": 31_536_000,
}
_TIME: Final = re.compile(r"(\d+)(ms|[smhdwMy]?)")


def filled(text: str) -> str:
    """Return a text with variables as rules name them; ``$1`` to ``$9`` stay.

    Raises:
        NotUnderstoodError: A variable has no counterpart.

    Example:
        >>> filled("https://$host$request_uri?a=$1")
        'https://%{host}%{request_uri}?a=$1'
    """
    if "%{" in text or "\\" in text or not text.isprintable():
        raise NotUnderstoodError("the text holds %{, a backslash or a control character")

    def named(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if re.fullmatch("[1-9]", name):
            return f"${name}"
        if name in _VARIABLES:
            return f"%{{{_VARIABLES[name]}}}"
        if _NAMED.fullmatch(name):
            return f"%{{{name}}}"
        raise NotUnderstoodError(f'the variable "${name}" has no counterpart')

    return _VARIABLE.sub(named, text)


def duration(text: str) -> str:
    """Return a time in one unit.

    Raises:
        NotUnderstoodError: It is not a time, or one in milliseconds.

    Example:
        >>> duration("1h 30m"), duration("2d"), duration("45")
        ('90m', '2d', '45s')
    """
    words = text.split()
    parts = [_TIME.match(word, place) for word in words for place in _places(word)]
    if not parts or None in parts:
        raise NotUnderstoodError(f'"{text}" is not a fixed time')
    found = [part for part in parts if part is not None]
    if any(part[2] == "ms" for part in found):
        raise NotUnderstoodError("rules count whole seconds")
    seconds = sum(int(part[1]) * _SECONDS[part[2] or "s"] for part in found)
    for unit in ("d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"


def _places(word: str) -> list[int]:
    places, place = [], 0
    while place < len(word):
        places.append(place)
        found = _TIME.match(word, place)
        if found is None:
            break
        place = found.end()
    return places


def checked_regex(pattern: str) -> str:
    """Return a regular expression of nginx, which is one of ours as well.

    nginx searches it in the decoded path, rules in the path as it was sent; so text that is sent encoded is
    refused.

    Raises:
        NotUnderstoodError: Engines read it differently, or it names what a path has encoded.
    """
    if re.search(r'[^!#-~]|["<>`]|%', pattern):
        raise NotUnderstoodError("the expression has text that a path holds encoded")
    return portable_regex(pattern)


def portable_regex(pattern: str) -> str:
    """Return a regular expression of nginx that means the same in rules.

    Raises:
        NotUnderstoodError: Engines read it differently.
    """
    if not pattern.isprintable() or re.search(r"\(\?(?:P?<\w|[a-z-]+[:)])", pattern):
        raise NotUnderstoodError("the expression names groups or sets flags")
    try:
        parse(pattern)
    except RuleError as error:
        raise NotUnderstoodError(f"the expression is not portable: {error.diagnostics[0].message}") from None
    return pattern


def compiled(pattern: str, *, ignores_case: bool) -> Expression:
    """Return the call that compiles an expression.

    Example:
        >>> compiled("^/a", ignores_case=True).arguments
        ('^/a', 're.I')
    """
    call = regex(pattern)
    return Call(call.name, (*call.arguments, Code("re.I"))) if ignores_case else call


def with_query(pattern: str, *, ignores_case: bool = False) -> str:
    r"""Return the expression as the source of a redirect, which takes in the query.

    Raises:
        NotUnderstoodError: It might match in the query.

    Example:
        >>> with_query("^/a/(.*)$"), with_query("^/b/")
        ('^/a/([^?]*)(?:\\?.*)?$', '^/b/[^?]*(?:\\?.*)?$')
    """
    return ("(?i)" if ignores_case else "") + _of_path(pattern) + r"(?:\?.*)?$"


def without_query(pattern: str) -> str:
    r"""Return the expression as the source of a rewrite, which leaves the query as it is.

    Raises:
        NotUnderstoodError: It might match in the query.

    Example:
        >>> without_query("^/a/(.*)$"), without_query("/b")
        ('^/a/([^?]*)$', '^[^?]*?/b[^?]*$')
    """
    return _of_path(pattern) + "$"


def _of_path(pattern: str) -> str:
    """An expression that matches whole paths, where the other is found in them."""
    at_end = pattern.endswith("$") and not pattern.endswith(r"\$")
    inner = _TOKEN.sub(_without_query, pattern.removesuffix("$") if at_end else pattern)
    if "|" in inner and not re.fullmatch(r"\^?(?:[^()|]|\([^()]*\))*", inner):
        raise NotUnderstoodError("its groups are needed, and it has alternatives outside of groups")
    return ("" if inner.startswith("^") else "^[^?]*?") + inner + ("" if at_end else "[^?]*")


_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[.$]")


def _without_query(found: re.Match[str]) -> str:
    token = found[0]
    if token == ".":
        return "[^?]"
    if token.startswith("[^"):
        return f"[^?{token[2:]}"
    if token == "$" or re.search(r"\\[DSW?]|\?", token):
        raise NotUnderstoodError("its groups are needed, and it might take in the query")
    return token
