"""Destinations whose text alone says that they cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prefetchrouter.analysis.faults import Fault, without_ends
from prefetchrouter.errors import shown
from prefetchrouter.rules.features import UrlRedirect, UrlRewrite
from prefetchrouter.url_text import without_dot_segments

_ABSOLUTE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*:|%\{|\$[1-9]|:\w|[?#]|\Z")
_BARE_HOST = re.compile(
    r"(?:%\{(?:http_)?host\}|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?::\d+)?)(?:[/?#]|\Z)"
)
_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DOT_SEGMENT = re.compile(r"(?:/|\A)(?:\.|%2[Ee]){1,2}(?=/|\Z)")
_CHOSEN = re.compile(r"%\{(?:arg|cookie)_", re.IGNORECASE)
"""How a destination begins that is a visitor's; another header may come from the site's own proxy."""
_FOREIGN = re.compile(r"\$(?:([A-Za-z_]{2,})|\{([A-Za-z_]+)\})")
_NAMES = {"args": "query_string", "path": "uri"}
_FILES = (
    ".html",
    ".htm",
    ".php",
    ".txt",
    ".xml",
    ".json",
    ".js",
    ".css",
    ".png",
    ".jpg",
    ".svg",
    ".ico",
    ".pdf",
)


def text_faults(part: UrlRedirect | UrlRewrite) -> Iterator[Fault]:
    """Yield what is wrong with the text of a destination.

    Args:
        part: A redirect or rewrite.

    Example:
        >>> [fault.hint for fault in text_faults(UrlRedirect(destination="neu/:id"))]
        ['write "/neu/:id"']
    """
    text = without_ends(part.destination or "")
    path = re.split("[?#]", text, maxsplit=1)[0]
    if text.strip(" \ufeff") != text:
        yield _fault(f"{shown(text)} begins or ends with a blank", _write(text.strip(" \ufeff")))
    elif isinstance(part, UrlRewrite):
        yield from _of_rewrite(text)
    elif _is_host(text):
        yield _fault(f"{shown(text)} is a path, not a host", _write(f"https://{text}"))
    elif not _ABSOLUTE.match(text):
        yield _fault(f"{shown(text)} is relative to the page that is redirected", _write(f"/{text}"))
    if _CHOSEN.match(text) and isinstance(part, UrlRedirect):
        yield _fault(
            f"{shown(text)}: whoever makes the link names the site that it leads to", _write(f"/{text}")
        )
    if (foreign := _FOREIGN.search(text)) is not None:
        cure = _FOREIGN.sub(_variable, text)
        yield _fault(f"{shown(text)}: {shown(foreign[0])} is no variable and stays as it is", _write(cure))
    if _DOT_SEGMENT.search(path) and path.startswith("/"):
        resolved = without_dot_segments(path) + text[len(path) :]
        yield _fault(f"{shown(text)} holds a dot segment", _write(resolved))


def _of_rewrite(text: str) -> Iterator[Fault]:
    if _WITH_SCHEME.match(text):
        yield _fault(
            f"{shown(text)} names a host, and a rewrite leads to a path",
            "set_origin names another origin, redirect another host",
        )
    elif not _ABSOLUTE.match(text):
        yield _fault(f"{shown(text)} does not begin with a slash", _write(f"/{text}"))
    if "#" in text:
        yield _fault(f"{shown(text)}: no origin is sent a fragment", _write(text.partition("#")[0]))


def _is_host(text: str) -> bool:
    host = re.split("[/?#]", text, maxsplit=1)[0]
    return _BARE_HOST.match(text) is not None and not host.endswith(_FILES)


def _variable(found: re.Match[str]) -> str:
    name = (found[1] or found[2]).lower()
    return f"%{{{_NAMES.get(name, name)}}}"


def _write(text: str) -> str:
    return f'write "{text}"'


def _fault(message: str, hint: str) -> Fault:
    return Fault(message, "destination", message, hint)
