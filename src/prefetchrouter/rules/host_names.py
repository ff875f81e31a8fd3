"""Names of hosts and of the origins that every property has."""

from __future__ import annotations

import re

SYSTEM_ORIGINS = (
    "edgio_static",
    "edgio_permanent_static",
    "edgio_serverless",
    "edgio_image_optimizer",
    "edgio_self",
)
"""Origins that exist without a declaration."""

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
