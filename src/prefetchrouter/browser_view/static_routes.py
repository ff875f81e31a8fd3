"""The paths for which a browser has to ask the service worker, as patterns of its static routes.

A browser that knows them (``InstallEvent.addRoutes``) does not start the worker for other requests. So a
pattern may match more than its rule does, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prefetchrouter.evaluation.index_keys import Begin, PathKey, Segment, index_key_of
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import applied

EVERYWHERE = "/*"
"""The pattern of every path."""

MOST_PATTERNS = 500
"""Above this number, one pattern for everything is quicker than all of them."""

_SPECIAL = re.compile(r"[^\w.~/-]", re.ASCII)


def static_routes(listed: Iterable[Rule]) -> list[str]:
    """Return patterns (URLPattern Standard) of all paths that the rules may make prefetchable.

    Args:
        listed: What the manifest lists of the rules.

    Example:
        >>> from prefetchrouter import Router
        >>> kept = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> router = Router().match("/pages/:id", caching=kept).match("/api/:path*", comment="not stored")
        >>> static_routes(router.rules)
        ['/pages/:p1{/}?']
    """
    found: dict[str, None] = {}
    for rule in listed:
        if not _may_keep(rule):
            continue
        paths = index_key_of(rule).keys
        if paths is None:
            return [EVERYWHERE]
        found |= dict.fromkeys(map(_pattern, paths))
        if EVERYWHERE in found or len(found) > MOST_PATTERNS:
            return [EVERYWHERE]
    return sorted(found)


def _may_keep(rule: Rule) -> bool:
    """Return whether a rule sets a lifetime for the worker's store: without one no URL is prefetchable."""
    sections = (apply.features.caching for apply in applied(rule))
    return any(section is not None and section.service_worker_max_age is not None for section in sections)


def _pattern(key: PathKey) -> str:
    texts = "".join(f"/{text}" for text in _segments(key.segments))
    if key.is_whole:
        return f"{texts}{{/}}?" if texts else "/"
    return f"{texts}{{/*}}?" if texts else EVERYWHERE


def _segments(segments: Iterable[Segment]) -> Iterator[str]:
    for at, segment in enumerate(segments):
        if segment is None:
            yield f":p{at}"
        elif isinstance(segment, Begin):
            yield f"{_literal(segment.text)}*"
        else:
            yield _literal(segment)


def _literal(text: str) -> str:
    """Return a text as a pattern; what browsers may write otherwise, or read as syntax, is left open."""
    return re.sub(r"\*+", "*", _SPECIAL.sub("*", text))
