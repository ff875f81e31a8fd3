"""Path patterns: which paths a rule is for, in path-to-regexp 6 syntax.

`docs/patterns.md` explains the syntax by examples.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from prefetchrouter.errors import Diagnostic, PatternError, shown
from prefetchrouter.regex import Regex, compiled, is_linear, refuse_long, to_python
from prefetchrouter.rules.foreign_syntax import parameters, quoted, whole_text
from prefetchrouter.rules.pattern_errors import fail, is_regex
from prefetchrouter.rules.pattern_matcher import Matcher, is_slow
from prefetchrouter.rules.pattern_parser import parse_pattern
from prefetchrouter.rules.pattern_regex import regex_of
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter, Token
from prefetchrouter.rules.pattern_warnings import is_unremarkable, warnings_of

MOST_SHORT = 200
"""Up to this length of a path, a pattern without custom expressions is cheap with any engine."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def _with_meaning(error: PatternError, text: str) -> PatternError:
    """Return an error about the syntax of another router, CDN or language with the equivalent here."""
    meant, elsewhere = whole_text(text), parameters(text)
    hint = None
    if meant is not None:
        hint = f"write {meant.code}"
    elif elsewhere is not None and not is_regex(elsewhere[1]):
        with suppress(PatternError):
            parse_pattern(elsewhere[1])
            hint = f"write {quoted(elsewhere[1])}"
    if hint is None:
        return error
    return PatternError(*(replace(found, hint=hint) for found in error.diagnostics))


def check_pattern(text: str) -> tuple[Diagnostic, ...]:
    """Return the warnings of a path pattern, without parsing ordinary ones.

    Raises:
        PatternError: As `PathPattern`.

    Example:
        >>> check_pattern("/team/:id"), len(check_pattern("/team/{id}"))
        ((), 1)
    """
    return () if is_unremarkable(text) else PathPattern(text).warnings


