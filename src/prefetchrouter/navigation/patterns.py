"""Page patterns: what several pages have in common, by the path patterns of rules, with what they bind.

A step from ``/products/7`` to ``/products/7/reviews`` is one from ``/products/:id`` to
``/products/{id}/reviews``, and so says something about ``/products/8``, which the log may not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

HOLE = "\0"
"""Stands in a template for the value of the parameter."""
SHORTEST_VALUE = 3
"""Shorter values would be found where they are not meant."""


class Bound(NamedTuple):
    """A page pattern that matches a page.

    Args:
        pattern: The pattern.
        name: The name of its first parameter, empty if it has none.
        value: What that parameter is in the page.
    """

    pattern: str
    name: str = ""
    value: str = ""


class PagePatterns(Protocol):
    """Says which pattern a page has."""

    def of(self, page: str) -> Bound | None:
        """Return the pattern of a page, or None if it has none."""


def template_of(patterns: PagePatterns, page: str, following: str) -> Iterator[tuple[str, str]]:
    """Yield the pattern of a page, and the next page as a template of what the pattern binds."""
    bound = patterns.of(page)
    if bound is None:
        return
    yield bound.pattern, in_template(bound, following)


def in_template(bound: Bound, following: str) -> str:
    """Return a page as a template.

    Example:
        >>> in_template(Bound("/missions/:m/:f", "m", "sts-73"), "/missions/sts-73/images.html")
        '/missions/\\x00/images.html'
    """
    if len(bound.value) < SHORTEST_VALUE:
        return following
    return following.replace(bound.value, HOLE)


def filled(bound: Bound, template: str) -> str | None:
    """Return the page that a template is for a page of its pattern, or None if it binds too little."""
    if HOLE not in template:
        return template
    return template.replace(HOLE, bound.value) if len(bound.value) >= SHORTEST_VALUE else None
