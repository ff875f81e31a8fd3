"""Entity tags, as conditions compare them."""

from __future__ import annotations

import re

from prefetchrouter.http.message import HeaderFields

_STRONG = re.compile(r'"[^"\x00-\x20\x7f]*"')
_LISTED = re.compile(r'(?:W/)?"[^"]*"|[^\s,]+')


def entity_tag(headers: HeaderFields) -> str | None:
    """Return the ETag of a response, None without one; of several the first counts.

    Example:
        >>> entity_tag(HeaderFields({"etag": ' W/"a"'}))
        'W/"a"'
    """
    texts = headers.all("etag")
    return (texts[0].strip(" \t") or None) if texts else None


def opaque(tag: str) -> str:
    """Return an entity tag without its mark of weakness: what a weak comparison compares.

    Source: RFC 9110 section 8.8.3.2.

    Example:
        >>> opaque('W/"a"') == opaque('"a"')
        True
    """
    return tag.removeprefix("W/")


def is_strong(tag: str) -> bool:
    """Return whether an entity tag is well formed and not weak.

    Source: RFC 9110 section 8.8.3.

    Example:
        >>> is_strong('"a"'), is_strong('W/"a"'), is_strong("a")
        (True, False, False)
    """
    return _STRONG.fullmatch(tag) is not None


def listed_tags(text: str) -> list[str]:
    """Return the entity tags of a list; a comma in quotes separates nothing, and a bare word counts as a tag.

    Example:
        >>> listed_tags('W/"a,b", "c",d')
        ['W/"a,b"', '"c"', 'd']
    """
    return _LISTED.findall(text)
