"""Which file of a folder a request is for, as servers of static files find it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes


def candidates(target: str) -> Iterator[str]:
    """Yield the files in a folder that a request target can mean, in order of precedence.

    Args:
        target: Path and query of the request.

    Example:
        >>> list(candidates("/pages/1?x=2"))
        ['pages/1', 'pages/1/index.html', 'pages/1.html']
        >>> list(candidates("/%2e%2e/secret"))
        []
    """
    try:
        path = unquote_to_bytes(target.partition("?")[0].removeprefix("/")).decode()
    except UnicodeDecodeError:
        return
    parts = path.removesuffix("/").split("/") if path else []
    if not all(map(_is_name, parts)):
        return
    if not path or path.endswith("/"):
        yield f"{path}index.html"
        return
    yield path
    yield f"{path}/index.html"
    if "." not in parts[-1]:
        yield f"{path}.html"


def _is_name(part: str) -> bool:
    hidden = part.startswith(".") and part != ".well-known"
    return bool(part) and not hidden and part.isprintable() and "\\" not in part and ":" not in part
