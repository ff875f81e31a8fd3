"""Rewrites and redirects whose destination names what their source does not capture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.rules.feature_errors import Path
from prefetchrouter.rules.features.rewrite_sources import ADDED, SLASH_AND_QUERY, captured

if TYPE_CHECKING:
    from prefetchrouter.rules.features.features import Features
    from prefetchrouter.rules.features.redirects import UrlRewrite

_VARIABLE = re.compile(r"[%$]\{[^}]*\}")
_GROUP = re.compile(r"\$([1-9])")
_NAME = re.compile(r"\\.|:([0-9]*[A-Za-z_]\w*)", re.ASCII | re.S)
_SEGMENT = re.compile(r"(?:^|/):([A-Za-z_]\w*)", re.ASCII)
_ANY_AGAIN = "/:path*:optionalSlash:optionalQuery"
_ANY = f"/:path*{SLASH_AND_QUERY}"


def leads_to_its_source(entry: UrlRewrite) -> bool:
    """Return whether a rewrite leads each path to itself, as `Route.redirect` writes one.

    Example:
        >>> from prefetchrouter.rules.features import UrlRewrite
        >>> destination = "/:path*:optionalSlash:optionalQuery"
        >>> source = "/:path*" + SLASH_AND_QUERY
        >>> leads_to_its_source(UrlRewrite(source=source, destination=destination))
        True
    """
    return entry.source == _ANY and entry.destination == _ANY_AGAIN


def rewrite_warnings(features: Features) -> list[Diagnostic]:
    """Return a warning for each part of a destination that its source does not capture.

    Such a part stays as it is written in the new address.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> entry = {"source": "/:a", "destination": "/:b", "syntax": "path-to-regexp"}
        >>> [warning.text for warning in rewrite_warnings(Features(url={"url_rewrite": [entry]}))]
        ['url.url_rewrite[0].destination: the source does not capture ":b"']
    """
    return [
        Diagnostic(
            "unlikely-value",
            f"{'no source captures' if source is None else 'the source does not capture'} {shown(part)}",
            path=(*path, "destination"),
            hint=hint,
            severity="warning",
        )
        for path, source, destination, is_pattern in _rewrites(features)
        for part, hint in _missing(destination, source, is_pattern)
    ]


def _rewrites(features: Features) -> Iterator[tuple[Path, str | None, str, bool]]:
    """Return place, source and destination of each rewrite, and whether its source is a path pattern."""
    if features.url is not None:
        for number, entry in enumerate(features.url.url_rewrite or ()):
            if entry.destination is not None:
                path: Path = ("url", "url_rewrite", number)
                yield path, entry.source, entry.destination, entry.syntax == "path-to-regexp"
        redirect = features.url.url_redirect
        if redirect is not None and redirect.destination is not None:
            is_pattern = redirect.syntax == "path-to-regexp"
            yield ("url", "url_redirect"), redirect.source, redirect.destination, is_pattern
    key = features.caching.cache_key_rewrite if features.caching is not None else None
    if key is not None and key.destination is not None:
        yield ("caching", "cache_key_rewrite"), key.source, key.destination, False


def _missing(destination: str, source: str | None, is_pattern: bool) -> Iterator[tuple[str, str]]:
    """Return the parts of a destination that are not captured, each with a cure."""
    if ":" not in destination and "$" not in destination:
        return
    known = captured(source, is_pattern) if source is not None else ()
    fixed = _VARIABLE.sub("", destination)
    marked = [f":{name}" if is_pattern else f"${name}" for name in known if name not in ADDED]
    captures = f"it captures {', '.join(map(shown, marked))}" if marked else "it captures nothing"
    if source is None:
        captures = "it stays as it is"
    names = dict.fromkeys((_NAME if is_pattern else _SEGMENT).findall(fixed))
    for name in names:
        if name and name not in (known if is_pattern else ()):
            needs = 'names need the syntax "path-to-regexp"'
            no_name = captures if is_pattern or source is None else needs
            yield f":{name}", did_you_mean(f":{name}", marked) or no_name
    for number in dict.fromkeys(_GROUP.findall(fixed)):
        if is_pattern:
            yield f"${number}", f'{captures}; "$" needs the syntax "regexp"'
        elif number not in known:
            yield f"${number}", captures
