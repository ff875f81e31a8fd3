"""Measures of an expression: whether it can be empty, how it begins, what engines spend at a character."""

from __future__ import annotations

from typing import NamedTuple

from prefetchrouter.regex.tree import (
    ANY,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Repeat,
    Series,
    Text,
    any_case,
    mask_of,
)

MOST = 10**9
"""Larger numbers are cut to this one."""


class Spent(NamedTuple):
    """What trying a part at one place of a text takes a backtracking engine, at most."""

    steps: int
    ways: int
    """In how many ways the part may match there."""


def may_be_empty(node: Node) -> bool:
    """Return whether a tree can match the empty text.

    Example:
        >>> may_be_empty(Text("a")), may_be_empty(Repeat(Text("a"), 0, None, 0, 0))
        (False, True)
    """
    match node:
        case Text(text=text):
            return not text
        case Chars():
            return False
        case Series(parts=parts):
            return all(may_be_empty(part) for part in parts)
        case Choice(branches=branches):
            return any(may_be_empty(branch) for branch in branches)
        case Repeat(part=part, least=least):
            return least == 0 or may_be_empty(part)
        case Look() | Anchor():
            return True


def beginning(node: Node) -> int:
    """Return the mask of the characters that a match can begin with; all, where it can be empty."""
    match node:
        case Text(text=text):
            return any_case(mask_of(text[0])) if text else ANY
        case Chars(mask=mask):
            return any_case(mask)
        case Series(parts=parts):
            mask = 0
            for part in parts:
                mask |= beginning(part) if not may_be_empty(part) else _beginning_or_none(part)
                if not may_be_empty(part):
                    return mask
            return ANY
        case Choice(branches=branches):
            mask = 0
            for branch in branches:
                mask |= beginning(branch)
            return mask
        case Repeat(part=part, least=least):
            return beginning(part) if least else ANY
        case Look() | Anchor():
            return ANY


def _beginning_or_none(node: Node) -> int:
    """Return the beginnings of what can be empty, and then adds nothing to them."""
    match node:
        case Look() | Anchor():
            return 0
        case Repeat(part=part):
            return _beginning_or_none(part) if may_be_empty(part) else beginning(part)
        case Series(parts=parts) | Choice(branches=parts):
            mask = 0
            for part in parts:
                mask |= _beginning_or_none(part) if may_be_empty(part) else beginning(part)
            return mask
        case Text() | Chars():
            return 0


def alike(branches: tuple[Node, ...]) -> int:
    """Return how many alternatives can begin with the same character, at most.

    Example:
        >>> alike((Text("apple"), Text("Avocado"), Text("pear")))
        2
    """
    masks = [beginning(branch) for branch in branches]
    together = 0
    for mask in masks:
        together |= mask
    if together.bit_count() <= len(masks):
        return max(sum(mask >> bit & 1 for mask in masks) for bit in _bits(together)) if together else 1
    return max(sum(bool(mask & other) for other in masks) for mask in masks)


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def spent(node: Node) -> Spent | None:
    """Return what a part without loops and lookaheads takes at one place of a text; None for other parts.

    Example:
        >>> spent(Choice((Text("apple"), Text("avocado"), Text("pear"))))
        Spent(steps=17, ways=2)
    """
    match node:
        case Text(text=text):
            return Spent(max(len(text), 1), 1)
        case Chars() | Anchor():
            return Spent(1, 1)
        case Series(parts=parts):
            steps, ways = 1, 1
            for part in parts:
                found = spent(part)
                if found is None:
                    return None
                steps, ways = min(steps + ways * found.steps, MOST), min(ways * found.ways, MOST)
            return Spent(steps, ways)
        case Choice(branches=branches):
            several = [spent(branch) for branch in branches]
            known = [found for found in several if found is not None]
            if len(known) < len(several):
                return None
            same = alike(branches)
            steps = len(branches) + same * max(found.steps for found in known)
            return Spent(min(steps, MOST), min(same * max(found.ways for found in known), MOST))
        case Repeat(part=part, least=least, most=most):
            found = spent(part)
            if most is None or found is None:
                return None
            return _repeated(part, found, least, most)
        case Look():
            return None


def _repeated(part: Node, found: Spent, least: int, most: int) -> Spent | None:
    if most <= 1:
        return Spent(found.steps + 1, found.ways + (least == 0))
    if found.ways > 1 or may_be_empty(part):
        return None
    return Spent(min(most * found.steps + 1, MOST), most - least + 1)


def width(node: Node) -> int:
    """Return how many places of an expression an engine that follows all at once can be at, about.

    Alternatives that begin differently, and texts that begin alike, are at one place each for every character
    since the start; what loops stays there. Counts are written out.

    Example:
        >>> width(Repeat(Chars(ANY), 500, 500, 0, 0)), width(Choice((Text("apple"), Text("pear"))))
        (500, 5)
    """
    match node:
        case Text(text=text):
            return max(len(text), 1)
        case Chars() | Look() | Anchor():
            return 1
        case Series(parts=parts):
            return sum(width(part) for part in parts)
        case Choice(branches=branches):
            texts = [width(branch) for branch in branches if isinstance(branch, Text)]
            others = tuple(branch for branch in branches if not isinstance(branch, Text))
            looping = sum(width(branch) for branch in others if has_loop(branch))
            plain = tuple(branch for branch in others if not has_loop(branch))
            rest = alike(plain) * max(width(branch) for branch in plain) if plain else 0
            return max(texts, default=0) + looping + rest
        case Repeat(part=part, least=least, most=most):
            return min(max(least, most or 1, 1) * width(part), MOST)


def has_loop(node: Node) -> bool:
    """Return whether some part of a tree repeats without limit."""
    match node:
        case Repeat(part=part, most=most):
            return most is None or has_loop(part)
        case Series(parts=parts) | Choice(branches=parts):
            return any(has_loop(part) for part in parts)
        case Text() | Chars() | Look() | Anchor():
            return False
