"""Rewrites and redirects as helpers write them: from the rule's own path to another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prefetchrouter.errors import HelperError
from prefetchrouter.rules.features.rewrite_sources import SLASH_AND_QUERY
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
        """Return exact text, as the pattern that matches only it."""
        return cls.pattern(re.sub(r"([\\:(){}*+?])", r"\\\1", text))

    @classmethod
    def regex(cls, source: str) -> RulePath:
        """Return a regular expression."""
        return cls(source, "regexp")


_NOT_A_NAME = re.compile("[^a-z0-9_]")
_GROUP = re.compile(r"\$[1-9]")

SLASHES: dict[str, dict[str, str]] = {
    "never": {
        "source": r"^/+([^/?\\](?:[^?]*[^/?])?)/+(\?.*)?$",
        "destination": "/$1$2",
    },
    "always": {
        "source": r"^/+((?:[^/?.\\][^/?]*/(?:[^?]*/)?)?[^/?.\\]+)(\?.*)?$",
        "destination": "/$1/$2",
    },
}
"""Source and destination of redirects to one form of a path; they match neither that form nor the root."""

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
    source: RulePath | None, to: str, status_code: int, *, keep_query: bool = False
) -> dict[str, Any]:
    """Return the feature ``url.url_redirect``.

    Args:
        source: The rule's path, None if its criteria name none.
        to: The target, with ``:names`` or ``$1``.
        status_code: The status to redirect with.
        keep_query: Whether the request's query goes along.

    Example:
        >>> redirect(None, "/b?x=1#top", 301, keep_query=True)
        {'code': 301, 'destination': '/b?x=1%{is_amp}%{query_string}#top'}
    """
    address, mark, fragment = to.partition("#")
    _, question, _ = address.partition("?")
    is_pattern = source is not None and source.syntax == "path-to-regexp"
    kept = ""
    if keep_query and question:
        kept = "%{is_amp}%{query_string}"
    elif keep_query:
        kept = ":optionalQuery" if is_pattern else "%{is_args}%{query_string}"
    if source is None or (source.syntax == "regexp" and keep_query and not _GROUP.search(to)):
        return {"code": status_code, "destination": f"{address}{kept}{mark}{fragment}"}
    if not is_pattern:
        return {
            "code": status_code,
            "source": source.text,
            "destination": f"{address}{kept}{mark}{fragment}",
            "syntax": "regexp",
        }
    slash = "" if question or mark else ":optionalSlash"
    return {
        "code": status_code,
        "source": source.text + SLASH_AND_QUERY,
        "syntax": "path-to-regexp",
        "destination": f"{address}{slash}{kept}{mark}{fragment}",
    }


def refuse_built_query(
    source: RulePath | None,
    to: str,
    status_code: int,
    query: Mapping[str, str] | None,
    query_names: Sequence[str],
) -> None:
    """Refuse a redirect whose query is built from captures, and say how that is written.

    Args:
        source: The rule's path, None if its criteria name none.
        to: The target, with ``:names`` or ``$1``.
        status_code: The status to redirect with.
        query: Query parameters to build.
        query_names: Query parameters that the rule's criteria capture.

    Raises:
        HelperError: There is such a query.
    """
    path, _, target_query = to.partition("?")
    if query is not None:
        built, wanted = "query=", f"{path}?{'&'.join(f'{name}={value}' for name, value in _pairs(query))}"
        wanted = wanted.removesuffix("?")
    elif re.search(r":\w|\$\d", target_query):
        built, wanted = "parameters inside the query string", to
    elif query_names:
        name = query_names[0]
        built, wanted = f'the captured query parameter "{name}"', to
    else:
        return
    for name in query_names:
        wanted = re.sub(rf":{re.escape(name)}\b", f"%{{arg_{_NOT_A_NAME.sub('_', name.lower())}}}", wanted)
    redirect = {"code": status_code, "destination": wanted}
    if source is not None and re.search(r":\w|\$\d", wanted.removeprefix("https:").removeprefix("http:")):
        redirect |= {"source": source.text, "syntax": source.syntax}
    raise HelperError.of(
        "helper",
        f"redirect: {built} cannot be written with this helper",
        hint=f"write url={json.dumps({'url_redirect': redirect}, ensure_ascii=False)} in its place",
        source=caller(),
    )


def _pairs(query: object) -> Iterator[tuple[object, object]]:
    return iter(query.items()) if isinstance(query, Mapping) else iter(())
