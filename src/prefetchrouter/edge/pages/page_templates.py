"""Renders pages from templates, with their Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any, Final

from prefetchrouter.browser.look import style_variables
from prefetchrouter.edge.requests import EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.templates import template

_FOLDER = "pages"
_ALWAYS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='4' fill='%231d55c9'/%3E"
    "%3Cpath d='M4 8h7M8 4.5 11.5 8 8 11.5' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E"
)
"""Inline, as a browser would request one from the site, and that request would be listed."""


@lru_cache(maxsize=2)
def _asset(name: str) -> str:
    return template(f"{_FOLDER}/{name}").render(variables=style_variables())


@lru_cache(maxsize=1)
def _policy() -> str:
    style, script = (_hash(_asset(name)) for name in ("pages.css", "pages.js"))
    return (
        f"default-src 'none'; style-src {style}; script-src {script}; connect-src 'self'; "
        "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def html_page(
    name: str, *, status: int = 200, headers: dict[str, str] | None = None, **shown: Any
) -> EdgeResponse:
    """Return a page that is not stored or framed, and runs only its own style and script.

    Args:
        name: The template, such as ``"cache"``.
        status: The status code.
        headers: Further headers.
        shown: The variables of the template.
    """
    text = template(f"{_FOLDER}/{name}.html.j2").render(
        style=_asset("pages.css"), script=_asset("pages.js"), icon=_ICON, **shown
    )
    given = {
        **_ALWAYS,
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _policy(),
        **(headers or {}),
    }
    return EdgeResponse(status, HeaderFields(given), text.encode("utf-8", "backslashreplace"))


def json_page(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> EdgeResponse:
    """Return data as JSON, for programs on the same machine."""
    given = {**_ALWAYS, "content-type": "application/json", **(headers or {})}
    return EdgeResponse(status, HeaderFields(given), json.dumps(data, indent=1).encode() + b"\n")


def plain_page(status: int, text: str, headers: dict[str, str] | None = None) -> EdgeResponse:
    """Return a line of text.

    Example:
        >>> plain_page(403, "not for you").body
        b'not for you\\n'
    """
    given = {**_ALWAYS, "content-type": "text/plain; charset=utf-8", **(headers or {})}
    return EdgeResponse(status, HeaderFields(given), f"{text}\n".encode())


def empty_page(status: int, headers: dict[str, str]) -> EdgeResponse:
    """Return a response without a body: 304 or a redirect."""
    return EdgeResponse(status, HeaderFields({**_ALWAYS, **headers}))
