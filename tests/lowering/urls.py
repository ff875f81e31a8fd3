"""Rewrites and redirects as lowered data says."""

from __future__ import annotations

import re

from lowering.reading import Seen
from lowering.writing import value_of
from prefetchrouter.evaluation.destination import Destination
from prefetchrouter.evaluation.request_key import split_client_parameters
from prefetchrouter.http.request_target import merged, path_for_rules, recoded
from prefetchrouter.lowering.parts import Filled
from prefetchrouter.lowering.substitution import Captured, Substitution, TrailingSlash, WholeQuery
from prefetchrouter.regex import to_python


class NeedsPathAndQuery(Exception):
    """A source that only path and query together decide, which lowered data marks and leaves undecided."""


def rewritten(wanted: Substitution, seen: Seen, *, is_target: bool = False) -> str | None:
    """Return the new URL of a request, or None if the source does not match."""
    if wanted.query == "both":
        raise NeedsPathAndQuery
    query, own = split_client_parameters(seen.query) if is_target else (seen.query, "")
    path, is_seen = merged(seen.path), False
    found: re.Match[str] | None = None
    if wanted.regex is not None:
        found = to_python(wanted.regex).search(path)
        if found is None:
            is_seen, path = True, path_for_rules(path)
            found = to_python(wanted.regex).search(path)
        if found is None:
            return None
    made = Destination(is_target=is_target)
    for piece in wanted.pieces:
        _add(made, piece, found, query, seen, is_seen=is_seen)
    if wanted.query == "kept":
        made.add_query(query)
    url = made.url()
    if is_target and url is not None and own:
        path, _, query = url.partition("?")
        url = f"{path}?{'&'.join(part for part in (query, own) if part)}"
    return url


def _add(
    made: Destination, piece: object, found: re.Match[str] | None, query: str, seen: Seen, *, is_seen: bool
) -> None:
    match piece:
        case str():
            made.add_text(piece)
        case Filled():
            made.add_variable(piece.name, value_of(piece, seen))
        case WholeQuery():
            made.add_captured(f"?{query}" if query else "", of_query=True)
        case TrailingSlash(group=group):
            assert found is not None
            if found[group]:
                made.add_slash()
        case Captured(group=group, before=before, with_text_only=with_text_only):
            assert found is not None
            text = found[group]
            if before and not (text is None and with_text_only):
                made.add_text(before)
            made.add_captured(recoded(text) if text and is_seen else text or "")
        case _:
            raise TypeError(piece)
