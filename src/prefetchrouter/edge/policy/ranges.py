"""E24: parts of a copy, for clients that ask for byte ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from prefetchrouter.edge.message import Body, EdgeResponse
from prefetchrouter.freshness.dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.fields import changed, members
from prefetchrouter.http_cache.validators import entity_tag, is_strong

MOST_RANGES: Final = 16
"""With more ranges than this a request gets the whole body."""

_UNIT = re.compile(r"[ \t]*bytes[ \t]*=(.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"([0-9]*)[ \t]*-[ \t]*([0-9]*)")
_MOST_DIGITS = 18
_SLICE = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _Part:
    """The bytes from `start` up to `end`, which is not among them."""

    start: int
    end: int

    def told(self, whole: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{whole}"


def ranged(
    method: str,
    request_headers: HeaderFields,
    headers: HeaderFields,
    body: bytes,
    *,
    ignores_unsatisfiable: bool = False,
) -> EdgeResponse | None:
    """Return the parts of a copy that a request asks for: 206, or 416; None when it gets the whole.

    The whole goes out when no range was asked for, when the text of Range cannot be read, when ranges overlap
    or are more than `MOST_RANGES`, and when If-Range does not hold.

    Args:
        method: The method of the request; only GET has ranges.
        request_headers: The headers of the request.
        headers: The headers of the copy, whose status is 200.
        body: The body of the copy.
        ignores_unsatisfiable: The feature `caching.ignore_unsatisfiable_ranges`: the whole in place of a 416.

    Source: RFC 9110 sections 13.1.5, 14 and 15.3.7.

    Example:
        >>> request = HeaderFields({"Range": "bytes=1-2"})
        >>> part = ranged("GET", request, HeaderFields({"content-type": "text/plain"}), b"abcd")
        >>> part.status, part.headers["content-range"], part.body
        (206, 'bytes 1-2/4', b'bc')
    """
    texts = request_headers.all("range")
    if not texts or len(texts) > 1 or method != "GET" or not _if_range_holds(request_headers, headers):
        return None
    asked = _parts(texts[0], len(body))
    if asked is None:
        return None
    if not asked:
        return None if ignores_unsatisfiable else _unsatisfiable(len(body))
    if len(asked) > MOST_RANGES or _overlap(asked):
        return None
    return _single(headers, body, asked[0]) if len(asked) == 1 else _multiple(headers, body, asked)


def _if_range_holds(request_headers: HeaderFields, headers: HeaderFields) -> bool:
    texts = request_headers.all("if-range")
    if not texts:
        return True
    if len(texts) > 1:
        return False
    text = texts[0].strip(" \t")
    if is_strong(text):
        return text == entity_tag(headers)
    given = strict_date(text)
    modified, made = (strict_date(headers.get(name, "").strip(" \t")) for name in ("last-modified", "date"))
    return given is not None and given == modified and made is not None and made - given >= 1


def _parts(text: str, size: int) -> list[_Part] | None:
    """Return the ranges that the body can satisfy, in the order asked; None for an unreadable text."""
    unit = _UNIT.fullmatch(text)
    if unit is None:
        return None
    specifiers = members(unit[1])
    parts: list[_Part] = []
    for specifier in specifiers:
        found = _RANGE.fullmatch(specifier)
        if found is None or not (found[1] or found[2]):
            return None
        first, last = _number(found[1]), _number(found[2])
        if first is None:
            assert last is not None
            if last and not size:
                return None
            part = _Part(max(0, size - last), size)
        else:
            if last is not None and last < first:
                return None
            part = _Part(first, size if last is None else min(last + 1, size))
        if part.start < part.end:
            parts.append(part)
    return parts if specifiers else None


def _number(digits: str) -> int | None:
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _overlap(parts: list[_Part]) -> bool:
    ordered = sorted(parts, key=lambda part: part.start)
    return any(after.start < before.end for before, after in pairwise(ordered))


def _unsatisfiable(size: int) -> EdgeResponse:
    told = {"content-range": f"bytes */{size}", "content-length": "0", "cache-control": "no-store"}
    return EdgeResponse(416, HeaderFields(told))


def _single(headers: HeaderFields, body: bytes, part: _Part) -> EdgeResponse:
    changes = {"content-range": part.told(len(body)), "content-length": str(part.end - part.start)}
    return EdgeResponse(206, changed(headers, changes), _sent([memoryview(body)[part.start : part.end]]))


def _multiple(headers: HeaderFields, body: bytes, parts: list[_Part]) -> EdgeResponse:
    view = memoryview(body)
    pieces = [view[part.start : part.end] for part in parts]
    boundary = next(
        mark for mark in _marks(pieces) if all(body.find(mark, part.start, part.end) < 0 for part in parts)
    )
    kind = headers.get("content-type", "")
    kind_line = b"" if not kind or _CONTROL.search(kind) else b"content-type: %s\r\n" % _wire(kind)
    framed: list[memoryview] = []
    for part, piece in zip(parts, pieces, strict=True):
        before = b"--%s\r\n%scontent-range: %s\r\n\r\n" % (boundary, kind_line, _wire(part.told(len(body))))
        framed += (memoryview(before), piece, memoryview(b"\r\n"))
    framed.append(memoryview(b"--%s--\r\n" % boundary))
    changes = {
        "content-type": f"multipart/byteranges; boundary={boundary.decode('ascii')}",
        "content-length": str(sum(map(len, framed))),
    }
    return EdgeResponse(206, changed(headers, changes, without=("content-range",)), _sent(framed))


def _sent(views: list[memoryview]) -> bytes | Body:
    """Return a body made of parts of a copy; a large one is cut from it while it is sent.

    So clients that ask for much and read nothing have no part of their own in memory.
    """
    return b"".join(views) if sum(map(len, views)) <= _SLICE else _sliced(views)


async def _sliced(views: list[memoryview]) -> Body:
    for view in views:
        for start in range(0, len(view), _SLICE):
            yield bytes(view[start : start + _SLICE])


def _marks(pieces: list[memoryview]) -> Iterator[bytes]:
    """Boundaries to try: the same each time for the same pieces."""
    digest = blake2b(digest_size=20)
    for piece in pieces:
        digest.update(piece)
    while True:
        yield digest.hexdigest().encode("ascii")
        digest.update(b"again")


def _wire(text: str) -> bytes:
    return text.encode("latin-1", "replace")
