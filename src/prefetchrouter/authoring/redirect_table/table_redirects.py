"""`TableRedirect`: a checked line, with what a rule needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from prefetchrouter.authoring.redirect_table.table_line import TableLine, wrong_line
from prefetchrouter.errors import Diagnostic, PatternError, shown
from prefetchrouter.http.request_target import (
    RequestTarget,
    as_browsers_write,
    canonical_target,
    path_for_rules,
)
from prefetchrouter.rules.feature_errors import Problems
from prefetchrouter.rules.features.value_checks import url_text
from prefetchrouter.rules.host_names import is_host_name
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.source import Source

STATUSES: Final = (301, 302, 303, 307, 308)

_URL = re.compile(r"https?://([^/?#]*)(.*)", re.S | re.I)
_SPLAT = re.compile(r"(?<=/)\*$")
_NAME_OF_SEGMENT = re.compile(r"/:([A-Za-z_]\w*)", re.A)
_NAME = re.compile(r":([A-Za-z_]\w*)", re.A)
_SPECIAL = re.compile(r"([\\:(){}*+?])")
_PLAIN = re.compile(r"(?:/[\w~-][\w.~-]*)+/?", re.A)
_CAPTURE = re.compile(r":([A-Za-z_]\w*)", re.A)
_VARIABLE_NAME = re.compile(r"\w+", re.A)


@dataclass(frozen=True, slots=True)
class TableRedirect:
    """A line that is right.

    Args:
        pattern: The path to redirect from, as a path pattern.
        is_literal: Whether it holds no parameters.
        is_exact: Whether letter case and a slash at the end count.
        host: The host that it is for, None for all.
        query: Query parameters that the request must have; None as a value for any text.
        to: Where to, with the names of the pattern.
        status: The status.
        keeps_query: Whether the query of the request goes along.
        source: The place of the line.
    """

    pattern: str
    is_literal: bool
    is_exact: bool
    host: str | None
    query: tuple[tuple[str, str | None], ...]
    to: str
    status: int
    keeps_query: bool
    source: Source | None


class WrongLine(Exception):
    """A line is wrong; its argument is the diagnostic."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found)
        self.found = found


def _fail(line: TableLine, message: str, expected: str | None = None, hint: str | None = None) -> WrongLine:
    return WrongLine(wrong_line(line.source, message, expected=expected, hint=hint))


def redirect_of(line: TableLine, status_code: int, keep_query: bool, host: str | None) -> TableRedirect:
    """Return the redirect of a line.

    Args:
        line: The line.
        status_code: The status of lines without one.
        keep_query: Whether the query is kept where the line does not say.
        host: The host of lines without one.

    Raises:
        WrongLine: Something in it is wrong.

    Example:
        >>> found = redirect_of(TableLine("/old/*", "/new/:splat", None), 301, True, None)
        >>> found.pattern, found.to
        ('/old/:splat*', '/new/:splat*')
    """
    to = _target(line)
    name, start = _start(line)
    path, mark, query = start.partition("?")
    conditions = [*line.parameters, *(_pairs(line, query) if mark else ())]
    queries, to = _captured(line, conditions, to)
    is_literal = not _is_pattern(path, to)
    is_exact = is_literal and _differs_little(path, to)
    pattern, to = (_literal(line, path), to) if is_literal else _pattern(line, path, to)
    if not is_exact and len(pattern) > 1:
        pattern = pattern.removesuffix("/")
    return TableRedirect(
        pattern=pattern,
        is_literal=is_literal,
        is_exact=is_exact,
        host=_host(line, name, host),
        query=queries,
        to=to,
        status=_status(line, status_code),
        keeps_query=_keeps(line, keep_query and not queries),
        source=line.source,
    )


def _target(line: TableLine) -> str:
    if not line.to:
        raise _fail(line, '"to" is empty', expected='a path such as "/new", or a URL')
    if not line.to.startswith("/") and not _URL.match(line.to):
        hint = None if ":" in line.to else f'write "/{line.to}"'
        raise _fail(
            line, f'"to": {shown(line.to)}', expected="a path that begins with /, or a URL", hint=hint
        )
    try:
        url_text(line.to)
        as_browsers_write(line.to)
    except Problems as error:
        raise _fail(line, f'"to": {error.found[0][1].text}') from None
    except UnicodeEncodeError:
        raise _fail(line, f'"to": {shown(line.to)} holds half of a surrogate pair') from None
    return line.to


def _start(line: TableLine) -> tuple[str | None, str]:
    """Return the host of a URL to redirect from, and its path and query."""
    start = line.start
    if not start:
        raise _fail(line, '"from" is empty', expected='a path such as "/old"')
    name = None
    if found := _URL.match(start):
        name, start = found[1], found[2] or "/"
        start = start if start.startswith("/") else f"/{start}"
    if not start.startswith("/"):
        hint = f'write "/{start}"' if _PLAIN.fullmatch(f"/{start}") else None
        raise _fail(
            line, f'"from": {shown(start)}', expected="a path that begins with /, or a URL", hint=hint
        )
    if "#" in start:
        raise _fail(
            line, f'"from": {shown(start)} has a fragment, which browsers do not send', hint="remove it"
        )
    return name, start


