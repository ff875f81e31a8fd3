"""Sooner for links that visitors are likely to open: eagerness by what was learned from access logs.

A link is raised only where a speculation rule covers it already and no rule of the user says when: the added
rule is that one, and a list of paths. So what was learned can never make a link prefetchable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from prefetchrouter.speculation.covering import covering
from prefetchrouter.speculation.link_tests import Href, LinkTest, every, predicate, some
from prefetchrouter.speculation.url_patterns import of_texts, quoted
from prefetchrouter.speculation.where import Speculation

IMMEDIATE: Final = 0.3
"""From this score on, a link is prefetched as soon as it is in the page: three of ten are used."""

EAGER: Final = 0.1
"""From this score on, a link is prefetched on a short hover, and on phones when it is in view."""

MOST_LINKS: Final = 200
"""At most this many links are raised, those that are opened most often."""

MOST_BYTES: Final = 8192
"""The file grows by about this much at most."""

_PLAIN: Final = re.compile(r"/[A-Za-z0-9._~/-]*(?:\?[A-Za-z0-9._~=&-]+)?")


def eagerness_of(score: float) -> str | None:
    """Return when a link of a score is prefetched, or None if the rules alone decide that.

    Args:
        score: How likely a visitor opens it, where it is on the page, times how likely the edge has it.

    Example:
        >>> [eagerness_of(score) for score in (0.5, 0.3, 0.1, 0.05)]
        ['immediate', 'immediate', 'eager', None]
    """
    return "immediate" if score >= IMMEDIATE else "eager" if score >= EAGER else None


def raised(found: Sequence[Speculation], likely: Mapping[str, float]) -> list[Speculation]:
    """Return speculation rules for the likely links among those that others cover.

    Args:
        found: The rules, without what was learned.
        likely: How likely links are opened, by path and query; those that are opened most often first.
    """
    open_ones = [one for one in found if one.action == "prefetch" and one.is_default]
    groups: dict[tuple[int, str], list[str]] = {}
    size = 0
    for url in list(likely)[:MOST_LINKS]:
        eagerness = eagerness_of(likely[url])
        if eagerness is None or _PLAIN.fullmatch(url) is None:
            continue
        path, _, query = url.partition("?")
        at = next((at for at, one in enumerate(open_ones) if covering([one], path, query)), None)
        if at is None:
            continue
        key = at, eagerness
        cost = _cost(url) + (0 if key in groups else _cost_of_rule(open_ones[at]))
        if size + cost > MOST_BYTES:
            continue
        size += cost
        groups.setdefault(key, []).append(url)
    return [
        replace(open_ones[at], eagerness=eagerness, where=every((open_ones[at].where, _one_of(urls))))
        for (at, eagerness), urls in sorted(groups.items())
    ]


def _one_of(urls: Iterable[str]) -> LinkTest:
    """Return the condition that a link has one of some URLs, with the same query."""
    paths: dict[str, list[str]] = {}
    for url in urls:
        path, _, query = url.partition("?")
        paths.setdefault(query, []).append(path)
    return some(_exactly(sorted(listed), query) for query, listed in sorted(paths.items()))


def _exactly(paths: Sequence[str], query: str) -> LinkTest:
    pattern = of_texts(tuple(paths), ignores_case=False)
    assert pattern is not None, "plain paths have a pattern"
    return every((Href("pathname", pattern), Href("search", quoted(query))))


def _cost(url: str) -> int:
    """Return the most bytes that a URL adds: escapes take four, a query has a test for itself."""
    letters = sum(1 if letter.isalnum() or letter == "/" else 4 for letter in url)
    return letters + 1 + (150 if "?" in url else 0)


def _cost_of_rule(one: Speculation) -> int:
    return len(json.dumps(predicate(one.where))) + 250
