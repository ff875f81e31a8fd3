"""Path patterns as tests of a request, most of them without a regular expression."""

from __future__ import annotations

from collections.abc import Callable

from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.rules.pattern import PathPattern


def path_test(pattern: PathPattern) -> Callable[[Situation], bool]:
    """Return the test that a request's path fits a pattern.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> path_test(PathPattern("/about"))(Situation(Request("/About/")))
        True
    """
    if pattern.is_literal and pattern.literal_prefix.isascii():
        text = pattern.literal_prefix.lower()
        both = frozenset({text, text + "/"})
        return lambda situation: situation.lower_path in both
    match = pattern.match
    return lambda situation: match(situation.path) is not None
