"""``vercel.json``: redirects, rewrites and headers.

The first redirect that matches applies, else the first rewrite; headers of all entries that match apply.
Sources are patterns of path-to-regexp 6, case-sensitive, and a slash at the end counts. Source: the page
"Project Configuration" of vercel.com/docs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from prefetchrouter.errors import LoadError, PatternError, RegexError
from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.json_places import entry_lines
from prefetchrouter.importing.known_files import KEPT_FILES, files_at
from prefetchrouter.importing.python_source import Call, Expression, regex
from prefetchrouter.importing.rule_bodies import (
    REDIRECTS,
    PathTest,
    filled_in,
    header_name,
    header_value,
    literal_regex,
    redirect,
    rewrite,
)
from prefetchrouter.regex import portable
from prefetchrouter.rules.pattern_parser import parse_pattern
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter
from prefetchrouter.source import Source

_SECTIONS = {"header": "headers", "cookie": "cookies", "query": "query"}
_FILES = "at Vercel a file of the site comes before a rewrite; here the rewrite does"


def read_vercel(text: str, file: str, imported: Imported) -> None:
    """Read ``vercel.json``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Raises:
        LoadError: It is not a JSON object.

    Example:
        >>> text = '{"redirects": [{"source": "/a/:id", "destination": "/b/:id"}]}'
        >>> read_vercel(text, "vercel.json", imported := Imported())
        >>> imported.parts[0].criteria.arguments, imported.parts[0].body.arguments
        (('^/a/([^/]+)$',), ('/b/$1', 308))
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise LoadError.of(
            "import-format", f"this is not JSON: {error.msg}", source=Source(file, error.lineno)
        ) from None
    except RecursionError:
        raise LoadError.of("import-format", "it is nested too deep", source=Source(file, 1)) from None
    if not isinstance(data, dict):
        raise LoadError.of("import-format", "this is not a JSON object", source=Source(file, 1))
    for name, add in (("redirects", _add_redirect), ("rewrites", _add_rewrite), ("headers", _add_headers)):
        entries = data.get(name, [])
        lines = entry_lines(text, name) if isinstance(entries, list) else []
        if not isinstance(entries, list) or len(lines) != len(entries):
            imported.not_understood(Source(file, 1), name, "it is not one list of objects")
            continue
        for line, entry in zip(lines, entries, strict=True):
            source = Source(file, line)
            try:
                if not isinstance(entry, Mapping):
                    raise NotUnderstoodError("it is not an object")
                add(entry, source, imported)
            except NotUnderstoodError as error:
                imported.not_understood(source, json.dumps(entry), str(error))
    for name in ("routes", "cleanUrls", "trailingSlash"):
        if name in data:
            imported.not_understood(Source(file, 1), name, "it is not imported")


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise NotUnderstoodError(f'it has no text "{name}"')
    return value


def _known(entry: Mapping[str, Any], *names: str) -> None:
    for name in entry:
        if name not in names:
            raise NotUnderstoodError(f'"{name}" has no counterpart')


def _add_redirect(entry: Mapping[str, Any], source: Source, imported: Imported) -> None:
    _known(entry, "source", "destination", "permanent", "statusCode", "has", "missing")
    test, permanent = vercel_path(_text(entry, "source")), entry.get("permanent")
    code = entry.get("statusCode", 308) if permanent is None else (308 if permanent else 307)
    if isinstance(code, bool) or code not in REDIRECTS:
        raise NotUnderstoodError("the status is one of 301, 302, 303, 307 and 308")
    to = _filled(entry, test)
    body = redirect(test, to, code)
    if "?" in to:
        imported.note(source, "the query of a request is dropped, as the destination has its own")
    criteria = _criteria(test, entry)
    imported.parts.append(ImportedRule(source, criteria, body.helper, body.sections or {}, "vercel"))


def _add_rewrite(entry: Mapping[str, Any], source: Source, imported: Imported) -> None:
    _known(entry, "source", "destination", "has", "missing")
    test = vercel_path(_text(entry, "source"))
    knows_files = imported.files is not None
    if test.source == "^/(.*)$" and not knows_files:
        raise NotUnderstoodError(
            "it applies only where the site has no file, which an edge does not know;"
            " for single-page applications name the folder of the site: --files FOLDER"
        )
    to = _filled(entry, test)
    if test.names and not re.search(r"\$\d", to.partition("?")[0]):
        # Placeholders that the path of the destination does not name become parameters.
        named = [
            f"{name}=${place}"
            for place, name in enumerate(test.names, 1)
            if not name.isdigit() and not re.search(rf"[?&]{name}=", to)
        ]
        to += ("&" if "?" in to else "?") + "&".join(named) if named else ""
    body = rewrite(imported, to)
    if not knows_files and not any(remark.reason == _FILES for remark in imported.remarks):
        imported.note(source, _FILES)
    files = files_at(test, imported.files or ())
    if files is not None:
        kept = _criteria(files, entry)
        imported.parts.append(ImportedRule(source, kept, chain="vercel", comments=(KEPT_FILES,)))
    criteria = _criteria(test, entry)
    imported.parts.append(ImportedRule(source, criteria, body.helper, body.sections or {}, "vercel"))


