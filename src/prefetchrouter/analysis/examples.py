"""Example texts: a few that match a path pattern or a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from prefetchrouter.errors import RuleError
from prefetchrouter.regex.leading_flags import split_flags
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Chars, Choice, Look, Node, Repeat, Series, Text, mask_of
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter

_LIKELY = "xab1-_./=?&"
_MOST = 200


@lru_cache(maxsize=1024)
def of_pattern(pattern: PathPattern) -> tuple[str, ...]:
    """Return paths that match a pattern: with its optional parts, without them, and over several segments.

    Example:
        >>> of_pattern(PathPattern("/blog/:rest*"))
        ('/blog/x', '/blog', '/blog/x/y')
    """
    if pattern.is_literal:
        return (pattern.literal_prefix,)
    made = ("".join(_filled(token, way) for token in pattern.tokens) for way in ("once", "least", "twice"))
    return tuple(dict.fromkeys(text for text in made if pattern.match(text) is not None))


def _filled(token: LiteralText | Parameter, way: str) -> str:
    if isinstance(token, LiteralText):
        return token.text
    if way == "least" and token.optional:
        return ""
    value = "" if token.name is None else next(iter(of_regex(token.expression or "x")), "x")
    one = f"{token.prefix}{value}{token.suffix}"
    if way == "twice" and token.repeats:
        return one + f"{token.prefix}{'y' if token.expression is None else value}{token.suffix}"
    if (
        way == "twice"
        and token.spans_segments
        and token.expression
        and re.fullmatch(r"\.[*+]", token.expression)
    ):
        return f"{token.prefix}x/y{token.suffix}"
    return one


@lru_cache(maxsize=1024)
def of_regex(source: str) -> tuple[str, ...]:
    """Return texts that a regular expression finds itself in: short, and with its optional parts.

    Example:
        >>> of_regex(r"^/(en|fr)/(.*)$")
        ('/en/x', '/en/', '/fr/x')
    """
    try:
        tree = parse(split_flags(source)[1]).tree
    except RuleError:
        return ()
    return tuple(dict.fromkeys(_text(tree, way)[:_MOST] for way in ("once", "least", "last")))


def _text(node: Node, way: str) -> str:
    match node:
        case Text(text=text):
            return text
        case Chars(mask=mask):
            return next(_characters(mask), "")
        case Series(parts=parts):
            return "".join(_text(part, way) for part in parts)
        case Choice(branches=branches):
            return _text(branches[-1 if way == "last" else 0], way)
        case Repeat(part=part, least=least, most=most):
            count = least if way == "least" or most == 0 else max(least, 1)
            return _text(part, way) * min(count, _MOST)
        case Look() | Anchor():
            return ""


def _characters(mask: int) -> Iterator[str]:
    yield from (character for character in _LIKELY if mask & mask_of(character))
    yield from (chr(code) for code in range(33, 127) if mask >> code & 1)
