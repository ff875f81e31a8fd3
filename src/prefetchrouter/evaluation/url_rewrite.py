"""Rewrites and redirects: a URL that matches a source becomes its destination.

The source is held against path and query together, and if it does not match these, against the path alone:
the query then stays. A group that takes the end of the path and the query with it counts for its part of the
path, and the query stays too. A source that a helper wrote has one part for the rule's path, one for a
trailing slash and one for the query; each is held against its own part of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from prefetchrouter.errors import RuleError
from prefetchrouter.evaluation.destination import Destination
from prefetchrouter.evaluation.templates import LookUp, expand, parts
from prefetchrouter.http.request_target import path_for_rules, recoded
from prefetchrouter.regex import Regex, compiled
from prefetchrouter.rules.features import SLASH_AND_QUERY
from prefetchrouter.rules.pattern import PathPattern

Syntax: TypeAlias = Literal["path-to-regexp", "regexp"] | None

_GROUP = re.compile(r"\$([1-9])")
_NAME = re.compile(
    r"\\(?P<escaped>.)|(?P<prefix>[/.]?):(?P<name>[0-9A-Za-z_]+)(?:\((?:\\.|[^()\\])*\))?"
    r"(?P<modifier>[*+]|\?(?![\w$%&=-])|)",
    re.S,
)
_SLASH, _QUERY = "optionalSlash", "optionalQuery"
_ENDS = ("", "/", "#", "?")
_OWN_QUERY = ("query_string", "normalized_query", "request_uri", "normalized_uri", "request")
"""Feature variables with which a destination says itself what becomes of the query."""


def _no_variables(name: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a source captured.

    Args:
        texts: The texts, by name or number; None for what captured nothing.
        of_query: The names of those that were found in the query.
        across: The names of those that hold the end of the path, perhaps nothing of it, and the query.
    """

    texts: dict[str, str | None]
    of_query: frozenset[str] = frozenset()
    across: frozenset[str] = frozenset()

    def recoded(self) -> _Found:
        """Return the same with what was captured of a path for conditions written as parts of URLs."""
        known = self.of_query | self.across
        texts = {
            name: text if not text or name in known else recoded(text) for name, text in self.texts.items()
        }
        return replace(self, texts=texts)


def rewritten(
    path: str,
    query: str,
    source: str,
    destination: str,
    syntax: str | None,
    look_up: LookUp = _no_variables,
    *,
    is_target: bool = False,
) -> str | None:
    """Return where a rewrite or redirect leads, or None if the URL does not match its source.

    Args:
        path: The path of the URL, in canonical form. A source that matches only what conditions see of it,
            such as ``/@:name`` for ``/%40ann``, matches too.
        query: Its query, without the question mark.
        source: What it must match.
        destination: The new URL, with ``$1`` to ``$9`` or ``:names``.
        syntax: ``"path-to-regexp"``; otherwise the source is a regular expression that is searched.
        look_up: Gives the feature variables of the destination.
        is_target: Whether the destination is path and query for an origin.

    Example:
        >>> rewritten("/blog/1", "x=2", "^/blog/(.*)$", "/posts/$1", "regexp")
        '/posts/1?x=2'
        >>> rewritten("/a/7", "", "/a/:id", "/b/:id", "path-to-regexp")
        '/b/7'
    """
    named = syntax == "path-to-regexp"
    found, keeps_query = _matched(path, query, source, destination, named)
    seen = path_for_rules(path)
    if found is None and seen != path:
        found, keeps_query = _matched(seen, query, source, destination, named)
        found = found and found.recoded()
    if found is None:
        return None
    made = Destination(is_target=is_target)
    _fill(made, destination, found, named, look_up)
    if keeps_query:
        made.add_query(query)
    return made.url()


def filled_url(destination: str, look_up: LookUp) -> str | None:
    """Return a destination that has no source, with its variables filled in, or None if it names no host.

    Example:
        >>> filled_url("https://%{host}/neu ä", {"host": "shop.example"}.get)
        'https://shop.example/neu%20%C3%A4'
    """
    made = Destination()
    for part in parts(destination):
        if isinstance(part, str):
            made.add_text(part)
        else:
            made.add_variable(part.name, part.transform(look_up(part.name)))
    return made.url()


def replaced(
    path: str, query: str, source: str, destination: str, look_up: LookUp = _no_variables
) -> str | None:
    """Return what a regular expression makes of a cache key, unencoded, or None if it does not match.

    Example:
        >>> replaced("/img/a.png", "w=1", "^/img/(.*)", "/$1")
        '/a.png?w=1'
    """
    whole = f"{path}?{query}" if query else path
    kept = ""
    found = _captured(source, whole, len(path), named=False)
    if found is None and query:
        found, kept = _captured(source, path, len(path), named=False), query
    if found is None:
        return None
    texts = found.texts
    target = expand(
        destination, look_up, lambda text: _GROUP.sub(lambda group: texts.get(group[1]) or "", text)
    )
    return f"{target}{'&' if '?' in target else '?'}{kept}" if kept else target


