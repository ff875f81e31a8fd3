"""Spellings of a path that one server or another takes for the same page, and origins that do so."""

from __future__ import annotations

import posixpath
import re
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from prefetchrouter import Router
from prefetchrouter.authoring.criteria import CriteriaDict, exact, not_

PAGES = (
    "/", "/admin", "/admin/x", "/admin/x/y", "/account/me", "/account", "/a.b/c-d", "/@ann", "/@ann/c++",
    "/~me/x_y", "/caf\u00e9/x", "/s p", "/public/x", "/a(b)", "/q=1/a&b", "/x:y,z", "/[id]",
)  # fmt: skip
"""Pages of an origin, as it names them."""

_SLASHES = (
    *["/"] * 20, *["//", "///"] * 5, "%2F", "%2f", "%5C", "%5c", "\\", "/./", "/%2e/", "/x/../", "/x/..%2f",
    "/x/%2E%2e/", "/..;/", ";a=1/", ";/", "%3Ba/", "/;a/", "/%2F", "/x%2f..%2F", "/x\\..\\",
)  # fmt: skip


def spelled(page: str, random: Random) -> str:
    """Return one of many spellings of a page."""
    text = ""
    for character in page:
        if character == "/":
            text += random.choice(_SLASHES) if text or random.random() < 0.5 else "/"
        elif character.isascii() and random.random() < 0.7:
            text += quote(character, safe="@:,;+&=()[]!$'*~")
        else:
            text += _encoded(character, random)
    return (text if text.startswith("/") else f"/{text}") + random.choice((*[""] * 9, ";a", ";", "%3b"))


def _encoded(character: str, random: Random) -> str:
    return "".join(random.choice((f"%{byte:02X}", f"%{byte:02x}")) for byte in character.encode())


def page_of(target: str, *, is_java: bool) -> str:
    """Return the page that an origin takes a target for: it decodes, merges and resolves all that it can.

    Args:
        target: Path and query.
        is_java: Whether it leaves out path parameters first, as servlet containers do.
    """
    path = target.partition("?")[0]
    path = re.sub(";[^/]*", "", path) if is_java else path
    path = re.sub("/+", "/", unquote(path).replace("\\", "/"))
    return posixpath.normpath(path) + ("/" if path.endswith("/") and path != "/" else "")


def plain(page: str) -> str:
    """Return the usual spelling of a page."""
    return quote(page, safe="/@:,;+&=()!$'*~")


def protecting(random: Random) -> Router:
    """Return rules that store everything, and some that protect."""
    router = Router().always(caching={"max_age": "1h"})
    for _ in range(random.randint(1, 3)):
        criteria = _criteria(random.choice(PAGES), random)
        if random.random() < 0.5:
            router.match(criteria, access={"deny_access": True})
        else:
            router.match(criteria, caching={"bypass_cache": True})
    return router


def _criteria(page: str, random: Random) -> CriteriaDict:
    text = plain(page)
    pattern = re.sub(r"([()+:*?{}.])", r"\\\1", text.replace("%5B", "[").replace("%5D", "]"))
    first = re.escape(text.replace("%5B", "[").replace("%5D", "]"))
    found: Any = random.choice(
        (
            pattern,
            f"{pattern.rstrip('/')}/:path*",
            f"{pattern.rstrip('/')}/:one",
            exact(text),
            [exact(text), exact("/other")],
            re.compile(f"^{first}$"),
            re.compile(f"^{first}"),
            re.compile(first),
            re.compile(first, re.IGNORECASE),
        )
    )
    return {"path": not_(found) if random.random() < 0.15 else found}
