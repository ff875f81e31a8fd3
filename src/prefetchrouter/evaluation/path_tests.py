"""Path patterns as tests of a request, most of them without a regular expression."""

from __future__ import annotations

from collections.abc import Callable

from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.rules.pattern import PathPattern


def path_test(pattern: PathPattern) -> Callable[[RequestContext], bool]:
    """Return the test that a request's path matches a pattern.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> path_test(PathPattern("/about"))(RequestContext(Request("/About/")))
        True
    """
    if pattern.is_literal and pattern.literal_prefix.isascii():
        text = pattern.literal_prefix.lower()
        both = frozenset({text, text + "/"})
        return lambda context: context.lower_path in both
    match = pattern.match
    return lambda context: match(context.path) is not None
