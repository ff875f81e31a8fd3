"""Response headers as bytes: no value contains a line break, and none describes the framing of the body."""

from __future__ import annotations

import re
import time
from email.utils import formatdate

from prefetchrouter.http.message import HeaderFields

_TOKEN = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_WITHOUT_CONTROLS = dict.fromkeys({*range(0x20), 0x7F} - {0x09})
_OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-connection",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_MOST_CACHED = 4096
_LONGEST_CACHED = 512

WirePair = tuple[bytes, bytes]


class _Pairs(dict[tuple[str, str], WirePair | tuple[()]]):
    """Encoded pairs, each encoded once; an empty tuple for those that are left out."""

    def __missing__(self, pair: tuple[str, str]) -> WirePair | tuple[()]:
        wired = _wire(pair)
        if len(pair[1]) <= _LONGEST_CACHED:
            if len(self) >= _MOST_CACHED:
                self.clear()
            self[pair] = wired
        return wired


_pairs = _Pairs()
_date: tuple[int, WirePair] = (0, (b"date", b""))


def wire_headers(headers: HeaderFields) -> list[WirePair]:
    """Return headers as bytes, with a `date` if they have none.

    Headers of the connection and `content-length` are left out: the code that sends the body sets these. So
    are names that are not tokens. Control characters in values are removed.

    Source: RFC 9110, sections 5.1, 5.5, 6.6.1 and 7.6.1.

    Example:
        >>> wire_headers(HeaderFields({"date": "now", "X-A": "1\\r\\nset-cookie: b=2", "connection": "x"}))
        [(b'date', b'now'), (b'x-a', b'1set-cookie: b=2')]
    """
    if headers.sent is None:
        headers.sent = [known for pair in headers.fields() if (known := _pairs[pair])], "date" in headers
    wired, is_dated = headers.sent
    return [*wired] if is_dated else [*wired, _date_now()]


def declared_length(headers: HeaderFields) -> int | None:
    """Return the `content-length` of headers, None unless there is exactly one and it is a number.

    Example:
        >>> declared_length(HeaderFields({"content-length": "12"}))
        12
    """
    lengths = headers.all("content-length")
    if len(lengths) != 1 or not lengths[0].isascii() or not lengths[0].isdecimal() or len(lengths[0]) > 18:
        return None
    return int(lengths[0])


def _wire(pair: tuple[str, str]) -> WirePair | tuple[()]:
    name, value = pair[0].lower(), pair[1].translate(_WITHOUT_CONTROLS).strip(" \t")
    wired: WirePair | tuple[()] = ()
    if name not in _OF_THE_CONNECTION and _TOKEN.fullmatch(name):
        try:
            wired = name.encode("ascii"), value.encode("latin-1")
        except UnicodeEncodeError:
            wired = name.encode("ascii"), value.encode("utf-8", "replace")
    return wired


def _date_now() -> WirePair:
    global _date
    now = int(time.time())
    if _date[0] != now:
        _date = now, (b"date", formatdate(now, usegmt=True).encode("ascii"))
    return _date[1]
