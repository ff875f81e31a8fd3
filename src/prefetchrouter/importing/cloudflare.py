"""Cloudflare Pages: ``_redirects`` and ``_headers``.

A dialect of Netlify's files. A redirect applies whether there is a file or not, its status is 302 by default,
and a path matches as it is written, slash included. Headers of several blocks are joined. Sources: the pages
"Redirects" and "Headers" of developers.cloudflare.com/pages/configuration.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from prefetchrouter.importing.header_blocks import HeaderBlock, header_blocks
from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.python_source import Call, Expression, regex
from prefetchrouter.importing.rule_bodies import (
    REDIRECTS,
    PathTest,
    filled_in,
    header_name,
    header_value,
    literal_path,
    literal_regex,
    redirect,
    rewrite,
)
from prefetchrouter.source import Source

_MOST_STATIC, _MOST_DYNAMIC, _MOST_HEADERS = 2_000, 100, 100
_MOST_CHARACTERS, _MOST_HEADER_CHARACTERS = 1_000, 2_000
_PART = re.compile(r"\*|:[A-Za-z]\w*", re.ASCII)


def read_redirects(text: str, file: str, imported: Imported) -> None:
    """Read a file ``_redirects``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Example:
        >>> read_redirects("/news/* /blog/:splat", "_redirects", imported := Imported())
        >>> imported.parts[0].criteria.arguments, imported.parts[0].body.arguments
        (('^/news/(.*)$',), ('/blog/$1', 302))
    """
    counts, seen = {False: 0, True: 0}, set()
    comments: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        source, stripped = Source(file, number), line.strip()
        if stripped.startswith("#"):
            comments.append(stripped.lstrip("#").strip())
            continue
        if not stripped:
            continue
        try:
            if len(stripped) > _MOST_CHARACTERS:
                raise NotUnderstoodError(f"a line has at most {_MOST_CHARACTERS:,} characters")
            rule, path = _rule(stripped, source, imported, tuple(filter(None, comments)))
            if path in seen:
                raise NotUnderstoodError("an earlier line has the same path, and it applies")
            is_dynamic = bool(_PART.search(path)) or counts[True] > 0
            counts[is_dynamic] += 1
            most = _MOST_DYNAMIC if is_dynamic else _MOST_STATIC
            if counts[is_dynamic] > most:
                raise NotUnderstoodError(f"it is beyond the limit of {most:,} lines of its kind")
            seen.add(path)
            imported.parts.append(rule)
        except NotUnderstoodError as error:
            imported.not_understood(source, stripped, str(error))
        comments = []


def _rule(
    line: str, source: Source, imported: Imported, comments: tuple[str, ...]
) -> tuple[ImportedRule, str]:
    words = line.split()
    if len(words) not in (2, 3):
        raise NotUnderstoodError("a line is SOURCE DESTINATION STATUS, the last of which may be missing")
    path, to, status = words[0].partition("#")[0], words[1], words[2] if len(words) > 2 else "302"
    if not path.startswith("/") or path.startswith("//"):
        raise NotUnderstoodError("the source is not a path")
    if not to.startswith(("/", "https://", "http://")):
        raise NotUnderstoodError('the destination begins with "/" or "https://"')
    if not re.fullmatch(r"[1-5]\d\d", status, re.ASCII) or int(status) not in {200, *REDIRECTS}:
        raise NotUnderstoodError("the status is one of 200, 301, 302, 303, 307 and 308")
    code = int(status)
    if code == 200 and (not to.startswith("/") or to.startswith("//")):
        raise NotUnderstoodError("with the status 200 the destination is a path")
    if re.fullmatch(r"/\*?", path) and re.fullmatch(r"/(?:index(?:\.html)?)?", to):
        raise NotUnderstoodError("Cloudflare ignores it, as it leads to itself")
    test = cloudflare_path(path, as_list=code != 200)
    to = filled_in(to, test.names)
    body = redirect(test, to, code) if code != 200 else rewrite(imported, to)
    return ImportedRule(
        source, test.criteria, body.helper, body.sections or {}, "cloudflare", comments=comments
    ), path


def cloudflare_path(path: str, *, as_list: bool) -> PathTest:
    """Return what a path of Cloudflare's files matches.

    Args:
        path: Such as ``"/news/:year/*"``.
        as_list: Whether a path without placeholders may be a list of paths.

    Raises:
        NotUnderstoodError: It has two ``*``, or text that no path has.

    Example:
        >>> cloudflare_path("/news/:year/*", as_list=True).names
        ('year', 'splat')
    """
    if path.count("*") > 1:
        raise NotUnderstoodError("a path has one *")
    expression, names, end = "", [], 0
    for found in _PART.finditer(path):
        expression += _literal(path[end : found.start()])
        expression += "(.*)" if found[0] == "*" else "([^/]+)"
        names.append("splat" if found[0] == "*" else found[0][1:])
        end = found.end()
    if not names and as_list:
        return PathTest([literal_path(path)])
    return PathTest.of(f"^{expression}{_literal(path[end:])}$", tuple(names))


def _literal(text: str) -> str:
    return literal_regex(text) if text else ""


def read_headers(text: str, file: str, imported: Imported) -> None:
    r"""Read a file ``_headers``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Example:
        >>> read_headers("/*\n  X-A: 1\n/a\n  X-A: 2\n  ! X-B", "_headers", imported := Imported())
        >>> imported.parts[1].sections["headers"]
        {'remove_response_headers': ['X-B'], 'add_response_headers': {'X-A': '2'}}
    """
    blocks = header_blocks(text, file, imported, can_detach=True, most_characters=_MOST_HEADER_CHARACTERS)
    set_before: dict[str, bool] = {}
    for place, block in enumerate(blocks):
        if place >= _MOST_HEADERS:
            imported.not_understood(
                block.source, block.path, f"it is beyond the limit of {_MOST_HEADERS} blocks"
            )
            continue
        try:
            criteria, names = _headers_criteria(block.path)
        except NotUnderstoodError as error:
            imported.not_understood(block.source, block.path, str(error))
            continue
        headers = _headers(block, names, set_before, imported)
        for line in block.lines:
            if line.value is not None:
                lowered = line.name.lower()
                set_before[lowered] = set_before.get(lowered, False) or criteria is None
        if headers:
            imported.parts.append(
                ImportedRule(block.source, criteria, sections={"headers": headers}, comments=block.comments)
            )


def _headers(
    block: HeaderBlock, names: tuple[str, ...], set_before: dict[str, bool], imported: Imported
) -> dict[str, Expression]:
    removed: list[str] = []
    given: dict[str, tuple[str, str]] = {}
    for line in block.lines:
        try:
            name = header_name(line.name)
            if line.value is None:
                removed.append(name)
                continue
            if any(f":{placeholder}" in line.value for placeholder in names):
                raise NotUnderstoodError("a header cannot hold a part of the path")
            value = header_value(line.value)
            if name.lower() in given and name.lower() == "set-cookie":
                raise NotUnderstoodError("a rule sets one cookie")
            before = given.get(name.lower())
            given[name.lower()] = (before[0], f"{before[1]}, {value}") if before else (name, value)
        except NotUnderstoodError as error:
            shown = f"! {line.name}" if line.value is None else f"{line.name}: {line.value}"
            imported.not_understood(line.source, shown, str(error))
    for lowered in given:
        if set_before.get(lowered) is False:
            imported.note(
                block.source,
                f"{given[lowered][0]} is added to that of an earlier block;"
                " where that does not match, it stands beside the origin's",
            )
    found: dict[str, Expression] = {}
    if removed:
        found["remove_response_headers"] = removed
    fresh = {name: value for lowered, (name, value) in given.items() if lowered not in set_before}
    joined = {name: value for lowered, (name, value) in given.items() if lowered in set_before}
    if fresh:
        found["set_response_headers"] = fresh
    if joined:
        found["add_response_headers"] = joined
    return found


def _headers_criteria(path: str) -> tuple[Expression, tuple[str, ...]]:
    host: dict[str, Expression] = {}
    if not path.startswith("/"):
        try:
            url = urlsplit(path)
        except ValueError:
            raise NotUnderstoodError("the path is not a valid URL") from None
        if not re.fullmatch(r"[A-Za-z0-9.-]+", url.netloc) or url.query:
            raise NotUnderstoodError("a URL has a plain host name, without port and placeholders")
        host, path = {"variable": {"host": url.netloc.lower()}}, url.path or "/"
    test = cloudflare_path(path, as_list=True)
    if path == "/*":
        return host or None, test.names
    criteria = test.criteria
    if test.source is None:
        criteria = Call("exact", (test.criteria[0],))
    elif path.endswith("*"):
        criteria = regex(test.source.removesuffix("(.*)$"))
    return ({"path": criteria, **host} if host else criteria), test.names