@dataclass(frozen=True)
class PathPattern:
    """A path pattern such as ``/team/:id``; immutable, and equal when its text is.

    Letter case does not matter, one trailing slash is tolerated, and the whole path must match. Nothing is
    percent-decoded: give `match` the path as it is on the wire.

    Args:
        text: The pattern.

    Raises:
        PatternError: The text breaks the syntax (``path-pattern``), or a parameter's own expression is broken
            or not portable (``regex-syntax``, ``regex-portability``).

    Example:
        >>> PathPattern("/team/:id").match("/team/7/")
        ('7',)
        >>> PathPattern("/team/:id").match("/team") is None
        True
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise PatternError.of(
                "path-pattern",
                f"{shown(self.text)} is not a path pattern",
                expected='text such as "/team/:id"',
            )
        if not self.text:
            raise PatternError.of(
                "path-pattern", "an empty pattern matches no path", hint='write "/" for the home page'
            )
        surrogate = _SURROGATE.search(self.text)
        if surrogate:
            fail(
                self.text,
                surrogate.start(),
                "half of a surrogate pair is not a character",
                hint="write the character percent-encoded",
            )
        try:
            _ = self.tokens
        except PatternError as error:
            raise _with_meaning(error, self.text) from None

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The literal texts and parameters that the pattern consists of, in order."""
        return parse_pattern(self.text)

    @cached_property
    def names(self) -> tuple[str | int, ...]:
        """The names of the captures of `match`; a group that is only an expression has a number.

        Example:
            >>> PathPattern("/:lang(en|fr)/(.*)").names
            ('lang', 0)
        """
        return tuple(token.name for token in self.parameters if token.name is not None)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The tokens that are not literal text, in order."""
        return tuple(token for token in self.tokens if isinstance(token, Parameter))

    @cached_property
    def is_literal(self) -> bool:
        """Whether it consists of literal text alone.

        Example:
            >>> PathPattern("/about").is_literal, PathPattern("/:page").is_literal
            (True, False)
        """
        return not self.parameters

    @cached_property
    def specificity(self) -> tuple[int, int, int, int]:
        """A key that sorts the more specific pattern first.

        It counts, in this order: parameters that may span several segments; plain parameters and groups of
        text; parameters with a custom expression; and (negative) the characters of literal text.

        Example:
            >>> sorted(["/:path*", "/:page", "/about"], key=lambda text: PathPattern(text).specificity)
            ['/about', '/:page', '/:path*']
        """
        wide = sum(token.spans_segments for token in self.parameters)
        own = sum(token.expression is not None and not token.spans_segments for token in self.parameters)
        literal = sum(
            len(token.text) if isinstance(token, LiteralText) else len(token.prefix + token.suffix)
            for token in self.tokens
            if isinstance(token, LiteralText) or not token.optional
        )
        return wide, len(self.parameters) - wide - own, own, -literal

    @cached_property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Warnings about probable mistakes and slow matching.

        Example:
            >>> print(*PathPattern("/u/{id}").warnings)
            warning: "/u/{id}": "{id}" is the plain text "id"; write "/u/:id" [unlikely-pattern]
        """
        return warnings_of(self.text, self.tokens)

    @cached_property
    def literal_prefix(self) -> str:
        """The longest prefix of all matching paths, as written; compare without regard to case.

        Example:
            >>> PathPattern("/team/:id?").literal_prefix, PathPattern("/team/:id").literal_prefix
            ('/team', '/team/')
        """
        prefix = ""
        for token in self.tokens:
            if isinstance(token, LiteralText):
                prefix += token.text
                continue
            if token.optional:
                break
            prefix += token.prefix
            if token.name is not None or token.repeats:
                break
            prefix += token.suffix
        return prefix

    @cached_property
    def regex(self) -> str:
        """The portable regular expression that matches the same paths, with one group for each name.

        Example:
            >>> PathPattern("/team/:id").regex
            '(?i)^/team(?:/([^/#?]+?))[/#?]?$'
        """
        return regex_of(self.tokens)

    @cached_property
    def _short(self) -> Regex | Matcher:
        """The matcher of paths of up to `MOST_SHORT` characters: Python's engine, unless that may be slow."""
        if is_slow(self.tokens) and not (self._has_expressions and is_linear(self.regex)):
            return Matcher(self.tokens)
        return compiled(self.regex) if self._has_expressions else to_python(self.regex)  # pyright: ignore[reportReturnType]

    @cached_property
    def _long(self) -> Regex | Matcher:
        """The matcher of longer paths: in linear time where such an engine is available."""
        if is_linear(self.regex) or (self._has_expressions and not is_slow(self.tokens)):
            return compiled(self.regex)
        return Matcher(self.tokens)

    @cached_property
    def _has_expressions(self) -> bool:
        return any(token.expression is not None for token in self.parameters)

    @cached_property
    def _missing_when_empty(self) -> tuple[bool, ...]:
        """The captures that JavaScript leaves undefined where Python captures "": those of ``(.*)?``."""
        flags = tuple(
            token.modifier == "?" and not (token.prefix or token.suffix)
            for token in self.parameters
            if token.name is not None
        )
        return flags if any(flags) else ()

    def match(self, path: str) -> tuple[str | None, ...] | None:
        """Return what the parameters captured, in order, or None if the path does not match.

        A repeated parameter captures all its segments as one text, a missing optional one gives None.

        Args:
            path: The path of a request, without query string, as it is on the wire.

        Example:
            >>> PathPattern("/docs/:rest*").match("/docs/a/b"), PathPattern("/docs/:rest*").match("/docs")
            (('a/b',), (None,))
        """
        matcher = self._short if len(path) <= MOST_SHORT else self._long
        if isinstance(matcher, Matcher):
            if self._has_expressions:
                refuse_long(self.regex, MOST_SHORT, path)
            captures = matcher.match(path)
        else:
            found = matcher.match(path)
            captures = found.groups() if found else None
        if captures is not None and self._missing_when_empty:
            pairs = zip(captures, self._missing_when_empty, strict=True)
            return tuple(None if missing and capture == "" else capture for capture, missing in pairs)
        return captures
