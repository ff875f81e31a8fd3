"""Destinations whose text alone says that they cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from prefetchrouter.analysis.faults import Fault, without_ends
from prefetchrouter.analysis.foreign_parameters import marker_faults
from prefetchrouter.errors import shown
from prefetchrouter.http.url_text import without_dot_segments
from prefetchrouter.rules.features import UrlRedirect, UrlRewrite

_ORDINARY = re.compile(
    r"(?:https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)?(?:/(?:[\w~-][\w.~-]*|:[A-Za-z_]\w*))*/?", re.A
)
"""Paths and URLs of plain segments and captures, as nearly all destinations are."""
_ABSOLUTE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*:|%\{|\$[1-9]|:\w|[?#]|\Z")
_BARE_HOST = re.compile(
    r"(%\{(?:http_)?host\}|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?::\d+)?)(?:[/?#$]|%\{|:[A-Za-z]|\Z)"
)
_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DOT_SEGMENT = re.compile(r"(?:/|\A)(?:\.|%2[Ee]){1,2}(?=/|\Z)")
_CHOSEN = re.compile(r"%\{(?:arg|cookie)_", re.IGNORECASE)
"""How a destination begins that is a visitor's; another header may come from the site's own proxy."""
_FOREIGN = re.compile(r"\$(?:([A-Za-z_]{2,})|\{([A-Za-z_]+)\})")
_QUOTES = "\"' \t"
_SCHEME_LIKE = re.compile(r"([A-Za-z]{3,7})([:;.]?//?(?=[^/]))")
_NO_SLASHES = re.compile(r"https?:(?!//)", re.IGNORECASE)
_NOT_FOLLOWED = re.compile(r"(?:javascript|data|vbscript|blob|about|file):", re.IGNORECASE)
_BACKSLASH = re.compile(r"\\[A-Za-z]\w*(?![>\w])")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*?(?::(\d+))?)(?:[/?#]|\Z)")
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
    if _ORDINARY.fullmatch(text) and (text.startswith("/") or isinstance(part, UrlRedirect)):
        return
    path = re.split("[?#]", text, maxsplit=1)[0]
    if text.strip(" \ufeff") != text:
        yield _fault(f"{shown(text)} begins or ends with a blank", _write(text.strip(" \ufeff")))
    elif isinstance(part, UrlRewrite):
        yield from _of_rewrite(text)
    elif _is_host(text):
        yield _fault(f"{shown(text)} is a path, not a host", _write(f"https://{text}"))
    elif not _ABSOLUTE.match(text) and not _likely_scheme(text):
        yield _fault(f"{shown(text)} is relative to the page that is redirected", _write(_rooted(text)))
    yield from marker_faults(part)
    if (slash := _BACKSLASH.search(path)) is not None:
        cure = re.sub("//+", "/", path.replace("\\", "/")) + text[len(path) :]
        yield _fault(f"{shown(text)}: the backslash of {shown(slash[0])} is dropped", _write(cure))
    if isinstance(part, UrlRedirect):
        yield from _of_address(text)
    if _CHOSEN.match(text) and isinstance(part, UrlRedirect):
        yield _fault(
            f"{shown(text)}: whoever makes the link names the site that it leads to", _write(f"/{text}")
        )
    if (foreign := _FOREIGN.search(text)) is not None:
        cure = _FOREIGN.sub(_variable, text)
        yield _fault(f"{shown(text)}: {shown(foreign[0])} is not a variable and stays as it is", _write(cure))
    if _DOT_SEGMENT.search(path) and path.startswith("/"):
        resolved = without_dot_segments(path) + text[len(path) :]
        yield _fault(f"{shown(text)} holds a dot segment", _write(resolved))


def _rooted(text: str) -> str:
    """Return a relative URL as one that begins with a slash, without quotes that stand around it."""
    plain = text.strip(_QUOTES)
    path = re.split("[?#]", plain, maxsplit=1)[0]
    return without_dot_segments(f"/{path.lstrip('/')}") + plain[len(path) :]


def _likely_scheme(text: str) -> str | None:
    """Return the likely scheme of a text that begins with a misspelled one."""
    found = _SCHEME_LIKE.match(text)
    if found is None or (found[1].lower() in ("http", "https") and found[2].startswith(":")):
        return None
    near = get_close_matches(found[1].lower(), ("https", "http"), 1, 0.7)
    return near[0] if near else None


def _of_address(text: str) -> Iterator[Fault]:
    """Yield what is wrong with the scheme and host of a URL."""
    scheme = _likely_scheme(text)
    if scheme is not None:
        rest = re.sub(r"\A[A-Za-z]+[:;.]*/*", "", text)
        yield _fault(f"{shown(text)} begins with no scheme", _write(f"{scheme}://{rest}"))
    elif (found := _NO_SLASHES.match(text)) is not None:
        rest = text[found.end() :]
        host = "%{host}" if rest[:1] in ("/", "%", "$", "") else ""
        yield _fault(f"{shown(text)}: the URL names no host", _write(f"{found[0]}//{host}{rest}"))
    elif (found := _NOT_FOLLOWED.match(text)) is not None:
        yield _fault(
            f"{shown(text)}: no browser follows a redirect to {found[0]}", "lead to a page of a site"
        )
    elif (found := _HOST.match(text)) is not None:
        host, port = found[1], found[2]
        if re.search(r"[\s\\<>\"^`{|}]", re.sub(r"%\{.*?\}", "", host)):
            plain = re.sub(r"\s", "", host)
            cure = _write(text.replace(host, plain, 1)) if plain != host else "write the name of a host"
            yield _fault(f"{shown(text)}: {shown(host)} is not a host", cure)
        elif port and int(port[:9]) > 65535:
            yield _fault(f"{shown(text)}: there is no port {port[:9]}", "write a port from 1 to 65535")


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
    found = _BARE_HOST.match(text)
    return found is not None and not found[1].endswith(_FILES)


def _variable(found: re.Match[str]) -> str:
    name = (found[1] or found[2]).lower()
    return f"%{{{_NAMES.get(name, name)}}}"


def _write(text: str) -> str:
    return f"write {shown(text)}"


def _fault(message: str, hint: str) -> Fault:
    return Fault(message, "destination", message, hint)
