"""Matches patterns whose repeated parameters are too slow for a backtracking engine.

It tries the same alternatives in the same order as an engine with the pattern's expression. But whether the
rest of a pattern matches at a position does not depend on how it was reached: so nothing is tried twice.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from prefetchrouter.regex import Regex, compiled
from prefetchrouter.rules.pattern_regex import regex_of
from prefetchrouter.rules.pattern_tokens import DELIMITERS, LiteralText, Parameter, Token

MOST_REPEATED = 2
MOST_FLEXIBLE = 4
"""With more parts that may repeat or be missing than these, a backtracking engine may be too slow."""

_Captures: TypeAlias = "tuple[_Captures, int, int | None] | None"
"""The captures so far: those before, and where the last one begins and ends (None: it is missing)."""

_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_BEFORE, _INSIDE = 0, 1


def is_slow(tokens: Sequence[Token]) -> bool:
    """Return whether the expression of a pattern may be too slow, so that a `Matcher` should replace it.

    Example:
        >>> is_slow([Parameter("a", "/", modifier="*")]), is_slow([Parameter("a", "-", modifier="*")])
        (False, True)
    """
    parameters = [token for token in tokens if isinstance(token, Parameter)]
    repeated = [token for token in parameters if token.repeats]
    return (
        len(repeated) > MOST_REPEATED
        or sum(token.repeats or token.optional for token in parameters) > MOST_FLEXIBLE
        or any(token.name is not None and "/" not in token.suffix + token.prefix for token in repeated)
    )


class _Part(NamedTuple):
    """One token, its texts in lower case."""

    prefix: str
    suffix: str
    stop: str
    repeats: bool
    optional: bool
    is_text: bool
    captures: bool


class _Place(NamedTuple):
    """A state of the search: before a token, or after a character that it matched."""

    kind: int
    part: int
    at: int
    begin: int
    captures: _Captures


class Matcher:
    """Matches a pattern in time that grows with the length of the path, times the number of tokens.

    From the first parameter with a custom expression on, the regular expression engine takes over.

    Args:
        tokens: The tokens of the pattern.

    Example:
        >>> rest = (Parameter("a", "/", modifier="*"), Parameter("b", "/", modifier="*"))
        >>> Matcher(rest).match("/x/y")
        ('x/y', None)
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        own = (isinstance(token, Parameter) and token.expression is not None for token in tokens)
        count = next((number for number, has_own in enumerate(own) if has_own), len(tokens))
        self._parts = [_part(token) for token in tokens[:count]]
        self._rest: Regex = compiled(regex_of(tokens[count:], from_start=False))

    def match(self, path: str) -> tuple[str | None, ...] | None:
        """Return what the parameters captured, in order, or None if the path does not match."""
        folded = path.translate(_FOLD)
        waiting = [_Place(_BEFORE, 0, 0, 0, None)]
        tried: set[tuple[int, int, int]] = set()
        while waiting:
            place = waiting.pop()
            if place[:3] in tried:
                continue
            tried.add(place[:3])
            if place.part < len(self._parts):
                waiting += reversed(self._next(place, folded))
            elif found := self._rest.match(path, place.at):
                return (*_texts(path, place.captures), *found.groups())
        return None

    def _next(self, place: _Place, folded: str) -> list[_Place]:
        """Return the next states, the preferred first."""
        kind, number, at, begin, captures = place
        part = self._parts[number]
        ways: list[_Place] = []
        if kind == _BEFORE:
            if folded.startswith(part.prefix, at):
                start = at + len(part.prefix)
                ways += _taken(part, number, folded, start, start, captures)
            if part.optional:
                missing = (captures, at, None) if part.captures else captures
                ways.append(_Place(_BEFORE, number + 1, at, at, missing))
            return ways
        if part.repeats and folded.startswith(part.suffix + part.prefix, at):
            start = at + len(part.suffix) + len(part.prefix)
            ways += _taken(part, number, folded, start, begin, captures)
        if folded.startswith(part.suffix, at):
            end = at + len(part.suffix)
            taken = (captures, begin, at) if part.captures else captures
            ways.append(_Place(_BEFORE, number + 1, end, end, taken))
        if not part.is_text:
            ways += _taken(part, number, folded, at, begin, captures)
        return ways


def _part(token: Token) -> _Part:
    if isinstance(token, LiteralText):
        return _Part(token.text.translate(_FOLD), "", "", False, False, True, False)
    prefix, suffix = token.prefix.translate(_FOLD), token.suffix.translate(_FOLD)
    if token.name is None:
        return _Part(prefix + suffix, "", "", token.repeats, token.optional, True, False)
    return _Part(prefix, suffix, token.stop.translate(_FOLD), token.repeats, token.optional, False, True)


def _taken(
    part: _Part, number: int, folded: str, at: int, begin: int, captures: _Captures
) -> tuple[_Place, ...]:
    """Return the state after one more character of a parameter, or after a whole literal."""
    if part.is_text:
        return (_Place(_INSIDE, number, at, begin, captures),)
    stops = at == len(folded) or folded[at] in DELIMITERS
    if stops or (part.stop and folded.startswith(part.stop, at)):
        return ()
    return (_Place(_INSIDE, number, at + 1, begin, captures),)


def _texts(path: str, captures: _Captures) -> list[str | None]:
    texts: list[str | None] = []
    while captures is not None:
        captures, begin, end = captures
        texts.append(None if end is None else path[begin:end])
    return texts[::-1]
