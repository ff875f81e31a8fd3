"""Rewrites and redirects as helpers write them: from the rule's own path to another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prefetchrouter.errors import HelperError
from prefetchrouter.rules.features.rewrite_checks import SLASH_AND_QUERY
from prefetchrouter.source import caller


@dataclass(frozen=True, slots=True)
class RulePath:
    """The one path that a rule's criteria name: what its rewrites start from."""

    text: str
    syntax: Literal["path-to-regexp", "regexp"]

    @classmethod
    def pattern(cls, text: str) -> RulePath:
        """Return a path pattern."""
        return cls(text, "path-to-regexp")

    @classmethod
    def exact(cls, text: str) -> RulePath:
        """Return exact text, as the pattern that fits only it."""
        return cls.pattern(re.sub(r"([\\:(){}*+?])", r"\\\1", text))

    @classmethod
    def regex(cls, source: str) -> RulePath:
        """Return a regular expression."""
        return cls(source, "regexp")


ANY_PATH = RulePath.pattern("/:path*")


def rewrite(source: RulePath, destination: str, *, keep_slash: bool = True) -> dict[str, Any]:
    """Return one entry of the feature ``url.url_rewrite``.

    Args:
        source: What the rewrite starts from.
        destination: Where it leads, with ``:names`` or ``$1``.
        keep_slash: Whether a trailing slash of the request is kept.

    Example:
        >>> rewrite(RulePath.regex("^/a/(.*)"), "/b/$1")
        {'syntax': 'regexp', 'source': '^/a/(.*)', 'destination': '/b/$1'}
    """
    if source.syntax == "regexp":
        return {"syntax": "regexp", "source": source.text, "destination": destination}
    slash = ":optionalSlash" if keep_slash else ""
    return {
        "source": source.text + SLASH_AND_QUERY,
        "syntax": "path-to-regexp",
        "destination": f"{destination}{slash}:optionalQuery",
    }


def redirect(
    source: RulePath | None,
    to: str,
    status_code: int,
    query: Mapping[str, str] | None,
    query_names: Sequence[str],
) -> dict[str, Any]:
    """Return the feature ``url.url_redirect``.

    Args:
        source: The rule's path, None when its criteria name none.
        to: The target, with ``:names`` or ``$1``.
        status_code: The status to redirect with.
        query: Query parameters to build, which a rule set cannot.
        query_names: Query parameters that the rule's criteria capture, which a rule set cannot use.

    Raises:
        HelperError: The target's query string would have to be built.
    """
    path, question, target_query = to.partition("?")
    built = (
        "query=" if query is not None
        else "parameters inside the query string" if re.search(r":\w|\$\d", target_query)
        else f'the captured query parameter "{query_names[0]}"' if query_names
        else None
    )  # fmt: skip
    if built:
        raise HelperError.of(
            "helper",
            f"redirect: {built} would need code at the edge to build the new query string",
            hint="redirect to a fixed query string, or let an edge_function do it",
            source=caller(),
        )
    if source is None:
        return {"code": status_code, "destination": to}
    if source.syntax == "regexp":
        return {"code": status_code, "source": source.text, "destination": to, "syntax": "regexp"}
    return {
        "code": status_code,
        "source": source.text + SLASH_AND_QUERY,
        "syntax": "path-to-regexp",
        "destination": to if question or "#" in to else f"{path}:optionalSlash",
    }
