"""The sources and destinations of rewrites and redirects: what is broken, and what does not fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from prefetchrouter.errors import Diagnostic, RuleError, did_you_mean, shown
from prefetchrouter.regex import portable, to_python
from prefetchrouter.rules.feature_errors import Path, Problems, path_text
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_errors import is_regex

if TYPE_CHECKING:
    from prefetchrouter.rules.features.features import Features
    from prefetchrouter.rules.features.url import UrlRewrite

_VARIABLE = re.compile(r"[%$]\{[^}]*\}")
_GROUP = re.compile(r"\$([1-9])")
_NAME = re.compile(r"\\.|:([0-9]*[A-Za-z_]\w*)", re.ASCII | re.S)
_SEGMENT = re.compile(r"(?:^|/):([A-Za-z_]\w*)", re.ASCII)
_OR_EXACT = re.compile(r"(?:write |, or )exact\(.*\) for this very text\Z", re.S)
_ADDED = ("optionalSlash", "optionalQuery")
_ANY_AGAIN = "/:path*:optionalSlash:optionalQuery"
SLASH_AND_QUERY = r":optionalSlash(\/?)?:optionalQuery(\?.*)?"
"""What helper methods add to the user's path, so that a rewrite keeps its slash and its query."""
_ANY = f"/:path*{SLASH_AND_QUERY}"


def leads_to_its_source(entry: UrlRewrite) -> bool:
    """Return whether a rewrite leads each path to itself, as `Route.redirect` writes one.

    Example:
        >>> from prefetchrouter.rules.features import UrlRewrite
        >>> destination = "/:path*:optionalSlash:optionalQuery"
        >>> source = "/:path*" + SLASH_AND_QUERY
        >>> leads_to_its_source(UrlRewrite(source=source, destination=destination))
        True
    """
    return entry.source == _ANY and entry.destination == _ANY_AGAIN


def check_source(source: str | None, syntax: str | None) -> None:
    """Refuse a source that is no pattern, or no expression, of its syntax.

    Args:
        source: What a rewrite or redirect starts from; None when it has no source.
        syntax: ``"path-to-regexp"``; otherwise the source is a regular expression.

    Raises:
        Problems: It is broken, with the path of the source.

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
    """Return what a destination may name: names of a path pattern, or numbers of groups.

    Raises:
        RuleError: The source is broken.

    Example:
        >>> captured("/a/:id", True), captured("^/(a|b)/(.*)", False)
        (('id',), ('1', '2'))
    """
    if is_pattern:
        path = source.removesuffix(SLASH_AND_QUERY)  # the user's own, which messages should show
        names = () if source == SLASH_AND_QUERY else PathPattern(path).names
        return (*map(str, names), *(_ADDED if path != source else ()))
    groups = to_python(portable(source).source).groups
    return tuple(str(number) for number in range(1, groups + 1))


def _in_source(problem: Diagnostic, source: str) -> Diagnostic:
    """Return a diagnostic with a cure for a source, where neither `exact` nor `re.compile` can be written."""
    if problem.code == "path-pattern" and is_regex(source):
        return replace(problem, hint='give the syntax "regexp" for a regular expression')
    return replace(problem, hint=_OR_EXACT.sub("", problem.hint or "") or None)


def rewrite_warnings(features: Features) -> list[Diagnostic]:
    """Return a warning for each part of a destination that its source does not capture.

    Such a part stays as it is written in the new address.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> entry = {"source": "/:a", "destination": "/:b", "syntax": "path-to-regexp"}
        >>> [warning.message for warning in rewrite_warnings(Features(url={"url_rewrite": [entry]}))]
        ['url.url_rewrite[0].destination: the source does not capture ":b"']
    """
    return [
        Diagnostic(
            "unlikely-value",
            f"{path_text((*path, 'destination'))}: "
            f"{'no source captures' if source is None else 'the source does not capture'} {shown(part)}",
            hint=hint,
            severity="warning",
        )
        for path, source, destination, is_pattern in _rewrites(features)
        for part, hint in _missing(destination, source, is_pattern)
    ]


def _rewrites(features: Features) -> Iterator[tuple[Path, str | None, str, bool]]:
    """Return place, source and destination of each rewrite, and whether its source is a path pattern."""
    if features.url is not None:
        for number, entry in enumerate(features.url.url_rewrite or ()):
            if entry.destination is not None:
                path: Path = ("url", "url_rewrite", number)
                yield path, entry.source, entry.destination, entry.syntax == "path-to-regexp"
        redirect = features.url.url_redirect
        if redirect is not None and redirect.destination is not None:
            is_pattern = redirect.syntax == "path-to-regexp"
            yield ("url", "url_redirect"), redirect.source, redirect.destination, is_pattern
    key = features.caching.cache_key_rewrite if features.caching is not None else None
    if key is not None and key.destination is not None:
        yield ("caching", "cache_key_rewrite"), key.source, key.destination, False


def _missing(destination: str, source: str | None, is_pattern: bool) -> Iterator[tuple[str, str]]:
    """Return the parts of a destination that are not captured, each with a cure."""
    if ":" not in destination and "$" not in destination:
        return
    known = captured(source, is_pattern) if source is not None else ()
    fixed = _VARIABLE.sub("", destination)
    marked = [f":{name}" if is_pattern else f"${name}" for name in known if name not in _ADDED]
    captures = f"it captures {', '.join(map(shown, marked))}" if marked else "it captures nothing"
    if source is None:
        captures = "it stays as it is"
    names = dict.fromkeys((_NAME if is_pattern else _SEGMENT).findall(fixed))
    for name in names:
        if name and name not in (known if is_pattern else ()):
            needs = 'names need the syntax "path-to-regexp"'
            no_name = captures if is_pattern or source is None else needs
            yield f":{name}", did_you_mean(f":{name}", marked) or no_name
    for number in dict.fromkeys(_GROUP.findall(fixed)):
        if is_pattern:
            yield f"${number}", f'{captures}; "$" needs the syntax "regexp"'
        elif number not in known:
            yield f"${number}", captures
