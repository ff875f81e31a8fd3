"""Rewrites and redirects: a URL that fits a source becomes its destination.

The source is held against path and query together, and if it does not fit these, against the path alone:
the query then stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from prefetchrouter.errors import RuleError
from prefetchrouter.evaluation.templates import LookUp, expand
from prefetchrouter.regex import to_python
from prefetchrouter.rules.pattern import PathPattern

_GROUP = re.compile(r"\$([1-9])")
_NAME = re.compile(
    r"\\(?P<escaped>.)|(?P<prefix>[/.]?):(?P<name>[0-9A-Za-z_]+)(?:\((?:\\.|[^()\\])*\))?"
    r"(?P<modifier>[*+]|\?(?![\w$%&=-])|)",
    re.S,
)


def _no_variables(name: str) -> None:
    return None


def rewritten(
    path: str,
    query: str,
    source: str,
    destination: str,
    syntax: str | None,
    look_up: LookUp = _no_variables,
) -> str | None:
    """Return where a rewrite leads, None when the URL does not fit its source.

    Args:
        path: The path of the URL.
        query: Its query, without the question mark.
        source: What it must fit.
        destination: The new path and query, with ``$1`` to ``$9`` or ``:names``.
        syntax: ``"path-to-regexp"``; otherwise the source is a regular expression that is searched.
        look_up: Gives the feature variables of the destination.

    Example:
        >>> rewritten("/blog/1", "x=2", "^/blog/(.*)$", "/posts/$1", "regexp")
        '/posts/1?x=2'
        >>> rewritten("/a/7", "", "/a/:id", "/b/:id", "path-to-regexp")
        '/b/7'
    """
    named = syntax == "path-to-regexp"
    whole = f"{path}?{query}" if query else path
    found = captures(source, whole, named=named)
    if found is not None:
        return _destination(destination, found, named, look_up)
    if not query:
        return None
    found = captures(source, path, named=named)
    if found is None:
        return None
    target = _destination(destination, found, named, look_up)
    return f"{target}{'&' if '?' in target else '?'}{query}"


@lru_cache(maxsize=1024)
def _compiled(source: str, named: bool) -> PathPattern | re.Pattern[str] | None:
    try:
        return PathPattern(source) if named else to_python(source)
    except RuleError:
        return None


def captures(source: str, text: str, *, named: bool) -> dict[str, str | None] | None:
    """Return what a source captures in a text, by name or number; None when the text does not fit.

    Example:
        >>> captures("^/(a|b)/", "/a/x", named=False)
        {'1': 'a'}
    """
    compiled = _compiled(source, named)
    if isinstance(compiled, PathPattern):
        found = compiled.match(text)
        return (
            None
            if found is None
            else {str(name): value for name, value in zip(compiled.names, found, strict=True)}
        )
    match = compiled.search(text) if compiled is not None else None
    return None if match is None else {str(number): text for number, text in enumerate(match.groups(), 1)}


def _destination(destination: str, found: dict[str, str | None], named: bool, look_up: LookUp) -> str:
    if not named:
        return expand(
            destination, look_up, lambda text: _GROUP.sub(lambda group: found.get(group[1]) or "", text)
        )

    def parameter(part: re.Match[str]) -> str:
        if part["escaped"] is not None:
            return part["escaped"]
        if part["name"] not in found:
            return part[0]
        value = found[part["name"]]
        if value is None:
            return "" if part["modifier"] in ("*", "?") else part["prefix"]
        return part["prefix"] + value

    return expand(destination, look_up, lambda text: _NAME.sub(parameter, text))
