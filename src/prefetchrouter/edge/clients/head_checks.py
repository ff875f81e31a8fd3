"""Checks of a request head before a request is made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_ABSOLUTE = re.compile(rb"https?://([^/?#@]+)(/[^#]*|\?[^#]*)?", re.I)

HeadError = tuple[int, str]
"""Status and reason of the error response."""

MOST_HEADERS: Final = 256
"""More header fields than this are refused: once parsed, short ones take many times their bytes."""


def origin_form(
    target: bytes, headers: Sequence[tuple[bytes, bytes]], version: str = "1.1"
) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return path and query of a target in absolute form, and the headers with its host.

    Any other target that is not a path is returned as it is, to be refused. So is a URL whose host differs
    from the Host header: a gateway in front may have used the other one.

    Args:
        target: The target as received.
        headers: All headers, their names in lower case.
        version: The HTTP version; 1.0 needs no Host header.

    Source: RFC 9112, sections 3.2 and 3.2.2: servers MUST accept this form, clients MUST send one host

    Example:
        >>> origin_form(b"http://shop.example?x=1", [(b"host", b"shop.example")])
        (b'/?x=1', [(b'host', b'shop.example')])
    """
    found = _ABSOLUTE.fullmatch(target)
    hosts = [value for name, value in headers if name == b"host"]
    result = list(headers)
    if found is None or len(hosts) > 1 or any(host.strip().lower() != found[1].lower() for host in hosts):
        return target, result
    if not hosts and version == "1.0":
        result.append((b"host", found[1]))
    rest = found[2] or b"/"
    return (rest if rest.startswith(b"/") else b"/" + rest), result


def head_error(
    method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]], *, most: int, upgrade: bool
) -> HeadError | None:
    """Return why a request head is refused, or None if it is accepted.

    Args:
        method: The method.
        target: The target as received.
        headers: All headers, their names in lower case.
        most: The largest head, in bytes; 0 when it is known to be no larger.
        upgrade: Whether the request asks for another protocol.

    Source: RFC 9112, sections 3.2 and 5; RFC 9110, section 7.8.

    Example:
        >>> head_error(b"GET", b"a", [], most=0, upgrade=False)
        (400, 'the target is not a path')
    """
    if method == b"CONNECT":
        return 501, "CONNECT is not supported"
    if target[:1] != b"/" or b"#" in target:
        return 400, "the target is not a path"
    if len(headers) > MOST_HEADERS:
        return 431, f"more than {MOST_HEADERS} header fields"
    if most:
        size = sum(len(name) + len(value) + 4 for name, value in headers)
        if size + len(method) + len(target) + 14 > most:
            return 431, f"the request head is larger than {most} bytes"
    if upgrade and any(
        name in (b"content-length", b"transfer-encoding") and value.strip() != b"0" for name, value in headers
    ):
        return 400, "a request with a body cannot ask for an upgrade"
    return None