def _matched(path: str, query: str, source: str, destination: str, named: bool) -> tuple[_Found | None, bool]:
    """Return what a source captures, and whether the query is to be kept besides."""
    if named and source.endswith(SLASH_AND_QUERY):
        found = _by_helper(path, query, source)
        if found is not None:
            may_take_it_in = query and "(" in source.removesuffix(SLASH_AND_QUERY)
            drops = may_take_it_in and f":{_QUERY}" not in destination and not _says_query(destination)
            return found, bool(drops) and _is_used_across(path, query, source, destination, named)
    whole = f"{path}?{query}" if query else path
    found = _captured(source, whole, len(path), named=named)
    if found is not None and not (query and _uses(destination, found.across, named)):
        return found, False
    if not query:
        return None, False
    alone = _captured(source, path, len(path), named=named)
    if alone is None:
        return found, False
    return alone, not _says_query(destination)


def _by_helper(path: str, query: str, source: str) -> _Found | None:
    compiled = _compiled(source.removesuffix(SLASH_AND_QUERY), True)
    texts = _of_pattern(compiled, path) if isinstance(compiled, PathPattern) else None
    if texts is None:
        return None
    is_extra = path.endswith("/") and _of_pattern(compiled, path[:-1]) == texts  # type: ignore[arg-type]
    texts[_SLASH] = "/" if is_extra else None
    texts[_QUERY] = f"?{query}" if query else None
    return _Found(texts, frozenset({_QUERY}))


def _is_used_across(path: str, query: str, source: str, destination: str, named: bool) -> bool:
    found = _captured(source, f"{path}?{query}", len(path), named=named)
    return found is not None and _uses(destination, found.across, named)


def _uses(destination: str, names: frozenset[str], named: bool) -> bool:
    return any(f"{':' if named else '$'}{name}" in destination for name in names)


def _says_query(destination: str) -> bool:
    return any(not isinstance(part, str) and part.name in _OWN_QUERY for part in parts(destination))


@lru_cache(maxsize=1024)
def _compiled(source: str, named: bool) -> PathPattern | Regex | None:
    try:
        return PathPattern(source) if named else compiled(source)
    except RuleError:
        return None


def _of_pattern(pattern: PathPattern, text: str) -> dict[str, str | None] | None:
    if pattern.is_literal and pattern.text.isascii() and text.isascii():
        # A table of redirects has thousands of these; none of them needs a separate expression.
        literal = pattern.literal_prefix.lower()
        is_match = text.lower().startswith(literal) and text[len(literal) :] in _ENDS
        return {} if is_match else None
    found = pattern.match(text)
    if found is None:
        return None
    return {str(name): value for name, value in zip(pattern.names, found, strict=True)}


def _captured(source: str, text: str, path_length: int, *, named: bool) -> _Found | None:
    ready = _compiled(source, named)
    if isinstance(ready, PathPattern):
        texts = _of_pattern(ready, text)
        if texts is None:
            return None
        asks_query = r"\?" in source.removesuffix(SLASH_AND_QUERY)
        across = frozenset(name for name, value in texts.items() if value and "?" in value)
        of_query = frozenset(
            name
            for name, value in texts.items()
            if value and (value[0] == "?" or (asks_query and "?" not in value))
        )
        return _Found(texts, of_query - across, across if not asks_query else frozenset())
    match = ready.search(text) if ready is not None else None
    if match is None:
        return None
    numbers = range(1, match.re.groups + 1)
    return _Found(
        {str(number): match[number] for number in numbers},
        frozenset(str(number) for number in numbers if match.start(number) >= path_length),
        frozenset(
            str(number) for number in numbers if -1 < match.start(number) <= path_length < match.end(number)
        ),
    )


def _fill(made: Destination, destination: str, found: _Found, named: bool, look_up: LookUp) -> None:
    for part in parts(destination):
        if not isinstance(part, str):
            made.add_variable(part.name, part.transform(look_up(part.name)))
            continue
        for text, name in _split(part, found.texts, named):
            if name is None:
                made.add_text(text)
            elif name == _SLASH and named:
                made.add_text(text)
                if found.texts[name]:
                    made.add_slash()
            else:
                made.add_text(text)
                made.add_captured(found.texts.get(name) or "", of_query=name in found.of_query)


def _split(text: str, known: dict[str, str | None], named: bool) -> Iterator[tuple[str, str | None]]:
    """Yield the author's text before each captured part with the part's name, and the rest with None."""
    at, before = 0, ""
    for part in (_NAME if named else _GROUP).finditer(text):
        before += text[at : part.start()]
        at = part.end()
        if not named:
            yield before, part[1]
        elif part["escaped"] is not None:
            before += part["escaped"]
            continue
        elif part["name"] not in known:
            before += part[0]
            continue
        elif known[part["name"]] is None and part["modifier"] in ("*", "?") and part["modifier"]:
            yield before, part["name"]
        else:
            yield before + part["prefix"], part["name"]
        before = ""
    yield before + text[at:], None
