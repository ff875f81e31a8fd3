"""What is seen of a head before anything of it is read further."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_ABSOLUTE = re.compile(rb"https?://([^/?#@]+)(/[^#]*|\?[^#]*)?", re.I)

Refused = tuple[int, str]
"""Status and reason of a refusal."""

MOST_HEADERS: Final = 256
"""More headers than this are refused: short ones take many times their bytes once they are told apart."""


def origin_form(
    target: bytes, headers: Sequence[tuple[bytes, bytes]], version: str = "1.1"
) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return path and query of a target that is a whole URL, and the headers with its host.

    What else is not a path stays as it is, to be refused; so does a URL of another host than the Host header
    names, which a gateway in front may have read the other way.

    Args:
        target: The target as it is on the wire.
        headers: All headers, their names in lower case.
        version: That of HTTP; 1.0 needs no Host header.

    Source: RFC 9112, sections 3.2 and 3.2.2: servers MUST accept this form, clients MUST send one host

    Example:
        >>> origin_form(b"http://shop.example?x=1", [(b"host", b"shop.example")])
        (b'/?x=1', [(b'host', b'shop.example')])
    """
    found = _ABSOLUTE.fullmatch(target)
    hosts = [value for name, value in headers if name == b"host"]
    kept = list(headers)
    if found is None or len(hosts) > 1 or any(host.strip().lower() != found[1].lower() for host in hosts):
        return target, kept
    if not hosts and version == "1.0":
        kept.append((b"host", found[1]))
    rest = found[2] or b"/"
    return (rest if rest.startswith(b"/") else b"/" + rest), kept


def unsound_head(
    method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]], *, most: int, upgrade: bool
) -> Refused | None:
    """Return why a head is not taken; None when it is.

    Args:
        method: The method.
        target: The target as it is on the wire.
        headers: All headers, their names in lower case.
        most: How large the head may be, in bytes; 0 when it is known to be no larger.
        upgrade: Whether it asks for another protocol.

    Source: RFC 9112, sections 3.2 and 5; RFC 9110, section 7.8.

    Example:
        >>> unsound_head(b"GET", b"a", [], most=0, upgrade=False)
        (400, 'the target is not a path')
    """
    if method == b"CONNECT":
        return 501, "CONNECT is not done here"
    if target[:1] != b"/" or b"#" in target:
        return 400, "the target is not a path"
    if len(headers) > MOST_HEADERS:
        return 431, f"there are over {MOST_HEADERS} headers"
    if most:
        size = sum(len(name) + len(value) + 4 for name, value in headers)
        if size + len(method) + len(target) + 14 > most:
            return 431, f"the head is over {most} bytes"
    if upgrade and any(
        name in (b"content-length", b"transfer-encoding") and value.strip() != b"0" for name, value in headers
    ):
        return 400, "a request with a body cannot ask for an upgrade"
    return None
