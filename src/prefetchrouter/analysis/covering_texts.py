"""Texts that reach every part of a regular expression: each alternative, the ends of each set, each count."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from prefetchrouter.errors import RuleError
from prefetchrouter.regex.leading_flags import split_flags
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Chars, Choice, Look, Node, Repeat, Series, Text, mask_of

_LIKELY: Final = "xab1-_./=?&"
_MOST_TEXTS: Final = 256
_MOST_CHARACTERS: Final = 200
_MOST_REPEATS: Final = 40
_MOST_RUNS: Final = 8


@lru_cache(maxsize=1024)
def covering_texts(source: str) -> tuple[str, ...]:
    """Return texts that an expression matches, which differ in one choice from the first.

    Where another expression has one alternative, character or count more or less, one of the texts of the two
    tells them apart. What lookaheads demand is tried, but not looked at: whether a text matches is for a
    matcher to say.

    Args:
        source: A regular expression, as rules have it.

    Example:
        >>> covering_texts("^/(en|fr)/x?$")
        ('/en/x', '/fr/x', '/en/')
    """
    try:
        tree = parse(split_flags(source)[1]).tree
    except RuleError:
        return ()
    texts = (text[:_MOST_CHARACTERS] for text in islice(_texts(tree), _MOST_TEXTS))
    return tuple(dict.fromkeys(texts))


def _texts(node: Node) -> Iterator[str]:
    """Yield the plainest text of a part, then those that differ from it in one choice."""
    match node:
        case Text(text=text):
            yield text
        case Chars(mask=mask):
            yield from _characters(mask)
        case Series(parts=parts):
            yield from _of_series(parts)
        case Choice(branches=branches):
            for branch in branches:
                yield from islice(_texts(branch), 1)
            for branch in branches:
                yield from islice(_texts(branch), 1, None)
        case Repeat(part=part, least=least, most=most):
            yield from _of_repeat(part, least, most)
        case Look(part=part):
            yield ""
            yield from _texts(part)
        case Anchor():
            yield ""


def _of_series(parts: tuple[Node, ...]) -> Iterator[str]:
    plain = [next(_texts(part), "") for part in parts]
    yield "".join(plain)
    for number, part in enumerate(parts):
        before, after = "".join(plain[:number]), "".join(plain[number + 1 :])
        for text in islice(_texts(part), 1, None):
            yield f"{before}{text}{after}"


def _of_repeat(part: Node, least: int, most: int | None) -> Iterator[str]:
    plain = next(_texts(part), "")
    usual = 0 if most == 0 else min(max(least, 1), _MOST_REPEATS)
    counts = (usual, least, least + 1 if most is None else most)
    for count in dict.fromkeys(min(count, _MOST_REPEATS) for count in counts):
        yield plain * count
    if usual:
        for text in islice(_texts(part), 1, None):
            yield plain * (usual - 1) + text


def _characters(mask: int) -> Iterator[str]:
    """Yield a plain character, then the first and last of each run of characters that follow each other."""
    printable = [chr(code) for code in range(33, 127) if mask >> code & 1]
    likely = next((character for character in _LIKELY if mask & mask_of(character)), None)
    first = likely or next(iter(printable), "é" if mask & mask_of("é") else "")
    found = [first]
    runs = 0
    for character in printable:
        is_first = not mask >> (ord(character) - 1) & 1 or character == "!"
        is_last = not mask >> (ord(character) + 1) & 1 or character == "~"
        runs += is_first
        if runs > _MOST_RUNS:
            break
        if is_first or is_last:
            found.append(character)
    if mask & mask_of("é"):
        found.append("é")
    yield from dict.fromkeys(found)