def _host(line: TableLine, name: str | None, default: str | None) -> str | None:
    given = line.host or None
    if name is not None and given is not None and name.lower() != given.lower():
        raise _fail(line, f'"from" is on {shown(name)}, "host" is {shown(given)}', hint="write the host once")
    host = name if name is not None else given if given is not None else default
    if host is None:
        return None
    if not is_host_name(host):
        raise _fail(line, f'"host": {shown(host)}', expected='a host name such as "www.shop.example"')
    return host.lower()


def _status(line: TableLine, default: int) -> int:
    text = line.status
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) == 3 and int(text) in STATUSES:
        return int(text)
    hint = {
        "200": "write a rule with update_path(...) or proxy(...): this line is a rewrite",
        "404": 'write a rule with send("...", 404)',
        "410": 'write a rule with send("...", 410)',
    }.get(text)
    raise _fail(line, f'"status": {shown(text)}', expected="301, 302, 303, 307 or 308", hint=hint)


def _keeps(line: TableLine, default: bool) -> bool:
    word = line.query.lower()
    if word not in ("", "keep", "drop"):
        raise _fail(line, f'"query": {shown(line.query)}', expected='"keep" or "drop"')
    return default if not word else word == "keep"


def _pairs(line: TableLine, query: str) -> list[tuple[str, str]]:
    found = [pair.partition("=") for pair in query.split("&") if pair]
    if not found or not all(name for name, _, _ in found):
        raise _fail(line, f'"from": "?{query}" names no parameter', hint="remove the question mark")
    return [(unquote_plus(name), value) for name, _, value in found]


def _captured(
    line: TableLine, pairs: list[tuple[str, str]], to: str
) -> tuple[tuple[tuple[str, str | None], ...], str]:
    """Return the query parameters to test, and the target with those that are captured filled in."""
    tests: dict[str, str | None] = {}
    for name, value in pairs:
        if name in tests:
            raise _fail(line, f'"from": parameter {shown(name)} appears twice', hint="remove one of them")
        capture = _CAPTURE.fullmatch(value)
        tests[name] = None if capture else unquote_plus(value)
        if not capture and not value:
            raise _fail(
                line,
                f'"from": parameter {shown(name)} has no value',
                hint=f"{name}=:value matches any that is not empty",
            )
        used = re.compile(rf":{re.escape(capture[1])}(?!\w)", re.A) if capture else None
        if used is not None and used.search(to):
            if not _VARIABLE_NAME.fullmatch(name):
                raise _fail(
                    line,
                    f'"from": parameter {shown(name)} cannot be put into "to"',
                    hint="names of letters, digits and _ can",
                )
            to = used.sub(f"%{{arg_{name.lower()}}}", to)
    return tuple(tests.items()), to


def _is_pattern(path: str, to: str) -> bool:
    if path.endswith("/*") or _NAME_OF_SEGMENT.search(path):
        return True
    return ":" in path and not set(_NAME.findall(path)).isdisjoint(_NAME.findall(to))


def _literal(line: TableLine, path: str) -> str:
    """Return the pattern that matches a path as it is written."""
    if not _PLAIN.fullmatch(path):
        try:
            found = canonical_target(as_browsers_write(path), "")
        except UnicodeEncodeError:
            raise _fail(line, f'"from": {shown(path)} holds half of a surrogate pair') from None
        if not isinstance(found, RequestTarget):
            raise _fail(line, f'"from": {shown(path)}: {found.message}', hint=found.hint)
        path = _SPECIAL.sub(r"\\\1", path_for_rules(found.path))
    return path


def _pattern(line: TableLine, path: str, to: str) -> tuple[str, str]:
    pattern = _SPLAT.sub(":splat*", path)
    if pattern != path:
        to = re.sub(r"/:splat(?![\w*+?])", "/:splat*", to, flags=re.A)
    try:
        known = {str(name) for name in PathPattern(pattern).names}
    except PatternError as error:
        found = error.diagnostics[0]
        raise _fail(line, f'"from": {found.text}', found.expected, found.hint) from None
    unknown = next((name for name in _NAME_OF_SEGMENT.findall(_path_of(to)) if name not in known), None)
    if unknown is not None:
        names = ", ".join(f":{name}" for name in sorted(known)) or "none"
        raise _fail(line, f'"to": ":{unknown}" is not a parameter of "from"', expected=f"one of {names}")
    return pattern, to


def _path_of(to: str) -> str:
    found = _URL.match(to)
    return (found[2] if found else to).partition("?")[0]


def _differs_little(path: str, to: str) -> bool:
    """Return whether a target is the same path except for letter case or a slash at the end."""
    other = _path_of(to).partition("#")[0]
    return other.rstrip("/").lower() == path.rstrip("/").lower() and path != "/"
