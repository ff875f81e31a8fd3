"""Rewrites and redirects as the JSON that edge.js reads."""

from __future__ import annotations

from typing import Any

from prefetchrouter.lowering.parts import Filled, Parts
from prefetchrouter.lowering.substitution import (
    Captured,
    LoweredRedirect,
    Piece,
    Substitution,
    TrailingSlash,
    WholeQuery,
)
from prefetchrouter.targets.nginx.book import Book
from prefetchrouter.targets.nginx.reading_variables import filled_variable


def substitution_data(found: Substitution, book: Book) -> dict[str, Any]:
    """Return a substitution as edge.js reads it: ``r`` the expression, ``p`` the pieces, ``q`` the query.

    Example:
        >>> from prefetchrouter.lowering.substitution import substitution
        >>> substitution_data(substitution("/a/:id", "/b/:id", "path-to-regexp"), Book())["p"]
        ['/b', {'g': 1, 'b': '/'}]
    """
    made: dict[str, Any] = {"p": [_piece(piece, book) for piece in found.pieces], "q": found.query}
    if found.regex is not None:
        ignores_case = found.regex.startswith("(?i)")
        made["r"] = found.regex.removeprefix("(?i)")
        made["i"] = "i" if ignores_case else ""
    return made


def redirect_data(found: LoweredRedirect, book: Book) -> dict[str, Any]:
    """Return a redirect as edge.js reads it; ``s`` is the status."""
    return {"s": found.status, **substitution_data(found.to, book)}


def _piece(piece: Piece, book: Book) -> str | dict[str, Any]:
    match piece:
        case str():
            return piece
        case Captured(group=group, before=before, with_text_only=with_text_only):
            made: dict[str, Any] = {"g": group}
            if before:
                made["b"] = before
            if with_text_only:
                made["o"] = 1
            return made
        case TrailingSlash(group=group):
            return {"t": group}
        case WholeQuery():
            return {"w": 1}
        case Filled():
            return {"v": filled_variable(piece, book)[1:], "n": piece.name}


def parts_data(parts: Parts, book: Book) -> str | list[str | dict[str, str]]:
    """Return a text with variables as edge.js reads it: the text, or a list of texts and variables.

    Example:
        >>> parts_data(("a",), Book())
        'a'
    """
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    return [part if isinstance(part, str) else {"v": filled_variable(part, book)[1:]} for part in parts]
