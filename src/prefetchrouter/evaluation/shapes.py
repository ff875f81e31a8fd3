"""The shapes of the paths that a pattern or regular expression matches: certain text, and gaps.

A shape is a sequence of texts and gaps. Its language is every text that can be cut into its parts:

    "/en/about"      that text
    Gap.SOME         one or more characters, none of them "/"
    Gap.SEGMENTS     nothing, or "/" and then any text
    Gap.ANYTHING     any text, also none

The shapes of an expression over-approximate it: each path that it matches, in lower case, is in the
language of at least one shape. By induction over the parts of the expression: a text and a single character
are in the language of their shape; parts in a row give each shape of one followed by each shape of the
next; alternatives, and a part that may be missing, give all shapes of each; what is repeated gives a gap
whose language holds any number of occurrences; anchors, `\\b` and lookaheads only rule paths out, so they
count as the empty text. Where there would be too many shapes, a gap with a larger language replaces them.
Only an anchor that every match has to pass at its very start or end saves the expression from a gap there.

Paths are what a request line holds: ASCII, a slash first. Text of an expression outside ASCII matches none.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Chars, Choice, Look, Node, Repeat, Series, Text, mask_of
from prefetchrouter.rules.pattern_parser import parse_pattern, read_expression
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter


class Gap(Enum):
    """Text that is not certain."""

    SOME = "one or more characters, none of them a slash"
    SEGMENTS = "nothing, or a slash and any text"
    ANYTHING = "any text, also none"


Shape: TypeAlias = "tuple[str | Gap, ...]"
Shapes: TypeAlias = "tuple[Shape, ...]"

MOST_SHAPES = 32
"""Beyond this many alternatives a part counts as a gap."""

_EMPTY: Shapes = ((),)
_SOME: Shapes = ((Gap.SOME,),)
_SEGMENTS: Shapes = ((Gap.SEGMENTS,),)
_ANYTHING: Shapes = ((Gap.ANYTHING,),)
_ONE_SEGMENT: Shapes = (("/", Gap.SOME),)
_SLASH = mask_of("/")
_ASCII = (1 << 128) - 1


@lru_cache(maxsize=16_384)
def shapes_of_pattern(text: str) -> Shapes:
    """Return the shapes of the paths that a path pattern matches.

    Example:
        >>> shapes_of_pattern("/Team/:id?.json")
        (('/team.json',), ('/team/', <Gap.SOME: 'one or more characters, none of them a slash'>, '.json'))
        >>> shapes_of_pattern("/:lang(en|fr)/about")
        (('/en/about',), ('/fr/about',))
    """
    shapes = _series(
        ((token.text.lower(),),) if isinstance(token, LiteralText) else _of_parameter(token)
        for token in parse_pattern(text)
    )
    # A pattern allows one more slash at the end. To a key that matters only after a slash, or after nothing.
    with_slash = [_joined(shape, ("/",)) for shape in shapes if _ends_open(shape)]
    return _union([shapes, with_slash]) if with_slash else shapes


def _ends_open(shape: Shape) -> bool:
    return not shape or (isinstance(shape[-1], str) and shape[-1].endswith("/"))


def _of_parameter(token: Parameter) -> Shapes:
    if token.prefix == "/" and token.expression is None and not (token.suffix or token.modifier):
        return _ONE_SEGMENT if token.name is not None else (("/",),)
    if token.modifier == "*" and token.prefix.startswith("/"):
        return _SEGMENTS
    once = _series((_of_text(token.prefix), _of_body(token), _of_text(token.suffix)))
    if token.repeats:
        return _repeated(once, at_least_once=not token.optional)
    return _union([_EMPTY, once]) if token.optional else once


def _of_text(text: str) -> Shapes:
    return ((text.lower(),),) if text else _EMPTY


def _of_body(token: Parameter) -> Shapes:
    if token.expression is not None:
        return _of_node(read_expression(token.expression).tree)
    return _SOME if token.name is not None else _EMPTY


@lru_cache(maxsize=4096)
def shapes_of_regex(source: str) -> Shapes:
    """Return the shapes of paths in which a rule set's regular expression is found.

    Example:
        >>> shapes_of_regex("^/(api|v1)/") == (("/api/", Gap.ANYTHING), ("/v1/", Gap.ANYTHING))
        True
        >>> shapes_of_regex("^/docs/?$")
        (('/docs',), ('/docs/',))
    """
    text = source.removeprefix("(?i)")
    if text.startswith("(?") and text[2:3].isalpha():
        return _ANYTHING  # flags that change what the text means
    try:
        tree = parse(text).tree
    except RegexError:
        return _ANYTHING
    return _found(tree)


def _found(tree: Node) -> Shapes:
    """Return the shapes of texts in which a tree is found, wherever it is not anchored."""
    if isinstance(tree, Choice):
        return _union([_found(branch) for branch in tree.branches])
    parts = tree.parts if isinstance(tree, Series) else (tree,)
    start = _EMPTY if parts[:1] == (Anchor("^"),) else _ANYTHING
    end = _EMPTY if parts[-1:] == (Anchor("$"),) else _ANYTHING
    return _series((start, _of_node(tree), end))


def _of_node(node: Node) -> Shapes:
    match node:
        case Text(text=text):
            return _of_text(text)
        case Chars(mask=mask):
            return _of_mask(mask)
        case Series(parts=parts):
            return _series(_of_node(part) for part in parts)
        case Choice(branches=branches):
            return _union([_of_node(branch) for branch in branches])
        case Repeat(part=part, least=least, most=most):
            return _of_repeat(_of_node(part), least, most)
        case Look() | Anchor():
            return _EMPTY


def _of_mask(mask: int) -> Shapes:
    if mask & _ASCII == mask and mask.bit_count() == 1:
        return ((chr(mask.bit_length() - 1).lower(),),)
    return _ANYTHING if mask & _SLASH else _SOME


def _of_repeat(inner: Shapes, least: int, most: int | None) -> Shapes:
    if most == 0:
        return _EMPTY
    if most == 1:
        return inner if least else _union([_EMPTY, inner])
    return _repeated(inner, at_least_once=least > 0)


def _repeated(inner: Shapes, *, at_least_once: bool) -> Shapes:
    if all(_begins_with_slash(shape) for shape in inner):
        more = _SEGMENTS
    else:
        more = _ANYTHING if any(_may_hold_slash(shape) for shape in inner) else _union([_EMPTY, _SOME])
    return _series((inner, more)) if at_least_once else more


def _begins_with_slash(shape: Shape) -> bool:
    return bool(shape) and isinstance(shape[0], str) and shape[0].startswith("/")


def _may_hold_slash(shape: Shape) -> bool:
    return any("/" in part if isinstance(part, str) else part is not Gap.SOME for part in shape)


def _union(several: Iterable[Iterable[Shape]]) -> Shapes:
    """Return all shapes of some alternatives, each once; a gap in their place when they are too many."""
    found = tuple(dict.fromkeys(shape for shapes in several for shape in shapes))
    return found if len(found) <= MOST_SHAPES else _gap(found)


def _gap(shapes: Shapes) -> Shapes:
    """Return fewer shapes whose languages hold those of all the given ones."""
    if any(_may_hold_slash(shape) for shape in shapes):
        return _ANYTHING
    return _SOME if all(shapes) else (*_EMPTY, *_SOME)


def _series(parts: Iterable[Shapes]) -> Shapes:
    """Return the shapes of parts one after another: each shape of one with each of the next."""
    shapes = _EMPTY
    for part in parts:
        count = len(part) * len(shapes)
        if count == 1:
            shapes = (_joined(shapes[0], part[0]),)
            continue
        if count > MOST_SHAPES:
            part = _gap(part) if 2 * len(shapes) <= MOST_SHAPES else _ANYTHING
        shapes = tuple(dict.fromkeys(_joined(before, after) for before in shapes for after in part))
    return shapes


def _joined(before: Shape, after: Shape) -> Shape:
    """Return one shape after another. Gaps that meet become one whose language holds both in a row."""
    if not before or not after:
        return before or after
    last, first = before[-1], after[0]
    if isinstance(last, str):
        return (*before[:-1], last + first, *after[1:]) if isinstance(first, str) else before + after
    if isinstance(first, str):
        return before + after
    if last is first:
        return before + after[1:]
    if Gap.ANYTHING in (last, first):
        return _joined((*before[:-1], Gap.ANYTHING), after[1:])
    return before + after
