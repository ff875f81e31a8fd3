"""A text that a regular expression was probably meant for: quick to find, and tried before it is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import ANY, OTHER, Anchor, Chars, Choice, Look, Node, Repeat, Series, Text

_LIKED = "a0/-_.A~%="
_LONGEST = 200
_SIMPLE = re.compile(
    r"(?:[\w/~-]|\\[./]|\[[\w.]+(?:-[\w.]+)?\][+*]?|\((?:[\w/-]+(?:\|[\w/-]+)*|\[[a-z0-9]-[a-z0-9]\][+*]?)\)[+*?]?)+",
    re.ASCII,
)
"""Texts, sets and groups one after the other, in which anchors, case and captures change nothing."""
_NOT_TEXT = re.compile(r"\\[./]|(?:\[[^\]]+\]|\([^)]+\))[*+?]?")
"""The parts of simple expressions that are more than text: most expressions have the same few."""


@lru_cache(maxsize=4096)
def sample(source: str) -> str | None:
    """Return a text in which a rule set's expression should be found, or None if none comes to mind.

    Nothing is promised: it may be found in other texts only.

    Example:
        >>> sample(r"^/(en|de)/\\d+"), sample("(?i)^/team(?:/([^/]+))?$")
        ('/en/0', '/team')
    """
    text = source.removeprefix("(?i)")
    try:
        made = "".join(_pieces(parse(text, ignore_case=text != source).tree))
    except (RegexError, RecursionError):
        return None
    return made if len(made) <= _LONGEST else None


def certain_sample(source: str) -> str | None:
    """Return the `sample` of a simple expression, in which it is found for certain; None of any other.

    It is made part by part, and the expression as a whole not parsed.

    Example:
        >>> certain_sample(r"^/(en|de)/[0-9]+$"), certain_sample("^/a|b$")
        ('/en/0', None)
    """
    inner = source.removeprefix("^").removesuffix("$")
    if not _SIMPLE.fullmatch(inner):
        return None
    made = _NOT_TEXT.sub(lambda found: sample(found[0]) or "", inner)
    return made if len(made) <= _LONGEST else None


def _pieces(node: Node) -> Iterator[str]:
    match node:
        case Text(text=text):
            yield text
        case Chars(mask=mask):
            yield _character(mask)
        case Series(parts=parts):
            for part in parts:
                yield from _pieces(part)
        case Choice(branches=branches):
            yield from _pieces(branches[0])
        case Repeat(part=part, least=least):
            once = "".join(_pieces(part)) if least else ""
            yield once * min(least, _LONGEST)
        case Look() | Anchor():
            return


def _character(mask: int) -> str:
    if mask & ANY & ~OTHER == 0:
        return "\u00e9"
    found = next((character for character in _LIKED if mask >> ord(character) & 1), None)
    return found or chr((mask & -mask).bit_length() - 1)
