"""Names of hosts, as the parts of a property and helpers take them."""

from __future__ import annotations

import re

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})+|localhost|\[[0-9a-fA-F:.]+\]")
"""A name of two labels or more, localhost, or an IPv6 address in brackets."""


def is_host_name(text: str) -> bool:
    """Return whether a text is a host name of two labels or more.

    Example:
        >>> is_host_name("www.shop.example"), is_host_name("https://shop.example")
        (True, False)
    """
    return HOST.fullmatch(text) is not None and "." in text and not text.startswith("[")
