"""The shapes of paths that fit a pattern or regular expression: the text that is certain, and the gaps.

A shape says less than the pattern, never more: whatever fits the pattern has one of its shapes. All text is
in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Chars, Choice, Look, Node, Repeat, Series, Text, characters, mask_of
from prefetchrouter.rules.pattern_parser import parse_pattern, read_expression
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter


class Gap(Enum):
    """Text that is not certain."""

    IN_SEGMENT = "some text without a slash"
    SEGMENTS = "nothing, or a slash and any text"
    ANYTHING = "any text, perhaps none"


Shape: TypeAlias = "tuple[str | Gap, ...]"

MOST_SHAPES = 32
"""Beyond so many alternatives a part counts as a gap."""

_ONE_SEGMENT: tuple[Shape, ...] = (("/", Gap.IN_SEGMENT),)
_ANYTHING: tuple[Shape, ...] = ((Gap.ANYTHING,),)
_SLASH = mask_of("/")
_BARE_END = re.compile(r"(?:^|[^\\])(?:\\\\)*\$$")


@lru_cache(maxsize=16_384)
def shapes_of_pattern(text: str) -> tuple[Shape, ...]:
    """Return the shapes of paths that fit a path pattern.

    Example:
        >>> shapes_of_pattern("/Team/:id?") == (("/team", Gap.SEGMENTS),)
        True
        >>> shapes_of_pattern("/:lang(en|fr)/about")
        (('/en/about',), ('/fr/about',))
    """
    return _series(
        ((token.text.lower(),),) if isinstance(token, LiteralText) else _of_parameter(token)
        for token in parse_pattern(text)
    )


def _of_parameter(token: Parameter) -> tuple[Shape, ...]:
    if token.optional:
        return ((_gap_from(token.prefix + token.suffix),),)
    if token.prefix == "/" and token.expression is None and not (token.suffix or token.repeats):
        return _ONE_SEGMENT
    body = _of_body(token)
    once = _series((((token.prefix.lower(),),), body, ((token.suffix.lower(),),)))
    return _series((once, ((_gap_from(token.prefix + token.suffix),),))) if token.repeats else once


def _of_body(token: Parameter) -> tuple[Shape, ...]:
    if token.expression is not None:
        return _of_node(read_expression(token.expression).tree)
    return ((Gap.IN_SEGMENT,),) if token.name is not None else ((),)


def _gap_from(start: str) -> Gap:
    """Return the gap of text that may be missing, and otherwise begins like this."""
    return Gap.SEGMENTS if start.startswith("/") else Gap.ANYTHING


@lru_cache(maxsize=4096)
def shapes_of_regex(source: str) -> tuple[Shape, ...]:
    """Return the shapes of text in which a rule set's regular expression is found.

    Example:
        >>> shapes_of_regex("^/(api|v1)/") == (("/api/", Gap.ANYTHING), ("/v1/", Gap.ANYTHING))
        True
    """
    text = source.removeprefix("(?i)")
    if text.startswith("(?") and text[2:3].isalpha():
        return _ANYTHING
    try:
        tree = parse(text).tree
    except RegexError:
        return _ANYTHING
    anchored = not isinstance(tree, Choice)
    start: tuple[Shape, ...] = ((),) if anchored and text.startswith("^") else _ANYTHING
    end: tuple[Shape, ...] = ((),) if anchored and _BARE_END.search(text) else _ANYTHING
    return _series((start, _of_node(tree), end))


def _of_node(node: Node) -> tuple[Shape, ...]:
    match node:
        case Text(text=text):
            return ((text.lower(),),)
        case Chars(mask=mask):
            return ((Gap.ANYTHING if mask & _SLASH else Gap.IN_SEGMENT,),)
        case Series(parts=parts):
            return _series(_of_node(part) for part in parts)
        case Choice(branches=branches):
            found = tuple(dict.fromkeys(shape for branch in branches for shape in _of_node(branch)))
            return found if len(found) <= MOST_SHAPES else ((_gap(node),),)
        case Repeat(part=part, least=1, most=1):
            return _of_node(part)
        case Repeat(part=part, least=0):
            starts_with_slash = all(_begins_with_slash(shape) for shape in _of_node(part))
            return ((Gap.SEGMENTS if starts_with_slash else Gap.ANYTHING,),)
        case Repeat():
            return ((_gap(node),),)
        case Look():
            return ((),)


def _begins_with_slash(shape: Shape) -> bool:
    return bool(shape) and isinstance(shape[0], str) and shape[0].startswith("/")


def _gap(node: Node) -> Gap:
    without_slash = not characters(node) & _SLASH
    return Gap.IN_SEGMENT if without_slash and not _may_be_empty(node) else Gap.ANYTHING


def _may_be_empty(node: Node) -> bool:
    match node:
        case Text(text=text):
            return not text
        case Chars():
            return False
        case Series(parts=parts):
            return all(_may_be_empty(part) for part in parts)
        case Choice(branches=branches):
            return any(_may_be_empty(branch) for branch in branches)
        case Repeat(part=part, least=least):
            return least == 0 or _may_be_empty(part)
        case Look():
            return True


def _series(parts: Iterable[tuple[Shape, ...]]) -> tuple[Shape, ...]:
    """Return the shapes of parts one after another: each shape of one with each of the next."""
    shapes: tuple[Shape, ...] = ((),)
    for part in parts:
        if len(part) * len(shapes) > MOST_SHAPES:
            part = _ANYTHING
        shapes = tuple(_joined(before, after) for before in shapes for after in part)
    return shapes


def _joined(before: Shape, after: Shape) -> Shape:
    if not before or not after:
        return before or after
    last, first = before[-1], after[0]
    if isinstance(last, str) and isinstance(first, str):
        return (*before[:-1], last + first, *after[1:])
    return before + after
