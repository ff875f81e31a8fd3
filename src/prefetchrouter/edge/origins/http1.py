"""HTTP/1.1 with an origin: request heads as bytes, and the fields of a response, checked."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from prefetchrouter.edge.origin_client import OriginRequest
from prefetchrouter.http.header_fields import BYTES_OF_A_TEXT, HeaderFields

OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Fields that concern one connection only (RFC 9110, section 7.6.1)."""

_MOST_KNOWN = 2048
_LONGEST_KNOWN = 128
_NOT_SENT = OF_THE_CONNECTION | {"host", "content-length", "expect"}
_USUALLY_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DIGITS = re.compile(r"[0-9]{1,18}")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[^\x00-\x20\x7f]+")

RawFields = Sequence[tuple[bytes, bytes]]
Fields = dict[str, tuple[str, ...]]
"""The texts of each field, by its name in lower case."""


def request_head(request: OriginRequest, host: str | None) -> bytes:
    """Return the head of a request as bytes, the host first.

    `Expect` is removed: the edge has already sent 100 (Continue). Content-Length is set from the body. Values
    are encoded as Latin-1, which preserves the bytes of a client, or as UTF-8 if they have other characters.

    Args:
        request: The request.
        host: The Host header that the origin gets; None for that of the request.

    Raises:
        ValueError: The target, a name or a value cannot be sent.

    Example:
        >>> headers = HeaderFields({"TE": "trailers", "Host": "shop.example"})
        >>> request_head(OriginRequest("GET", "http", "/", headers), None)
        b'GET / HTTP/1.1\\r\\nhost: shop.example\\r\\n\\r\\n'
    """
    if not _METHOD.fullmatch(request.method):
        raise ValueError("the method is not a token")
    if not _TARGET.fullmatch(request.target):
        raise ValueError("the target holds a space or a control character")
    own = host or request.headers.get("host")
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    if own:
        lines.append(f"host: {own}")
    lines += [f"{name}: {value}" for name, value in request.headers.fields() if name not in _NOT_SENT]
    if request.body is not None:
        length = body_length(request)
        lines.append("transfer-encoding: chunked" if length is None else f"content-length: {length}")
    elif request.method not in _USUALLY_WITHOUT_BODY:
        lines.append("content-length: 0")
    head = "\r\n".join(lines) + "\r\n\r\n"
    if head.count("\n") != len(lines) + 1 or head.count("\r") != len(lines) + 1 or "\0" in head:
        raise ValueError("a header holds a line break")
    try:
        return head.encode("latin-1")
    except UnicodeEncodeError:
        return b"\r\n".join(map(_encoded, lines)) + b"\r\n\r\n"


def _encoded(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def body_length(request: OriginRequest) -> int | None:
    """Return how many bytes the body of a request has; None without a body, or if it is unknown.

    Example:
        >>> body_length(OriginRequest("POST", "http", "/", body=b"four"))
        4
    """
    if isinstance(request.body, bytes):
        return len(request.body)
    announced = request.headers.get("content-length", "")
    return int(announced) if request.body is not None and _DIGITS.fullmatch(announced) else None


class _Known(dict[tuple[bytes, bytes], tuple[str, tuple[str, ...]]]):
    """Decoded fields: the stored responses of an origin share most of theirs."""

    def __missing__(self, pair: tuple[bytes, bytes]) -> tuple[str, tuple[str, ...]]:
        raw_name, raw_value = pair
        if not _NAME.fullmatch(raw_name):
            raise ValueError(f"the name of a header is {raw_name.decode('latin-1')!a}")
        if _CONTROL.search(raw_value):
            raise ValueError(f"the header {raw_name.decode('latin-1')} holds a control character")
        made = sys.intern(raw_name.decode("ascii").lower()), (raw_value.decode("latin-1"),)
        if len(raw_name) + len(raw_value) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[pair] = made
        return made


_known = _Known()


_FOR_ALL = frozenset(
    {"age", "cache-control", "cdn-cache-control", "date", "expires", "pragma", "set-cookie", "vary"}
)
"""End-to-end fields, which no connection option removes (RFC 9110, section 7.6.1): if an origin lists one by
mistake, a private response must not be stored for all clients."""


def answer_fields(raw: RawFields) -> HeaderFields:
    """Return the end-to-end fields of a response, decoded as Latin-1.

    Raises:
        ValueError: A field is invalid.

    Example:
        >>> dict(answer_fields([(b"ETag", b'"1"'), (b"Connection", b"close, X-A"), (b"X-A", b"1")]))
        {'etag': '"1"'}
    """
    return end_to_end(*read_fields(raw))


def read_fields(raw: RawFields) -> tuple[Fields, int]:
    """Return all fields of a response by name, and the size of the texts that no other response shares.

    Raises:
        ValueError: A field is invalid.
    """
    fields: Fields = {}
    own_bytes = 0
    for pair in raw:
        known = _known.get(pair)
        if known is None:
            known = _known[pair]
            own_bytes += len(pair[1]) + BYTES_OF_A_TEXT
        name, values = known
        fields[name] = fields[name] + values if name in fields else values
    return fields, own_bytes


def end_to_end(fields: Fields, own_bytes: int) -> HeaderFields:
    """Return the end-to-end fields.

    Args:
        fields: The fields by name; the result takes ownership.
        own_bytes: The size of the texts that no other headers share.
    """
    gone = OF_THE_CONNECTION
    if "connection" in fields:
        gone = gone.union(_connection_options(fields) - _FOR_ALL)
    for name in gone.intersection(fields):
        del fields[name]
    headers = HeaderFields.of(fields)
    headers.own_bytes = own_bytes
    return headers


def _connection_options(fields: Fields) -> set[str]:
    return {part.lower() for part in _parts(fields, "connection")}


def _parts(fields: Fields, name: str) -> list[str]:
    return [part.strip(" \t") for text in fields.get(name, ()) for part in text.split(",")]


def is_kept_alive(fields: Fields, *, is_http_1_1: bool) -> bool:
    """Return whether a connection stays open after a response.

    Args:
        fields: The fields of the response.
        is_http_1_1: Whether its version is HTTP/1.1, else HTTP/1.0.

    Source:
        RFC 9112, section 9.3.

    Example:
        >>> [is_kept_alive({}, is_http_1_1=new) for new in (True, False)]
        [True, False]
    """
    if "connection" not in fields:
        return is_http_1_1
    options = _connection_options(fields)
    return "close" not in options and (is_http_1_1 or "keep-alive" in options)


def check_framing(fields: Fields, *, is_http_1_1: bool) -> None:
    """Check that the framing of a body is unambiguous.

    Args:
        fields: The fields of the response.
        is_http_1_1: Whether its version is HTTP/1.1, else HTTP/1.0.

    Raises:
        ValueError: They contradict each other.

    Source:
        RFC 9112, section 6.3.

    Example:
        >>> check_framing({"content-length": ("5", "6")}, is_http_1_1=True)
        Traceback (most recent call last):
        ValueError: Content-Length is 5, 6
    """
    lengths = _parts(fields, "content-length")
    codings = _parts(fields, "transfer-encoding")
    if lengths and codings:
        raise ValueError("both Content-Length and Transfer-Encoding are there")
    if len(set(lengths)) > 1 or not all(_DIGITS.fullmatch(length) for length in lengths):
        raise ValueError(f"Content-Length is {', '.join(lengths)}")
    if codings and (not is_http_1_1 or [coding.lower() for coding in codings] != ["chunked"]):
        version = "1.1" if is_http_1_1 else "1.0"
        raise ValueError(f"Transfer-Encoding is {', '.join(codings)} in HTTP/{version}")
