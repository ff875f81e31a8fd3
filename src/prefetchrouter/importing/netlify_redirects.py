"""Netlify's redirects: lines of ``_redirects``, and ``[[redirects]]`` of ``netlify.toml``.

The first rule that matches applies; those of ``_redirects`` come before those of ``netlify.toml``. Paths are
case-sensitive, and a slash at their end does not matter. Sources: the pages "Redirects and rewrites",
"Redirect options" and "Rewrites and proxies" of docs.netlify.com.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.known_files import KEPT_FILES, files_at
from prefetchrouter.importing.python_source import Call, Expression, regex
from prefetchrouter.importing.rule_bodies import (
    Body,
    PathTest,
    filled_in,
    literal_path,
    literal_regex,
    redirect,
    rewrite,
)
from prefetchrouter.regex import literal
from prefetchrouter.source import Source

CHAIN = "netlify"
_FILES = "at Netlify a file of the site comes before a rule without !; here the rule does"
_STATUSES = (301, 302, 303)
_STATUS = re.compile(r"([1-5]\d\d)(!?)", re.ASCII)
_PLACEHOLDER = re.compile(r":([A-Za-z_]\w*)", re.ASCII)


@dataclass(frozen=True)
class NetlifyRedirect:
    """One rule, wherever it stands."""

    path: str
    to: str | None
    status: int = 301
    is_forced: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)


def read_redirects(text: str, file: str, imported: Imported) -> None:
    """Read a file ``_redirects``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Example:
        >>> read_redirects("/news/* /blog/:splat", "_redirects", imported := Imported())
        >>> imported.parts[-1].criteria.arguments
        ('^/news(?:/(.*))?$',)
    """
    comments: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        source, stripped = Source(file, number), line.strip()
        if stripped.startswith("#"):
            comments.append(stripped.lstrip("#").strip())
        elif stripped:
            try:
                add_redirect(_parsed(stripped), source, imported, tuple(filter(None, comments)))
            except NotUnderstoodError as error:
                imported.not_understood(source, stripped, str(error))
            comments = []


def _parsed(line: str) -> NetlifyRedirect:
    words = line.split()
    end = next((place for place, word in enumerate(words) if word.startswith("#")), len(words))
    path, *rest = words[:end]
    if rest and _STATUS.fullmatch(rest[0]):
        query, to, rest = {}, None, rest
    else:
        place = next((place for place, word in enumerate(rest) if _is_destination(word)), None)
        if place is None:
            raise NotUnderstoodError('there is no destination: it begins with "/", "http://" or "https://"')
        query, to, rest = _pairs(rest[:place]), rest[place], rest[place + 1 :]
    status = _STATUS.fullmatch(rest[0]) if rest else None
    if rest and status is None:
        raise NotUnderstoodError(f'"{rest[0]}" is not a status')
    if status is None:
        return NetlifyRedirect(path, to, query=query)
    return NetlifyRedirect(path, to, int(status[1]), bool(status[2]), query, _pairs(rest[1:]))


def _is_destination(word: str) -> bool:
    return word.startswith(("/", "http://", "https://"))


def _pairs(words: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name or name in pairs:
            raise NotUnderstoodError(f'"{word}" is not a new NAME=VALUE')
        pairs[name] = value
    return pairs


def add_redirect(
    found: NetlifyRedirect, source: Source, imported: Imported, comments: tuple[str, ...] = ()
) -> None:
    """Add the rule of one redirect.

    Raises:
        NotUnderstoodError: It cannot be written as a rule with the same meaning.
    """
    whole, to = _path_and_destination(found)
    extra: dict[str, Expression] = {}
    path = whole
    if not whole.startswith("/"):
        extra, path = _of_a_host(whole)
    if re.match(r"(?:https?://[^/]*)?/\.netlify(?:/|$)", to) or path.startswith("/.netlify"):
        raise NotUnderstoodError("paths below /.netlify are functions and services of Netlify")
    knows_files = imported.files is not None
    if path == "/*" and not found.is_forced and not knows_files:
        raise NotUnderstoodError(
            "without a ! it applies only where the site has no file, which an edge does not know;"
            " for single-page applications name the folder of the site: --files FOLDER"
        )
    is_redirect = found.status in _STATUSES
    test = netlify_path(path, as_list=is_redirect and not found.query)
    names = (*test.names, *_query_names(found.query))
    if not found.is_forced and not knows_files:
        _note_files(source, imported)
    if "?" in to and is_redirect and not found.query:
        imported.note(source, "the query of a request is dropped, as the destination has its own")
    body = _body(test, filled_in(to, names), found, imported)
    extra |= _conditions(found.conditions)
    files = files_at(test, imported.files) if imported.files and not found.is_forced else None
    if files is not None:
        kept = _criteria(files, extra, found.query)
        imported.parts.append(ImportedRule(source, kept, chain=CHAIN, comments=(*comments, KEPT_FILES)))
        comments = ()
    imported.parts.append(
        ImportedRule(
            source,
            _criteria(test, extra, found.query),
            body.helper,
            body.sections or {},
            CHAIN,
            comments=comments,
        )
    )


def _note_files(source: Source, imported: Imported) -> None:
    if not any(remark.reason == _FILES for remark in imported.remarks):
        imported.note(source, _FILES)


def _path_and_destination(found: NetlifyRedirect) -> tuple[str, str]:
    if found.to is not None:
        return found.path, found.to
    if found.path.endswith("/*") and 200 <= found.status < 300:
        return found.path, found.path.removesuffix("/*") + "/:splat"
    raise NotUnderstoodError("there is no destination")


def _of_a_host(whole: str) -> tuple[dict[str, Expression], str]:
    try:
        url = urlsplit(whole)
    except ValueError:
        raise NotUnderstoodError("the source is not a valid URL") from None
    if url.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.-]+", url.netloc) or url.query:
        raise NotUnderstoodError("the source is neither a path nor a URL with a plain host name")
    return {"scheme": url.scheme.upper(), "variable": {"host": url.netloc.lower()}}, url.path or "/"


def netlify_path(path: str, *, as_list: bool) -> PathTest:
    """Return what a source of Netlify matches.

    Args:
        path: Such as ``"/news/:year/*"``.
        as_list: Whether a path without placeholders may be a list of its two spellings.

    Raises:
        NotUnderstoodError: It has placeholders in other places than the documented ones.

    Example:
        >>> netlify_path("/news/:year/*", as_list=True).criteria.arguments
        ('^/news/([^/]+)(?:/(.*))?$',)
    """
    segments = [segment for segment in path.split("/") if segment]
    expression, names = "", []
    for place, segment in enumerate(segments):
        placeholder = _PLACEHOLDER.fullmatch(segment)
        if segment == "*" and place == len(segments) - 1:
            expression += "(?:/(.*))?"
            names.append("splat")
        elif placeholder:
            expression += "/([^/]+)"
            names.append(placeholder[1])
        elif "*" in segment or ":" in segment:
            raise NotUnderstoodError("a placeholder is a whole segment, and * the last one")
        else:
            expression += "/" + literal_regex(segment)
    if not names and as_list:
        plain = literal_path("/" + "/".join(segments))
        return PathTest([plain, plain + "/"] if segments else ["/"])
    end = "$" if "splat" in names else "/?$"
    return PathTest.of(f"^{expression}{end}", tuple(names))


def _query_names(query: Mapping[str, str]) -> list[str]:
    return [value[1:] for value in query.values() if _PLACEHOLDER.fullmatch(value)]


def _body(test: PathTest, to: str, found: NetlifyRedirect, imported: Imported) -> Body:
    if found.query:
        return _by_query(test, to, found)
    if found.status in _STATUSES:
        return redirect(test, to, found.status)
    if found.status == 200 or found.status >= 400:
        return rewrite(imported, to, found.status)
    raise NotUnderstoodError(f"Netlify does not document the status {found.status}")


def _by_query(test: PathTest, to: str, found: NetlifyRedirect) -> Body:
    """A redirect whose rule matches parameters: it has used them, so they do not go along."""
    if found.status not in _STATUSES:
        raise NotUnderstoodError("a rewrite by query parameters is not imported")
    source = (test.source or "").removesuffix("$").replace("(.*)", "([^?]*)").replace("([^/]+)", "([^/?]+)")
    parameters = {value[1:]: name for name, value in found.query.items() if value.startswith(":")}
    for place, name in enumerate((*test.names, *_query_names(found.query)), 1):
        if name in parameters and name not in test.names:
            if not re.fullmatch(r"[a-z0-9_]+", parameters[name]):
                raise NotUnderstoodError("a parameter with capitals or signs in its name is not imported")
            to = re.sub(rf"\${place}(?!\d)", f"%{{arg_{parameters[name]}}}", to)
    feature = {
        "code": found.status, "source": source + r"(?:\?.*)?$", "syntax": "regexp", "destination": to,
    }  # fmt: skip
    return Body(sections={"url": {"url_redirect": feature}})


def _criteria(test: PathTest, extra: dict[str, Expression], query: Mapping[str, str]) -> Expression:
    criteria = {"path": test.criteria, **extra} if extra else test.criteria
    if not query:
        return criteria
    # Netlify: only these parameters, in any order, each of them there.
    parameters = {
        name: regex("") if _PLACEHOLDER.fullmatch(value) else value for name, value in query.items()
    }
    names = "|".join(literal(name) for name in query)
    one = f"(?:{names})(?:=[^&]*)?" if len(query) > 1 else f"{names}(?:=[^&]*)?"
    only = {"=~": [{"request": "querystring"}, f"^{one}(?:&{one})*$"]}
    return Call("and_", ({"path": test.criteria, **extra, "query": parameters}, Call("raw", (only,))))


def _conditions(conditions: Mapping[str, str]) -> dict[str, Expression]:
    criteria: dict[str, Expression] = {}
    for name, value in conditions.items():
        match name.lower():
            case "country":
                countries = [code.upper() for code in value.split(",")]
                if not all(re.fullmatch("[A-Z]{2}", code) for code in countries):
                    raise NotUnderstoodError("a country has two letters")
                criteria["location"] = {"country": countries if len(countries) > 1 else countries[0]}
            case "cookie" if re.fullmatch(r"[\w-]+", value, re.ASCII):
                criteria["cookies"] = {value: regex("")}
            case _:
                raise NotUnderstoodError(f'the condition "{name}={value}" has no counterpart')
    return criteria
