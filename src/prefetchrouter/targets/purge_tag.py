"""How a purge tag is written into a header of a stored response."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

_PLAIN: Final = "".join(set(map(chr, range(33, 127))) - {"%", ","})


def tag_text(tag: str) -> str:
    """Return a purge tag for a header that has several, with blanks between them.

    What would end the tag, or what no header could hold, is encoded.

    Example:
        >>> tag_text("summer sale"), tag_text("caf\u00e9")
        ('summer%20sale', 'caf%C3%A9')
    """
    return quote(tag, safe=_PLAIN)
