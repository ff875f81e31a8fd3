"""Header fields between the edge and an origin: what is sent, and what of an answer is believed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prefetchrouter.edge.message import OriginRequest
from prefetchrouter.http import HeaderFields

OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Fields that concern one connection only (RFC 9110, section 7.6.1)."""

_NOT_SENT = OF_THE_CONNECTION | {"host", "content-length", "expect"}
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DIGITS = re.compile(r"[0-9]{1,18}")

RawFields = Sequence[tuple[bytes, bytes]]


def request_fields(request: OriginRequest, host: str | None) -> list[tuple[str, str]]:
    """Return the fields that go out with a request, the host first.

    `Expect` stays behind: the edge has already told the client to go on. The length is told anew, so that it
    is that of the body.

    Args:
        request: The request.
        host: The Host header that the origin gets; None for the request's own.

    Example:
        >>> headers = HeaderFields({"TE": "trailers", "Host": "shop.example"})
        >>> request_fields(OriginRequest("GET", "http", "/", headers), None)
        [('host', 'shop.example')]
    """
    own = host or request.headers.get("host")
    fields = [("host", own)] if own else []
    fields += [(name, value) for name, value in request.headers.fields() if name not in _NOT_SENT]
    length = body_length(request)
    if length is not None:
        fields.append(("content-length", str(length)))
    return [(name, _as_utf8(value)) for name, value in fields]


def _as_utf8(value: str) -> str:
    """Return the text whose bytes in UTF-8 are those of this one in Latin-1, where there is one.

    The client library writes UTF-8.
    """
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def body_length(request: OriginRequest) -> int | None:
    """Return how many bytes the body of a request has; None without a body, or when that is not known.

    Example:
        >>> body_length(OriginRequest("POST", "http", "/", body=b"four"))
        4
    """
    if isinstance(request.body, bytes):
        return len(request.body)
    told = request.headers.get("content-length", "")
    return int(told) if request.body is not None and _DIGITS.fullmatch(told) else None


def answer_fields(raw: RawFields) -> HeaderFields:
    """Return the fields of an answer without those of the connection; bytes are read as Latin-1.

    Raises:
        ValueError: A field is none.

    Example:
        >>> dict(answer_fields([(b"ETag", b'"1"'), (b"Connection", b"close, X-A"), (b"X-A", b"1")]))
        {'etag': '"1"'}
    """
    fields = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw]
    for name, value in raw:
        if not _NAME.fullmatch(name):
            raise ValueError(f"the name of a header is {name.decode('latin-1')!a}")
        if _CONTROL.search(value):
            raise ValueError(f"the header {name.decode('latin-1')} holds a control character")
    named = {
        part.strip().lower() for name, value in fields if name == "connection" for part in value.split(",")
    }
    gone = OF_THE_CONNECTION | named
    return HeaderFields([(name, value) for name, value in fields if name not in gone])


def check_framing(raw: RawFields, http: tuple[int, int]) -> None:
    """Make sure that only one thing is said about where the body ends.

    Args:
        raw: The fields of the answer.
        http: The version of HTTP that it came in.

    Raises:
        ValueError: They contradict each other.

    Source:
        RFC 9112, section 6.3.

    Example:
        >>> check_framing([(b"Content-Length", b"5"), (b"Content-Length", b"6")], (1, 1))
        Traceback (most recent call last):
        ValueError: Content-Length is 5, 6
    """
    lengths = _texts(raw, b"content-length")
    codings = _texts(raw, b"transfer-encoding")
    if lengths and codings:
        raise ValueError("both Content-Length and Transfer-Encoding are there")
    if len(set(lengths)) > 1 or not all(_DIGITS.fullmatch(length) for length in lengths):
        raise ValueError(f"Content-Length is {', '.join(lengths)}")
    if codings and (http < (1, 1) or [coding.lower() for coding in codings] != ["chunked"]):
        raise ValueError(f"Transfer-Encoding is {', '.join(codings)} in HTTP/{http[0]}.{http[1]}")


def _texts(raw: RawFields, wanted: bytes) -> list[str]:
    return [
        part.strip()
        for name, value in raw
        if name.lower() == wanted
        for part in value.decode("latin-1").split(",")
    ]
