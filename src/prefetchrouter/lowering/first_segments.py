"""The first segments of a path, by which engines find the rules that may concern a request."""

from __future__ import annotations

from collections.abc import Container
from itertools import takewhile
from typing import Final, TypeAlias, cast

from prefetchrouter.evaluation.index_keys import PathKeys

FirstSegments: TypeAlias = frozenset[str] | None
"""First segments in lower case, ``""`` for the home page; None for any."""

Prefix: TypeAlias = tuple[str, ...]
"""The first segments of a path, in lower case: one or more."""

Prefixes: TypeAlias = frozenset[Prefix] | None
"""What paths begin with; None for any."""

DEEPEST: Final = 4
"""How many segments a prefix has at most."""


def first_segment(path: str) -> str:
    """Return the first segment of a path as conditions see it (`Kind` "path"), in lower case.

    Example:
        >>> first_segment("/Team/7"), first_segment("/team/"), first_segment("/")
        ('team', 'team', '')
    """
    return path.lower().partition("/")[2].partition("/")[0]


def first_segments(keys: PathKeys) -> FirstSegments:
    """Return the first segments of the paths that satisfy one of some keys, or None if any path may.

    Example:
        >>> from prefetchrouter.evaluation.index_keys import keys_of
        >>> from prefetchrouter.evaluation.shapes import shapes_of_pattern
        >>> first_segments(keys_of(shapes_of_pattern("/Team/:id")))
        frozenset({'team'})
        >>> first_segments(keys_of(shapes_of_pattern("/:page"))) is None
        True
    """
    found = prefixes(keys)
    return None if found is None else frozenset(prefix[0] for prefix in found)


def prefixes(keys: PathKeys) -> Prefixes:
    """Return what the paths that satisfy one of some keys begin with, or None if any path may.

    Example:
        >>> from prefetchrouter.evaluation.index_keys import keys_of
        >>> from prefetchrouter.evaluation.shapes import shapes_of_pattern
        >>> prefixes(keys_of(shapes_of_pattern("/en/Team/:id")))
        frozenset({('en', 'team')})
    """
    if keys is None:
        return None
    found: set[Prefix] = set()
    for key in keys:
        certain = tuple(takewhile(lambda segment: isinstance(segment, str), key.segments[:DEEPEST]))
        if not certain and not (key.is_whole and not key.segments):
            return None
        found.add(cast("Prefix", certain or ("",)))
    return frozenset(found)


def longest_prefix(path: str, known: Container[Prefix]) -> Prefix:
    """Return the longest of some prefixes that a path has; ``()`` where it has none.

    Args:
        path: The path as conditions see it.
        known: The prefixes, in lower case.

    Example:
        >>> longest_prefix("/Team/about/", {("team",), ("team", "about"), ("news",)})
        ('team', 'about')
    """
    segments = tuple(path.lower().split("/")[1 : DEEPEST + 1])
    lengths = range(len(segments), 0, -1)
    return next((segments[:length] for length in lengths if segments[:length] in known), ())
