"""The sources of rewrites and redirects: whether they are valid, and what they capture."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from prefetchrouter.errors import Diagnostic, RuleError
from prefetchrouter.regex import portable, to_python
from prefetchrouter.rules.feature_errors import Problems
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_errors import is_regex

_OR_EXACT = re.compile(r"(?:write |, or )exact\(.*\) for this very text\Z", re.S)
SLASH_AND_QUERY = r":optionalSlash(\/?)?:optionalQuery(\?.*)?"
"""The suffix that helper methods add to a path, so that a rewrite keeps its slash and its query."""
ADDED = ("optionalSlash", "optionalQuery")
"""The names that `SLASH_AND_QUERY` captures: a destination need not name them."""


def check_source(source: str | None, syntax: str | None) -> None:
    """Refuse a source that is not valid in its syntax.

    Args:
        source: The source of a rewrite or redirect; None if it has no source.
        syntax: ``"path-to-regexp"``; otherwise the source is a regular expression.

    Raises:
        Problems: It is invalid; with the path of the source.

    Example:
        >>> check_source("/a/:id", "path-to-regexp")
    """
    if source is None:
        return
    try:
        captured(source, syntax == "path-to-regexp")
    except RuleError as error:
        raise Problems((("source",), _in_source(problem, source)) for problem in error.diagnostics) from None


@lru_cache(maxsize=4096)
def captured(source: str, is_pattern: bool) -> tuple[str, ...]:
    """Return the captures that a destination may use: names of a path pattern, or numbers of groups.

    Raises:
        RuleError: The source is invalid.

    Example:
        >>> captured("/a/:id", True), captured("^/(a|b)/(.*)", False)
        (('id',), ('1', '2'))
    """
    if is_pattern:
        path = source.removesuffix(SLASH_AND_QUERY)  # the user's own, which messages should show
        names = () if source == SLASH_AND_QUERY else PathPattern(path).names
        return (*map(str, names), *(ADDED if path != source else ()))
    groups = to_python(portable(source).source).groups
    return tuple(str(number) for number in range(1, groups + 1))


def _in_source(problem: Diagnostic, source: str) -> Diagnostic:
    """Return a diagnostic with a cure for a source, where neither `exact` nor `re.compile` can be written."""
    if problem.code == "path-pattern" and is_regex(source):
        return replace(problem, hint='give the syntax "regexp" for a regular expression')
    return replace(problem, hint=_OR_EXACT.sub("", problem.hint or "") or None)
