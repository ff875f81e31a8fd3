"""Text as URLs hold it: percent-encoded, without dot segments."""

from __future__ import annotations

import re

_NOT_OF_A_URL = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2[Ee]){1,2}(?:/|\Z)")
_ENCODED_DOT = re.compile("%2[Ee]")


def encoded(text: str) -> str:
    """Return text as the path, query or fragment of a URL holds it: all else is percent-encoded as UTF-8.

    Args:
        text: The text. What is percent-encoded already stays, and so do the characters that separate parts.

    Source: RFC 3986, sections 2.1, 3.3 and 3.4.

    Example:
        >>> encoded("/läden/a b?q=50%&x=%C3%A4")
        '/l%C3%A4den/a%20b?q=50%25&x=%C3%A4'
    """
    return _NOT_OF_A_URL.sub(_escaped, text) if _NOT_OF_A_URL.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def without_dot_segments(path: str) -> str:
    """Return an absolute path with its dot segments resolved; none of them leads above the root.

    Source: RFC 3986, section 5.2.4.

    Example:
        >>> without_dot_segments("/a/./b/../c/%2e%2E"), without_dot_segments("/../x")
        ('/a/', '/x')
    """
    if not _DOT_SEGMENT.search(path):
        return path
    kept: list[str] = []
    plain = ""
    segments = path.split("/")[1:]
    for segment in segments:
        plain = _ENCODED_DOT.sub(".", segment)
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
    if plain in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
