"""Random texts that a regular expression matches: more of them, and odder ones, than `examples` makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from random import Random
from typing import Final

from prefetchrouter.errors import RuleError
from prefetchrouter.regex.leading_flags import split_flags
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Chars, Choice, Look, Node, Repeat, Series, Text, mask_of
from prefetchrouter.rules.conditions import Comparison, Condition
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.walk import comparisons

_LIKELY: Final = "abcxyzqABZ0123789-_.~"
_RARE: Final = "/%+=&!$'()*,;:@é"
_HEADS: Final = ("/", "/", "/x", "/x/")
_TAILS: Final = ("", "", "x", "/", "/x", ".html", "-1")
_MOST_REPEATS: Final = 3
_MOST_CHARACTERS: Final = 200


def sample(source: str, random: Random) -> str | None:
    """Return a random text that an expression most likely matches, None for an invalid expression.

    What lookaheads and ``\\b`` demand is not looked at: whether the text matches is for a matcher to say.

    Args:
        source: A regular expression, as rules have it.
        random: Where the choices come from.

    Example:
        >>> sample(r"^/(?:a|b)/[0-9]{2}$", Random(1))
        '/a/20'
    """
    tree = _tree(source)
    return None if tree is None else _text(tree, random)[:_MOST_CHARACTERS]


def paths_at_random(conditions: Iterable[Condition], random: Random, count: int) -> Iterator[str]:
    """Yield random paths for each test of the path in conditions.

    Args:
        conditions: The conditions.
        random: Where the choices come from.
        count: How many for each test.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> list(paths_at_random([path_is("/p/:id")], Random(1), 2))
        ['/p/c8/', '/p/x2aB']
    """
    for condition in conditions if count else ():
        for test in comparisons(condition):
            if is_about_path(test) and isinstance(test.value, str):
                yield from sampled_paths(test.operator, test.value, random, count)


def is_about_path(test: Comparison) -> bool:
    """Return whether a comparison tests the whole path."""
    variable = test.variable
    return (
        variable is not None and variable.namespace == "request" and variable.name in ("path", "origin_path")
    )


def sampled_paths(operator: str, value: str, random: Random, count: int) -> Iterator[str]:
    """Yield random paths for a comparison of the path with a pattern or a regular expression.

    Args:
        operator: ``"=="`` for a path pattern, ``"=~"`` for an expression; others give none.
        value: The pattern or the expression.
        random: Where the choices come from.
        count: How many.

    Example:
        >>> list(sampled_paths("==", "/p/:id", Random(1), 2))
        ['/p/c8/', '/p/x2aB']
    """
    expression = PathPattern(value).regex if operator == "==" else value if operator == "=~" else None
    for _ in range(count if expression is not None else 0):
        text = sample(expression or "", random)
        if text is None:
            return
        if operator == "=~":
            # Most expressions bind the beginning of a path only.
            text += random.choice(_TAILS)
        yield text if text.startswith("/") else f"{random.choice(_HEADS)}{text}"


@lru_cache(maxsize=4096)
def _tree(source: str) -> Node | None:
    try:
        return parse(split_flags(source)[1]).tree
    except RuleError:
        return None


def _text(node: Node, random: Random) -> str:
    match node:
        case Text(text=text):
            return text
        case Chars(mask=mask):
            return _character(mask, random)
        case Series(parts=parts):
            return "".join(_text(part, random) for part in parts)
        case Choice(branches=branches):
            return _text(random.choice(branches), random)
        case Repeat(part=part, least=least, most=most):
            highest = least + _MOST_REPEATS if most is None else min(most, least + _MOST_REPEATS)
            return "".join(_text(part, random) for _ in range(random.randint(least, highest)))
        case Look() | Anchor():
            return ""


def _character(mask: int, random: Random) -> str:
    likely, rare = _characters(mask)
    if likely and (not rare or random.random() < 0.9):
        return random.choice(likely)
    return random.choice(rare) if rare else _first(mask)


@lru_cache(maxsize=1024)
def _characters(mask: int) -> tuple[str, str]:
    likely, rare = ("".join(c for c in chosen if mask & mask_of(c)) for chosen in (_LIKELY, _RARE))
    return likely, rare


def _first(mask: int) -> str:
    return next((chr(code) for code in range(33, 127) if mask >> code & 1), "")
