"""The first segment of a path, by which engines find the rules that may concern a request."""

from __future__ import annotations

from typing import TypeAlias

from prefetchrouter.evaluation.index_keys import PathKeys

FirstSegments: TypeAlias = frozenset[str] | None
"""First segments in lower case, ``""`` for the home page; None for any."""


def first_segment(path: str) -> str:
    """Return the first segment of a path as conditions see it (`Kind` "path"), in lower case.

    Example:
        >>> first_segment("/Team/7"), first_segment("/team/"), first_segment("/")
        ('team', 'team', '')
    """
    return path.lower().partition("/")[2].partition("/")[0]


def first_segments(keys: PathKeys) -> FirstSegments:
    """Return the first segments of the paths that satisfy one of some keys; None if any path may.

    Example:
        >>> from prefetchrouter.evaluation.index_keys import keys_of
        >>> from prefetchrouter.evaluation.shapes import shapes_of_pattern
        >>> first_segments(keys_of(shapes_of_pattern("/Team/:id")))
        frozenset({'team'})
        >>> first_segments(keys_of(shapes_of_pattern("/:page"))) is None
        True
    """
    if keys is None:
        return None
    found: set[str] = set()
    for key in keys:
        first = key.segments[0] if key.segments else "" if key.is_whole else None
        if not isinstance(first, str):
            return None
        found.add(first)
    return frozenset(found)
