"""Suggestions for paths that no request has; each suggestion is checked before it is made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote

from prefetchrouter.errors import RuleError, shown
from prefetchrouter.likely_mistakes.comparing import Compared, can_be, can_be_true
from prefetchrouter.regex import portable
from prefetchrouter.rules.conditions import Variable, variable
from prefetchrouter.rules.foreign_syntax import (
    parameters,
    quoted,
    regex,
    starred,
    tests_of_query,
    whole_text,
)
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_errors import instead_of_regex, is_regex
from prefetchrouter.rules.pattern_warnings import ORDINARY, unlikely_characters

_PATH = variable("request", "path")
_REGEX_PIECE = re.compile(r"\.\*|\.\+|\(\?:|\(\.|\\[dwsDWS.]|\[\^|\|")
_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_ENCODED = re.compile(r"[^!-~]+")


def text_cure(text: str) -> str | None:
    """Return what to write for a string that is compared with the path, but is not a possible path.

    Example:
        >>> text_cure("/catalog.php?item=0")
        'write {"path": "/catalog.php", "query": {"item": "0"}}'
        >>> text_cure("about us"), text_cure("/a/../b#c")
        ('write "/about%20us"', 'write "/b"')
    """
    meant = whole_text(text)
    if meant is not None:
        return f"write {meant.code}"
    if is_regex(text) and not re.search(r"\\[bB]", text):
        return instead_of_regex(text).partition(" for ")[0]
    if _REGEX_PIECE.search(text):
        return expression_cure(_PATH, f"^{text.removeprefix('^').removesuffix('$')}$")
    if "?" in text[:-1]:
        return None
    path = _as_path(text)
    return f"write {quoted(path)}" if can_be(_PATH, path) else None


def _as_path(text: str) -> str:
    """Return the path that a browser would request for this text."""
    path = text.partition("#")[0].partition("?")[0].replace("\\", "/").strip()
    path = quote(path, safe="".join(map(chr, range(33, 127))).translate({ord(c): None for c in '"<>`'}))
    path = re.sub("/+", "/", path if path.startswith("/") else f"/{path}")
    if re.search(r"(?:^|/)\.\.?(?:/|$)", path):
        slash = "/" if path.endswith(("/", "/.", "/..")) else ""
        path = posixpath.normpath(path).rstrip("/") + slash
    return re.sub("%(?![0-9A-Fa-f]{2})", "%25", path) or "/"


def pattern_cure(text: str) -> str | None:
    """Return what to write for a path pattern that no path matches.

    Example:
        >>> pattern_cure("/a/:id#top"), pattern_cure("/a/../:id")
        ('write "/a/:id"', 'write "/:id"')
    """
    plain = text.partition("#")[0]
    for candidate in (plain, re.sub("/+", "/", plain), _as_path(plain), _as_path(plain.replace("\\\\", "/"))):
        try:
            pattern = PathPattern(candidate)
        except RuleError:
            continue
        if not pattern.warnings and can_be_true(Compared(_PATH, "==", (pattern.text,))):
            return f"write {quoted(candidate)}"
    return None


def expression_cure(variable: Variable, source: str) -> str | None:
    """Return what to write for a regular expression that matches no path.

    Example:
        >>> expression_cure(_PATH, "^about$")
        'write re.compile(r"^/about$")'
        >>> expression_cure(_PATH, r"^/search\\?q=x$")
        'write {"path": re.compile(r"^/search$"), "query": {"q": "x"}}'
    """
    flag = "(?i)" if source.startswith("(?i)") else ""
    text = source.removeprefix("(?i)")
    for candidate, wrapped in _expressions(text):
        if not candidate.strip("^$"):
            continue
        try:
            made = portable(f"{flag}{candidate}").source
        except RuleError:
            continue
        if can_be_true(Compared(variable, "=~", (made,))):
            return f"write {wrapped.format(regex(candidate, ignore_case=bool(flag)))}"
    return 'add a condition on "query"' if re.search(r"\\\?|\[\?\]", text) else None


def _expressions(text: str) -> Iterator[tuple[str, str]]:
    """Yield likely corrections of an expression: the expression, and a template around it."""
    method = re.match(rf"\^?({_METHODS}) (?=\^?\\?/)", text)
    if method:
        yield text[method.end() :], f'{{{{"method": {quoted(method[1])}, "path": {{}}}}}}'
    before, question, query = text.partition(r"\?")
    tests = query.removesuffix("$").replace("\\", "")
    if question and re.fullmatch(r"[\w=&.%-]+", tests):
        entries = ", ".join(tests_of_query(tests))
        yield f"{before.removesuffix('$')}$", f'{{{{"path": {{}}, "query": {{{{{entries}}}}}}}}}'
    host = re.match(r"\^?(?:(?:https?\??:)?(?:\\?/){2})?((?:[A-Za-z0-9-]+\\?\.)+[A-Za-z]+)(?=\\?/)", text)
    if host:
        name = quoted(host[1].replace("\\", ""))
        yield f"^{text[host.end() :] or '/'}", f'{{{{"headers": {{{{"host": {name}}}}}, "path": {{}}}}}}'
    if text.startswith("^"):
        yield f"^/{text[1:].lstrip('/')}", "{}"
    yield text.replace("\\\\", "\\"), "{}"
    if "#" in text:
        yield text.partition("#")[0], "{}"
    yield text, "{}"
    yield f"/{text}", "{}"
    yield _ENCODED.sub(lambda found: quote(found[0]), text), "{}"
    yield re.sub(r"\$(?=.)", "", text), "{}"


def pattern_compared_literally(found: Compared) -> tuple[str, str] | None:
    """Return the problem of strings that are compared literally but look like patterns, and what to write.

    Example:
        >>> pattern_compared_literally(Compared(_PATH, "in", ("/a/:id", "/b")))[1]
        'write or_("/a/:id", "/b")'
    """
    if all(":" not in text and ORDINARY.fullmatch(text) for text in found.values):
        return None
    if found.operator == "===":
        return _expression_compared_literally(found.values[0])
    pattern = next((text for text in found.values if _pattern(text) is not None), None)
    if pattern is None:
        return None
    each = [_pattern(text) or quoted(text) for text in found.values]
    code = (
        f"and_({', '.join(f'not_({part})' for part in each)})" if found.negated else f"or_({', '.join(each)})"
    )
    if len(each) == 1:
        code = f"not_({each[0]})" if found.negated else each[0]
    problem = f"strings in a list are compared literally, and {shown(pattern)} is a pattern"
    return problem, f"write {code}"


def _pattern(text: str) -> str | None:
    """Return the criteria for text that is a pattern, here or in another router; None for plain text."""
    meant = whole_text(text)
    if meant is not None:
        return meant.code
    if is_regex(text):
        return instead_of_regex(text).removeprefix("write ").partition(" for ")[0]
    elsewhere = parameters(text)
    if elsewhere is not None:
        return quoted(elsewhere[1])
    if "*" in text and not re.search(r"[:(){}\\+?]", text):
        return quoted(starred(text))
    if not re.search(r"/:[A-Za-z_]|\.\*|\((?:\?:|[^)]*[\\\[|])", text):
        return None  # a colon or brackets within a path, as in /wiki/Talk:A_(b)
    try:
        pattern = PathPattern(text)
    except RuleError:
        return None
    if pattern.is_literal or unlikely_characters(text):
        return None
    return quoted(re.sub(r"\{([A-Za-z_]\w*)\}(?![?*+])", r":\1", text))


def _expression_compared_literally(text: str) -> tuple[str, str] | None:
    braces = re.sub(r"\{(\w+(?:,\w+)+)\}", lambda found: f"({found[1].replace(',', '|')})", text)
    if braces != text:
        stars = re.sub(r"\*+", "(.*)", braces)
        return f"{shown(text)} is compared literally", f"write {quoted(stars)}"
    if not (is_regex(text) or _REGEX_PIECE.search(text)) or not re.search(r"[*+\\|^$]", text):
        return None
    if is_regex(text):
        code = instead_of_regex(text).removeprefix("write ").partition(" for ")[0]
        return f"{shown(text)} is compared literally", f"write {code}"
    if not _REGEX_PIECE.search(text):
        return None
    whole = text if text.endswith(".*") else f"{text}$"
    return f"{shown(text)} is compared literally", f"write {regex('^' + whole)}"
