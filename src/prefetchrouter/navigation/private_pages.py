"""Finds what a URL must not give away: tokens, e-mail addresses, and long random parts."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote

from prefetchrouter.http.masking import looks_secret, secrets_of

_EMAIL: Final = re.compile(r"[^/?&=@\s]@[^/?&=@\s]+\.[^/?&=@\s]")
_IDENTIFIER: Final = re.compile(
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{24}|[0-9]{1,20}"
)
"""A UUID, an object identifier or a number: what databases name things by."""
_UNGUESSABLE: Final = re.compile(
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{16,}"
)
"""A UUID, or a long hexadecimal number, however regular it happens to look."""
_RUN: Final = re.compile(r"[A-Za-z0-9]{12,}")
_CONSONANTS: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}", re.I)
_LONGEST_WORD: Final = 40
_LONGEST_NUMBER: Final = 11


def is_private(page: str, bound: Collection[str] = ()) -> bool:
    """Return whether a page's URL has a part that only few should know.

    Args:
        page: Path and query.
        bound: What the rules bind to a parameter of one segment: an identifier there names a page, as in
            ``/products/:id``. A token or an e-mail address is private there, too.

    Example:
        >>> [is_private(page) for page in ("/reset/4fd9a01bb3c27e65", "/u/ann@shop.example", "/products/7")]
        [True, True, False]
        >>> uuid = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
        >>> is_private(f"/products/{uuid}"), is_private(f"/products/{uuid}", [uuid])
        (True, False)
    """
    plain = page
    for _ in range(3):
        if _EMAIL.search(plain):
            return True
        decoded = unquote(plain)
        if decoded == plain:
            break
        plain = decoded
    named = {value for value in bound if _IDENTIFIER.fullmatch(value)}
    if secrets_of(page) - named:
        return True
    parts = [part for part in re.split(r"[/?&=;]", page) if part and part not in named]
    return any(_is_random(unquote(part)) for part in parts)


def has_identifier(page: str) -> bool:
    """Return whether a part of a page's URL is a number or another identifier, which can be counted through.

    Example:
        >>> has_identifier("/account/4711/orders"), has_identifier("/account/orders")
        (True, False)
    """
    return any(_IDENTIFIER.fullmatch(unquote(part)) for part in re.split(r"[/?&=;]", page))


def _is_random(part: str) -> bool:
    if looks_secret(part) or _UNGUESSABLE.search(part):
        return True
    for run in _RUN.findall(part):
        if len(run) > _LONGEST_WORD or (run.isdigit() and len(run) > _LONGEST_NUMBER):
            return True
        if _CONSONANTS.search(run):
            return True
    return False
