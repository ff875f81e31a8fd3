"""The script tag: how it is written, and where it goes in a page that does not have it."""

from __future__ import annotations

import html
import re
from typing import Final, Literal

from prefetchrouter.browser.names import NAMES

_ATTRIBUTES: Final = rb"""(?:[^>"']|"[^"]*"|'[^']*')*+>"""
_BEGINS: Final = tuple(
    re.compile(rb"<%s(?=[\s/>])" % name, re.IGNORECASE) for name in (b"!doctype", b"html", b"head")
)
_REST_OF_A_TAG: Final = re.compile(_ATTRIBUTES)
_SKIPPED: Final = re.compile(rb"(?:\s|<!--.*?-->|<\?[^>]*>)*+", re.DOTALL)
_IN_A_HEAD: Final = re.compile(
    rb"<(?:title|meta|link|base|style|script|noscript|body)(?=[\s/>])", re.IGNORECASE
)
_BOM: Final = b"\xef\xbb\xbf"

_FOLDER, _, _FILE = NAMES.install_path.rpartition("/")
_INSTALLS: Final = re.compile(rf"{re.escape(_FOLDER)}/(?:[^/\"'\s]*/)?{re.escape(_FILE)}".encode())
_HASHED: Final = re.compile(rf"{re.escape(_FOLDER)}/[0-9a-f]{{10}}/{re.escape(_FILE)}".encode())


def script_tag(
    path: str = NAMES.install_path, *, base: str = "", overlay: bool = False, nonce: str | None = None
) -> str:
    """Return the script tag of a page.

    Args:
        path: The path of the script on the site.
        base: The path below which the site is, such as ``"/proj"``; empty at the root.
        overlay: Whether the page shows what becomes of each link.
        nonce: The nonce that the page's Content-Security-Policy demands.

    Example:
        >>> script_tag(base="/proj", nonce="a1")
        '<script src="/proj/__edgio__/prefetch/install.js" nonce="a1" defer></script>'
    """
    attributes = [f'src="{html.escape(base + path)}"']
    attributes += ['data-overlay="true"'] if overlay else []
    attributes += [f'nonce="{html.escape(nonce)}"'] if nonce is not None else []
    return f"<script {' '.join(attributes)} defer></script>"


def has_script_tag(page: bytes) -> bool:
    """Return whether a page loads the script already, the latest or a pinned version.

    Example:
        >>> has_script_tag(b"<script src=/__edgio__/prefetch/v0.1.0/install.js></script>")
        True
    """
    return _INSTALLS.search(page) is not None


def with_path(page: bytes, path: str) -> bytes:
    """Return a page whose script tag, if its path is named after the text of the script, has this path.

    Example:
        >>> with_path(b"<script src=/__edgio__/prefetch/ca978112ca/install.js></script>", "/x.js")
        b'<script src=/x.js></script>'
    """
    return _HASHED.sub(lambda _: path.encode(), page)


def place_for_tag(page: bytes, *, is_complete: bool = True) -> int | Literal["more"] | None:
    """Return where the tag goes in a page: at the beginning of its head.

    There it is in front of a ``<base>``, and of a policy in a ``<meta>``, which apply to what follows them.
    None if it is not a document: a fragment, which a script loads into another page, begins otherwise.

    Args:
        page: The beginning of the page, in an encoding that contains ASCII.
        is_complete: Whether it is the whole page; else the answer may be ``"more"``.

    Source: HTML standard, "Writing HTML documents", and "The before head insertion mode".

    Example:
        >>> place_for_tag(b"<!doctype html><html lang=en><head><title>A</title>")
        35
        >>> place_for_tag(b"<!doctype html><ti", is_complete=False), place_for_tag(b"<li>a fragment</li>")
        ('more', None)
    """
    if not is_complete and _BOM.startswith(page):
        return "more"
    place, is_document = len(_BOM) if page.startswith(_BOM) else 0, False
    for begin in _BEGINS:
        start = _skip(page, place)
        named = begin.match(page, start)
        tag = named and _REST_OF_A_TAG.match(page, named.end())
        if tag:
            place, is_document = tag.end(), True
        elif not is_complete and (named or _is_unfinished(page, start)):
            return "more"
    return place if is_document or _IN_A_HEAD.match(page, _skip(page, place)) else None


def _skip(page: bytes, place: int) -> int:
    found = _SKIPPED.match(page, place)
    assert found is not None
    return found.end()


def _is_unfinished(page: bytes, start: int) -> bool:
    """Return whether what begins here may become another tag, or a comment that ends later."""
    return start == len(page) or (
        page.startswith(b"<", start) and (page.find(b">", start) < 0 or page.startswith(b"<!--", start))
    )