def _add_headers(entry: Mapping[str, Any], source: Source, imported: Imported) -> None:
    _known(entry, "source", "headers", "has", "missing")
    test, pairs = vercel_path(_text(entry, "source")), entry.get("headers")
    if not isinstance(pairs, list) or not all(isinstance(pair, Mapping) for pair in pairs):
        raise NotUnderstoodError("it has no list of headers")
    values = {}
    for pair in pairs:
        name, value = header_name(_text(pair, "key")), _text(pair, "value")
        if any(f":{placeholder}" in value for placeholder in test.names if not placeholder.isdigit()):
            raise NotUnderstoodError("a header cannot hold a part of the path")
        values[name.lower()] = (name, header_value(value))
    sections = {"headers": {"set_response_headers": dict(values.values())}}
    imported.parts.append(ImportedRule(source, _criteria(test, entry), None, sections))


def _filled(entry: Mapping[str, Any], test: PathTest) -> str:
    """The destination with ``$1`` for its placeholders, which may bear the modifier of the source."""
    to = re.sub(r"(:[A-Za-z_]\w*)[*+?](?=[/?#]|$)", r"\1", _text(entry, "destination"), flags=re.ASCII)
    if not to.startswith(("/", "http://", "https://")):
        raise NotUnderstoodError("the destination is neither a path nor a URL")
    numbers = [int(number) for number in re.findall(r"\$(\d)", to)]
    if numbers:
        if re.search(r":[A-Za-z_]|\$\d\d|%\{", to) or not all(
            0 < each <= len(test.names) for each in numbers
        ):
            raise NotUnderstoodError("the destination has other placeholders than the source has groups")
        return to
    return filled_in(to, test.names)


def vercel_path(pattern: str) -> PathTest:
    r"""Return what a source of Vercel matches.

    Raises:
        NotUnderstoodError: It is not a pattern of path-to-regexp, or not portable.

    Example:
        >>> vercel_path(r"/blog/:year(\d{4})/:path*").source
        '^/blog/(\\d{4})(?:/([^/]+(?:/[^/]+)*))?$'
    """
    try:
        tokens = parse_pattern(pattern)
        source = "".join(_token(token) for token in tokens)
        portable(re.compile(source))
    except (PatternError, RegexError, re.error, OverflowError, RecursionError):
        raise NotUnderstoodError("the source is not a pattern that every engine matches alike") from None
    names = tuple(str(token.name) for token in tokens if isinstance(token, Parameter))
    if not source.startswith("/") and not source.startswith("(?:/"):
        raise NotUnderstoodError("the source does not begin with a slash")
    return PathTest.of(f"^{source}$", names)


def _token(token: LiteralText | Parameter) -> str:
    if isinstance(token, LiteralText):
        return literal_regex(token.text)
    if token.name is None or token.suffix or token.prefix not in ("", "/") or token.stop:
        raise NotUnderstoodError("a placeholder with text before or after it is not imported")
    prefix, expression = token.prefix, token.expression or "[^/]+"
    match token.modifier:
        case "":
            return f"{prefix}({expression})"
        case "*" if token.expression is None and prefix:
            return "(?:/([^/]+(?:/[^/]+)*))?"
        case "?" if prefix:
            return f"(?:/({expression}))?"
        case _:
            raise NotUnderstoodError("this repetition of a placeholder is not imported")


def _criteria(test: PathTest, entry: Mapping[str, Any]) -> Expression:
    tests: dict[str, Expression] = {}
    for kind in ("has", "missing"):
        conditions = entry.get(kind, [])
        if not isinstance(conditions, list):
            raise NotUnderstoodError(f'"{kind}" is not a list')
        for condition in conditions:
            _add_condition(condition, tests, is_missing=kind == "missing")
    return {"path": test.criteria, **tests} if tests else test.criteria


def _add_condition(condition: object, tests: dict[str, Expression], *, is_missing: bool) -> None:
    if not isinstance(condition, Mapping):
        raise NotUnderstoodError("a condition is not an object")
    _known(condition, "type", "key", "value")
    kind, value = condition.get("type"), condition.get("value")
    if not isinstance(value, str | None):
        raise NotUnderstoodError("a condition whose value is not text is not imported")
    if kind == "host":
        section, key = "variable", "host"
    elif kind in _SECTIONS:
        section, key = _SECTIONS[kind], _text(condition, "key")
    else:
        raise NotUnderstoodError(f"a condition of the type {kind!r} is not imported")
    if section == "headers":
        key = header_name(key).lower()
    group = tests.setdefault(section, {})
    if key in group or not key.isascii() or not key.isprintable():
        raise NotUnderstoodError("two conditions on one name are not imported")
    found = _value(value)
    group[key] = Call("not_", (found,)) if is_missing else found


def _value(value: str | None) -> Expression:
    if not value:
        return regex("")
    if re.fullmatch(r"[\w -]+", value, re.ASCII):
        return value
    if "(?<" in value:
        raise NotUnderstoodError("a condition with named groups is not imported")
    try:
        portable(re.compile(f"^(?:{value})$"))
    except (RegexError, re.error, OverflowError, RecursionError):
        raise NotUnderstoodError("the expression of a condition is not portable") from None
    return regex(f"^(?:{value})$")
