"""What browsers and the page's script decide from an address alone, before any rule counts."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Final

from prefetchrouter.browser.names import NAMES

_LOGGING_OUT: Final = re.compile(NAMES.logging_out, re.IGNORECASE | re.ASCII)
"""The same expression as the script's option `ignorePatterns` has."""

_PORT: Final = re.compile(r":[0-9]*\Z")
_NUMBERS: Final = (
    (re.compile(r"0[xX]([0-9a-fA-F]*)"), 16),
    (re.compile(r"0([0-7]+)"), 8),
    (re.compile("([0-9]+)"), 10),
)


def is_trustworthy(scheme: str, host: str) -> bool:
    """Return whether an origin is potentially trustworthy: only there browsers have service workers.

    That is everything by HTTPS, and what never leaves the machine: ``localhost`` and the names below it,
    127.0.0.0/8 in any spelling, and ``::1``; files, too.

    Args:
        scheme: The scheme, such as ``"http"``.
        host: The host, with or without a port.

    Source: Secure Contexts, section 3.1; URL Standard, "IPv4 parser".

    Example:
        >>> [is_trustworthy("http", host) for host in ("localhost:8080", "a.localhost", "127.1", "[::1]:80")]
        [True, True, True, True]
        >>> is_trustworthy("https", "shop.example"), is_trustworthy("http", "localhost.example")
        (True, False)
    """
    if scheme.lower() in ("https", "wss", "file"):
        return True
    name = _PORT.sub("", host.lower())
    if name.startswith("["):
        try:
            return IPv6Address(name.strip("[]")).is_loopback
        except ValueError:
            return False
    name = name.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _ipv4(name)
    return address is not None and address >> 24 == 127


def _ipv4(text: str) -> int | None:
    """Return an IPv4 address as a number, as browsers read it: "127.1" and "0x7f.1" are 127.0.0.1."""
    numbers = [_number(part) for part in text.split(".")]
    if len(numbers) > 4 or None in numbers:
        return None
    *first, last = (number for number in numbers if number is not None)
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return None
    return sum(number << (24 - 8 * place) for place, number in enumerate(first)) + last


def _number(text: str) -> int | None:
    for pattern, base in _NUMBERS:
        found = pattern.fullmatch(text)
        if found is not None:
            return int(found[1] or "0", base) if len(text) <= 40 else None
    return None


def logging_out(target: str) -> str | None:
    """Return the word by which the page's script takes a link for one that logs out, or None if it does not.

    Such links are never prefetched: what looks at a page must not end a visitor's session.

    Args:
        target: Path and query of the link.

    Example:
        >>> logging_out("/account/sign-out?next=/"), logging_out("/blogout")
        ('sign-out', None)
    """
    found = _LOGGING_OUT.search(target)
    return None if found is None else target[found.start(2) : found.end(3)]
