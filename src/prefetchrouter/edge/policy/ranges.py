"""Range requests: parts of a stored response (requirement E24)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from prefetchrouter.edge.requests import Body, EdgeResponse
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members
from prefetchrouter.http_cache.validators import entity_tag, is_strong

MOST_RANGES: Final = 16
"""With more ranges than this a request gets the whole body."""

_UNIT = re.compile(r"[ \t]*bytes[ \t]*=(.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"([0-9]*)[ \t]*-[ \t]*([0-9]*)")
_MOST_DIGITS = 18
_SLICE = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _ByteRange:
    """The bytes from `start` up to, but not including, `end`."""

    start: int
    end: int

    def content_range(self, length: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{length}"


def range_response(
    method: str,
    request_headers: HeaderFields,
    headers: HeaderFields,
    body: bytes,
    *,
    ignores_unsatisfiable: bool = False,
) -> EdgeResponse | None:
    """Return a 206 or 416 for a range request, or None if the whole response is to be sent.

    The whole is sent when no range is requested, when Range is invalid, when ranges overlap or there are more
    than `MOST_RANGES`, and when If-Range does not match.

    Args:
        method: The method of the request; only GET has ranges.
        request_headers: The headers of the request.
        headers: The headers of the stored response, whose status is 200.
        body: The body of the stored response.
        ignores_unsatisfiable: The feature `caching.ignore_unsatisfiable_ranges`: the whole instead of a 416.

    Source: RFC 9110 sections 13.1.5, 14 and 15.3.7.

    Example:
        >>> request = HeaderFields({"Range": "bytes=1-2"})
        >>> part = range_response("GET", request, HeaderFields({"content-type": "text/plain"}), b"abcd")
        >>> part.status, part.headers["content-range"], part.body
        (206, 'bytes 1-2/4', b'bc')
    """
    texts = request_headers.all("range")
    if not texts or len(texts) > 1 or method != "GET" or not _if_range_matches(request_headers, headers):
        return None
    ranges = _satisfiable(texts[0], len(body))  # pyright: ignore[reportGeneralTypeIssues]
    if ranges is None:
        return None
    if not ranges:
        return None if ignores_unsatisfiable else _unsatisfiable(len(body))
    if len(ranges) > MOST_RANGES or _overlap(ranges):
        return None
    return _single(headers, body, ranges[0]) if len(ranges) == 1 else _multiple(headers, body, ranges)


def _if_range_matches(request_headers: HeaderFields, headers: HeaderFields) -> bool:
    texts = request_headers.all("if-range")
    if not texts:
        return True
    if len(texts) > 1:
        return False
    text = texts[0].strip(" \t")  # pyright: ignore[reportGeneralTypeIssues]
    if is_strong(text):
        return text == entity_tag(headers)
    given = strict_date(text)
    modified, date = (strict_date(headers.get(name, "").strip(" \t")) for name in ("last-modified", "date"))
    return given is not None and given == modified and date is not None and date - given >= 1


def _satisfiable(text: str, size: int) -> list[_ByteRange] | None:
    """Return the satisfiable ranges in the order of the request; None for an invalid Range."""
    unit = _UNIT.fullmatch(text)
    if unit is None:
        return None
    specifiers = members(unit[1])
    ranges: list[_ByteRange] = []
    for specifier in specifiers:
        found = _RANGE.fullmatch(specifier)
        if found is None or not (found[1] or found[2]):
            return None
        first, last = _number(found[1]), _number(found[2])
        if first is None:
            assert last is not None
            if last and not size:
                return None
            one = _ByteRange(max(0, size - last), size)
        else:
            if last is not None and last < first:
                return None
            one = _ByteRange(first, size if last is None else min(last + 1, size))
        if one.start < one.end:
            ranges.append(one)
    return ranges if specifiers else None


def _number(digits: str) -> int | None:
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _overlap(ranges: list[_ByteRange]) -> bool:
    ordered = sorted(ranges, key=lambda one: one.start)
    return any(after.start < before.end for before, after in pairwise(ordered))


def _unsatisfiable(size: int) -> EdgeResponse:
    fields = {"content-range": f"bytes */{size}", "content-length": "0", "cache-control": "no-store"}
    return EdgeResponse(416, HeaderFields(fields))


def _single(headers: HeaderFields, body: bytes, one: _ByteRange) -> EdgeResponse:
    changes = {"content-range": one.content_range(len(body)), "content-length": str(one.end - one.start)}
    return EdgeResponse(206, changed(headers, changes), _body([memoryview(body)[one.start : one.end]]))


def _multiple(headers: HeaderFields, body: bytes, ranges: list[_ByteRange]) -> EdgeResponse:
    """Return a multipart/byteranges response (RFC 9110 section 14.6)."""
    view = memoryview(body)
    pieces = [view[one.start : one.end] for one in ranges]
    boundary = next(
        text for text in _boundaries(pieces) if all(body.find(text, one.start, one.end) < 0 for one in ranges)
    )
    kind = headers.get("content-type", "")
    kind_line = b"" if not kind or _CONTROL.search(kind) else b"content-type: %s\r\n" % _encoded(kind)
    framed: list[memoryview] = []
    for one, piece in zip(ranges, pieces, strict=True):
        content_range = _encoded(one.content_range(len(body)))
        part_head = b"--%s\r\n%scontent-range: %s\r\n\r\n" % (boundary, kind_line, content_range)
        framed += (memoryview(part_head), piece, memoryview(b"\r\n"))
    framed.append(memoryview(b"--%s--\r\n" % boundary))
    changes = {
        "content-type": f"multipart/byteranges; boundary={boundary.decode('ascii')}",
        "content-length": str(sum(map(len, framed))),
    }
    return EdgeResponse(206, changed(headers, changes, without=("content-range",)), _body(framed))


def _body(views: list[memoryview]) -> bytes | Body:
    """Return a body made of parts of a stored one; a large one is cut from it while it is sent.

    So a client that requests much and reads nothing does not hold a second copy in memory.
    """
    return b"".join(views) if sum(map(len, views)) <= _SLICE else _sliced(views)


async def _sliced(views: list[memoryview]) -> Body:
    for view in views:
        for start in range(0, len(view), _SLICE):
            yield bytes(view[start : start + _SLICE])


def _boundaries(pieces: list[memoryview]) -> Iterator[bytes]:
    """Yield boundaries to try, always the same ones for the same pieces."""
    digest = blake2b(digest_size=20)
    for piece in pieces:
        digest.update(piece)
    while True:
        yield digest.hexdigest().encode("ascii")
        digest.update(b"again")


def _encoded(text: str) -> bytes:
    return text.encode("latin-1", "replace")
