"""Lines of the common and combined log formats of Apache and nginx, with whatever follows the user agent."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from prefetchrouter.navigation.log_line import LogLine, without_port
from prefetchrouter.navigation.log_times import common_time

_ANY_REQUEST = re.compile(r'([^\["]*)\[([^\]"]*)\] "(.*?)" (\d{3}) (\d+|-)(?: "(.*?)" "(.*?)"?)?\s*\Z')
"""A line whose request holds quotes that are not escaped, as very old logs have it."""
_PORT = re.compile(r":\d{1,5}\Z")
_FOUR: Final = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?"
_SIX: Final = r"[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?"
ADDRESSES: Final = rf"(?:{_FOUR}|{_SIX})(?:, ?(?:{_FOUR}|{_SIX}))*"
"""What a field with addresses matches, as `X-Forwarded-For` is."""
PURPOSES: Final = "(?:prefetch|prerender)(?:[;, ]|$)"
"""What a `Sec-Purpose` begins with, in any letter case; a `Cache-Status` may begin with our name."""
_ADDRESSES = re.compile(ADDRESSES)
_METHOD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_PURPOSE = re.compile(PURPOSES, re.I)


def quoted_line(text: str) -> LogLine | None:
    """Return a line of the common or combined format, or None if it is unreadable.

    A host and port before the address are allowed. Of the quoted fields after the user agent, one with
    addresses is `X-Forwarded-For`, whose first counts; one with ``prefetch`` is `Sec-Purpose`.

    Source: https://httpd.apache.org/docs/2.4/logs.html

    Example:
        >>> at = "[17/May/2015:10:05:03 +0000]"
        >>> line = quoted_line(f'192.0.2.1 - - {at} "GET /a HTTP/1.1" 200 20 "-" "Firefox" "prefetch"')
        >>> line.address, line.time, line.url, line.status, line.agent, line.purpose
        ('192.0.2.1', 1431857103.0, '/a', 200, 'Firefox', 'prefetch')
        >>> quoted_line("no such line") is None
        True
    """
    escaped = "\\" in text
    if escaped:
        text = text.replace("\\\\", "\0").replace('\\"', "\1")
    parts = text.split('"')
    made: LogLine | None
    try:
        made = _line(parts)
    except (ValueError, IndexError):
        made = _slow_line(text)
    if escaped and made is not None:
        return made._replace(
            url=_unescaped(made.url), referer=_unescaped(made.referer), agent=_unescaped(made.agent)
        )
    return made


def regular_line(text: str) -> tuple[str, str, str, int, str, str]:
    """Return address, time, URL, size, `Referer` and user agent of a line that is known to be readable.

    The caller has checked that it is as Apache and nginx write lines, without escapes and without a host in
    front. Of millions of lines, each step counts, so this does what `quoted_line` does with fewer.

    Example:
        >>> line = '192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 20 "-" "Firefox"'
        >>> regular_line(line)
        ('192.0.2.1', '17/May/2015:10:05:03 +0000', '/a', 20, '', 'Firefox')
    """
    parts = text.split('"')
    count = len(parts)
    head = parts[0]
    address = without_port(head[: head.index(" ")])
    if count > 7:
        address, _ = _extras(parts, address)
    referer = parts[3] if count > 3 else ""
    agent = parts[5] if count > 5 else ""
    return (
        address,
        head[-28:-2],
        parts[1].split(" ", 2)[1],
        _size(parts[2]),
        "" if referer == "-" else referer,
        "" if agent == "-" else agent,
    )


@lru_cache(maxsize=65536)
def _size(numbers: str) -> int:
    """Return the size of `` 200 512 ``: the same object again and again, as millions of views would have."""
    size = numbers[5:].partition(" ")[0]
    return 0 if size == "-" else int(size)


def _extras(parts: list[str], address: str) -> tuple[str, str]:
    """Return address and `Sec-Purpose` of a line by the quoted fields after the user agent."""
    purpose = ""
    for extra in parts[7::2]:
        if _PURPOSE.match(extra):
            purpose = extra
        elif extra == "-":
            purpose = purpose or extra
        elif _ADDRESSES.fullmatch(extra):
            address = without_port(extra.partition(",")[0])
    return address, purpose


def _unescaped(text: str) -> str:
    return text.replace("\1", '"').replace("\0", "\\")


def _line(parts: list[str]) -> LogLine:
    head, _, clock = parts[0].rpartition("[")
    words = head.split(None, 4)
    address = words[0]
    if len(words) > 3 and words[1] != "-" and _PORT.search(address):
        address = words[1]
    address = without_port(address)
    time = common_time(clock[:26])
    method, blank, target = parts[1].partition(" ")
    if not blank or not _METHOD.match(method):
        raise ValueError(method)
    url, found, _ = target.rpartition(" HTTP/")
    numbers = parts[2].split(None, 2)
    status, size = numbers[0], numbers[1] if len(numbers) > 1 else "-"
    if len(status) != 3 or not status.isdecimal() or not status.isascii():
        raise ValueError(status)
    count = len(parts)
    referer = parts[3] if count > 3 else ""
    agent = parts[5] if count > 5 else ""
    purpose = ""
    if count > 7:
        address, purpose = _extras(parts, address)
    return LogLine(
        address,
        time,
        method,
        url if found else target,
        int(status),
        int(size) if size.isdecimal() and size.isascii() and len(size) < 16 else 0,
        "" if referer == "-" else referer,
        "" if agent == "-" else agent,
        purpose,
    )


def _slow_line(text: str) -> LogLine | None:
    found = _ANY_REQUEST.match(text)
    if found is None:
        return None
    head, clock, request, status, size, referer, agent = found.groups()
    try:
        return _line(
            [f"{head}[{clock}", request, f" {status} {size} ", referer or "", " ", agent or ""],
        )
    except (ValueError, IndexError):
        return None
