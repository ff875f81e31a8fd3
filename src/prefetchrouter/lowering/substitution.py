r"""Rewrites and redirects as a portable expression and the parts of the new URL.

    {"source": "/old/:id:optionalSlash(\/?)?:optionalQuery(\?.*)?",     what `route.redirect` writes
     "destination": "/new/:id:optionalSlash:optionalQuery"}

    regex   (?i)^/old(?:/([^/#?]+?))(/)?$        tried on the path alone
    pieces  "/new", Captured(1, before="/"), TrailingSlash(2), WholeQuery()
    query   "own"

A source is tried on path and query together, and where it does not match these, or a group that is used would
take in the end of the path and the query too, on the path alone; then the query stays. Which of the two it
comes to follows from most sources alone: `query` says so, and engines try the path only. For the others
`query` is "both", and `regex` is for the whole text.

Sources are tried on the path in canonical form with one slash for each run of slashes (`uri`,
`origin-uri`), and where that does not match, on the path as conditions see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from prefetchrouter.lowering.parts import Filled, parts
from prefetchrouter.regex import to_python
from prefetchrouter.rules.features import SLASH_AND_QUERY, UrlRedirect, UrlRewrite
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_tokens import LiteralText

QueryKind: TypeAlias = Literal["kept", "dropped", "own", "both"]


@dataclass(frozen=True, slots=True)
class Captured:
    """What a group found; it stays in its part of the URL, encoded where it could begin another one.

    Args:
        group: The number of the group.
        before: Text that comes before it.
        with_text_only: Whether that text is left out where the group found nothing.
    """

    group: int
    before: str = ""
    with_text_only: bool = False


@dataclass(frozen=True, slots=True)
class TrailingSlash:
    """A slash where the request's path has one more at its end, unless there is one already.

    Args:
        group: The group that finds it.
    """

    group: int


@dataclass(frozen=True, slots=True)
class WholeQuery:
    """The query of the request with its question mark, or nothing without one."""


Piece: TypeAlias = str | Captured | TrailingSlash | WholeQuery | Filled


@dataclass(frozen=True, slots=True)
class Substitution:
    """A new URL for those that an expression matches.

    Args:
        regex: The expression, which is searched; None if every URL gets the new one.
        pieces: The parts of the new URL, in order.
        query: What becomes of the request's query. ``"kept"``: it follows the new URL's own. ``"dropped"``:
            nothing. ``"own"``: a piece or a variable says it. ``"both"``: see above.
        is_pattern: Whether the source is a path pattern.
        source: The source as the rule has it.
        destination: The destination as the rule has it.

    Example:
        >>> made = substitution("^/blog/([0-9]+)$", "/posts/$1", "regexp")
        >>> made.regex, made.pieces, made.query
        ('^/blog/([0-9]+)$', ('/posts/', Captured(group=1, before='', with_text_only=False)), 'kept')
    """

    regex: str | None
    pieces: tuple[Piece, ...]
    query: QueryKind
    is_pattern: bool = False
    source: str | None = None
    destination: str = ""

    @property
    def literal(self) -> str | None:
        """The new URL, where it is the same for every request and the query is dropped; else None."""
        texts = [piece for piece in self.pieces if isinstance(piece, str)]
        return "".join(texts) if len(texts) == len(self.pieces) and self.query != "kept" else None


@dataclass(frozen=True, slots=True)
class LoweredRedirect:
    """Another address for the client.

    Args:
        status: The status code.
        to: The address. A redirect to the requested URL is not sent, unless a rule sets a cookie too.

    Example:
        >>> redirect_of(UrlRedirect(destination="/new")).status
        302
    """

    status: int
    to: Substitution


def redirect_of(wanted: UrlRedirect, facts: Mapping[str, str] | None = None) -> LoweredRedirect | None:
    """Return the redirect that a rule sets, or None if it names no destination."""
    if not wanted.destination:
        return None
    if wanted.source is None:
        pieces: tuple[Piece, ...] = parts(wanted.destination, facts)
        to = Substitution(None, pieces, "own", destination=wanted.destination)
        return LoweredRedirect(wanted.code or 302, to)
    to = substitution(wanted.source, wanted.destination, wanted.syntax, facts)
    return LoweredRedirect(wanted.code or 302, to)


def rewrites_of(
    wanted: tuple[UrlRewrite, ...], facts: Mapping[str, str] | None = None
) -> tuple[Substitution, ...]:
    """Return the rewrites that a rule sets, in order; those that change nothing are left out.

    Example:
        >>> source = "/:path*" + SLASH_AND_QUERY
        >>> destination = "/:path*:optionalSlash:optionalQuery"
        >>> rewrites_of((UrlRewrite(source=source, destination=destination, syntax="path-to-regexp"),))
        ()
    """
    return tuple(
        substitution(entry.source, entry.destination, entry.syntax, facts)
        for entry in wanted
        if entry.source is not None and entry.destination is not None and not leads_to_its_source(entry)
    )


def substitution(
    source: str, destination: str, syntax: str | None, facts: Mapping[str, str] | None = None
) -> Substitution:
    """Return a rewrite as data.

    Args:
        source: What URLs must match.
        destination: The new URL, with ``$1`` to ``$9`` or ``:names``.
        syntax: ``"path-to-regexp"``; otherwise the source is a regular expression.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> substitution("/a/:id", "/b/:id", "path-to-regexp").pieces
        ('/b', Captured(group=1, before='/', with_text_only=False))
    """
    if syntax == "path-to-regexp":
        return _of_pattern(source, destination, facts)
    groups = {str(number): number for number in range(1, to_python(source).groups + 1)}
    pieces = tuple(_pieces(destination, groups, is_pattern=False, facts=facts))
    query = _query_of_regex(source, pieces)
    return Substitution(source, pieces, _said(query, pieces), False, source, destination)


def _of_pattern(source: str, destination: str, facts: Mapping[str, str] | None) -> Substitution:
    path = source.removesuffix(SLASH_AND_QUERY) or source
    pattern = PathPattern(path)
    groups = {str(name): number for number, name in enumerate(pattern.names, 1)}
    slash = None if path == source else len(groups) + 1
    pieces = tuple(_pieces(destination, groups, is_pattern=True, facts=facts, slash=slash))
    regex = pattern.regex if slash is None else f"{pattern.regex.removesuffix(_END)}(/)?$"
    if WholeQuery() in pieces:
        query: QueryKind = "own"
    else:
        query = _query_of_pattern(pattern, pieces, "kept" if slash is None else "dropped")
    return Substitution(regex, pieces, _said(query, pieces), True, source, destination)


def _query_of_pattern(pattern: PathPattern, pieces: tuple[Piece, ...], without_own: QueryKind) -> QueryKind:
    """Return what becomes of the query; `without_own` where no part of the pattern can find its mark."""
    fixed = (
        token.text if isinstance(token, LiteralText) else token.prefix + token.suffix
        for token in pattern.tokens
    )
    if any("?" in text for text in fixed):
        return "both"
    used = {pattern.names[piece.group - 1] for piece in pieces if isinstance(piece, Captured)}
    result = without_own
    for token in pattern.parameters:
        if token.expression is None or not _may_find_question_mark(token.expression):
            continue
        if token.expression != ".*" or token is not pattern.tokens[-1] or token.modifier:
            return "both"
        result = "kept" if token.name in used else "dropped"
    return result


def _said(query: QueryKind, pieces: tuple[Piece, ...]) -> QueryKind:
    says = any(isinstance(piece, Filled) and piece.reading.kind in _OWN_QUERY for piece in pieces)
    return "own" if query == "kept" and says else query


def _query_of_regex(source: str, pieces: tuple[Piece, ...]) -> QueryKind:
    """Return what becomes of the query, "both" where only a request can tell.

    An expression that begins at the path's start and can find no question mark matches the path alone: all
    of it where it ends with ``$``, so that path and query together do not match and the query stays; else a
    part of it, which is a match of both, and nothing keeps the query. With ``(.*)`` at its end it takes the
    query in, which counts where the group is used.
    """
    text = source.removeprefix("(?i)")
    if not text.startswith("^") or "|" in _BRANCHES.sub("", text):
        return "both"
    body = text.removesuffix("$")
    is_closed = body != text and not body.endswith("\\")
    if body.endswith("(.*)"):
        group = to_python(source).groups
        is_used = any(isinstance(piece, Captured) and piece.group == group for piece in pieces)
        rest = body[:-4]
        return "both" if _may_find_question_mark(rest) else "kept" if is_used else "dropped"
    if _may_find_question_mark(body):
        return "both"
    return "kept" if is_closed else "dropped"


def _may_find_question_mark(text: str) -> bool:
    """Return whether an expression may find a question mark, or looks ahead at one; True in doubt."""
    bare = _HARMLESS.sub("", text)
    return any(mark in bare for mark in (".", "[", "\\", "(?=", "(?!"))


_END = "[/#?]?$"
_BRANCHES = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?:\\.|[^()\\])*\)", re.S)
_HARMLESS = re.compile(r"\\[dws/.+*()\[\]{}|^$-]|\[\^[^\]\\]*\?[^\]\\]*\]|\[(?!\^)[^\]\\?]*\]")
"""Escapes and sets that find no question mark: ``\\d``, ``\\.``, ``[a-z]``, ``[^/?]``."""

_GROUP = re.compile(r"\$([1-9])")
_NAME = re.compile(
    r"\\(?P<escaped>.)|(?P<prefix>[/.]?):(?P<name>[0-9A-Za-z_]+)(?:\((?:\\.|[^()\\])*\))?"
    r"(?P<modifier>[*+]|\?(?![\w$%&=-])|)",
    re.S,
)
_OWN_QUERY = ("query", "request-uri", "request-line")


def _pieces(
    destination: str,
    groups: Mapping[str, int],
    *,
    is_pattern: bool,
    facts: Mapping[str, str] | None,
    slash: int | None = None,
) -> Iterator[Piece]:
    for part in parts(destination, facts):
        if isinstance(part, Filled):
            yield part
        elif is_pattern:
            yield from _named_pieces(part, groups, slash)
        else:
            yield from _numbered_pieces(part, groups)


def _numbered_pieces(text: str, groups: Mapping[str, int]) -> Iterator[Piece]:
    at, before = 0, ""
    for found in _GROUP.finditer(text):
        before = _joined(before, text[at : found.start()])
        at = found.end()
        if found[1] in groups:
            yield from (before,) if before else ()
            yield Captured(groups[found[1]])
            before = ""
    before = _joined(before, text[at:])
    yield from (before,) if before else ()


def _joined(before: str, text: str) -> str:
    """Return the texts around a group that the expression does not have: of two slashes one is left."""
    meets = before.endswith("/") and "?" not in before
    return before + (text.lstrip("/") if meets else text)


def _named_pieces(text: str, groups: Mapping[str, int], slash: int | None) -> Iterator[Piece]:
    at, before = 0, ""
    for found in _NAME.finditer(text):
        before += text[at : found.start()]
        at = found.end()
        name, prefix = found["name"], found["prefix"] or ""
        if found["escaped"] is not None:
            before += found["escaped"]
        elif name in groups:
            yield from (before,) if before else ()
            yield Captured(groups[name], prefix, with_text_only=found["modifier"] in ("*", "?"))
            before = ""
        elif slash is not None and name in ("optionalSlash", "optionalQuery"):
            yield from (before + prefix,) if before or prefix else ()
            yield TrailingSlash(slash) if name == "optionalSlash" else WholeQuery()
            before = ""
        else:
            before += found[0]
    before += text[at:]
    yield from (before,) if before else ()
