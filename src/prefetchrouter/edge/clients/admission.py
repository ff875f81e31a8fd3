"""Which requests are taken, and what they are then: sound, and with one meaning only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prefetchrouter.edge.clients.request_body import Receive, RequestBody
from prefetchrouter.edge.hosts import UNKNOWN, Presented
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.request_target import TargetRefusal, canonical_target

_TOKEN = re.compile(r"[A-Z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
WEBSOCKET = "WebSocket connections are not supported; connect to the origin itself"
"""Why a request that wants to become a WebSocket is refused: an edge that answers it with a page would only
confuse whoever waits for one, such as the live reload of a development server."""

_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAMES: dict[bytes, str] = {}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken.

    Args:
        status: The status code of the answer.
        reason: Why, in one line.
        hint: What the user of `serve` can do about it; clients are not told.
    """

    status: int
    reason: str
    hint: str = ""


def admit(
    scope: Mapping[str, Any], receive: Receive, *, presented: Presented, limits: Limits
) -> EdgeRequest | Refusal:
    """Return the request of an ASGI scope, or why it is not taken.

    Args:
        scope: The ASGI scope, with header names in lower case and `raw_path` as it is on the wire.
        receive: Gives the body; it is called when somebody reads it.
        presented: What rules are to see as scheme and host.
        limits: Those of the body are meant.

    Source: RFC 9112, sections 3.2 and 6.3; RFC 9110, sections 7.4 and 7.8.

    Example:
        >>> scope = {"method": "GET", "http_version": "1.1", "client": None, "query_string": b"x=1",
        ...          "raw_path": b"/pages/1", "headers": [(b"host", b"Shop.Example:443")]}
        >>> async def receive(): ...
        >>> admit(scope, receive, presented=Presented(), limits=Limits()).url
        'https://shop.example/pages/1?x=1'
        >>> admit({**scope, "headers": []}, receive, presented=Presented(), limits=Limits())
        Refusal(status=400, reason='there is no Host header', hint='')
    """
    method: str = scope["method"]
    if method not in _METHODS and (refusal := _unknown_method(method)):
        return refusal
    if scope["http_version"] != "1.1" and scope["http_version"] != "1.0":
        return Refusal(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    raw_path: bytes = scope["raw_path"]
    raw_query: bytes = scope["query_string"]
    target = canonical_target(raw_path.decode("latin-1"), raw_query.decode("latin-1"))
    if isinstance(target, TargetRefusal):
        return Refusal(400, target.message)
    fields = _fields(scope["headers"])
    if fields is None:
        return Refusal(400, "a header holds a control character")
    host = _host(fields.get("host", ()), scope, presented)
    if isinstance(host, Refusal):
        return host
    asked_host = fields["host"][0] if "host" in fields else ""
    fields["host"] = (host,)
    if "upgrade" in fields and _asks_for_websocket(fields):
        return Refusal(501, WEBSOCKET)
    body = None
    if "content-length" in fields or "transfer-encoding" in fields:
        length = _length(fields, scope["http_version"])
        if isinstance(length, Refusal):
            return length
        if length is not None and length > limits.request_body_bytes:
            return Refusal(413, f"the body is over {limits.request_body_bytes} bytes")
        if length != 0:
            body = RequestBody(receive, most=limits.request_body_bytes, seconds=limits.request_body_seconds)
    client = scope["client"]
    return EdgeRequest(
        method,
        presented.scheme,
        host,
        target.path,
        target.query,
        HeaderFields.of(fields),
        client[0] if client else "",
        body,
        scope["http_version"],
        asked_host,
    )


def as_heard(scope: Mapping[str, Any], presented: Presented) -> EdgeRequest:
    """Return a request that is not taken as far as it can be told; what cannot be printed is escaped.

    Example:
        >>> scope = {"method": "GET", "client": None, "query_string": b"", "raw_path": b"/a\\x1b",
        ...          "headers": [(b"host", b"a"), (b"host", b"b")]}
        >>> as_heard(scope, Presented()).url
        'https://a, b/a\\\\x1b'
    """
    fields = HeaderFields([(_shown(name), _shown(value)) for name, value in scope["headers"]])
    return EdgeRequest(
        method=scope["method"],
        scheme=presented.scheme,
        host=fields.get("host", ""),
        path=_shown(scope["raw_path"]),
        query=_shown(scope["query_string"]),
        headers=fields,
        client=scope["client"][0] if scope["client"] else "",
        version=scope.get("http_version", "1.1"),
    )


def _shown(raw: bytes) -> str:
    text = raw.decode("latin-1")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isascii() and c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _unknown_method(method: str) -> Refusal | None:
    if not _TOKEN.fullmatch(method):
        return Refusal(400, "the method is none")
    if method in ("CONNECT", "TRACE"):
        return Refusal(501, f"{method} is not done here")
    return None


def _host(hosts: tuple[str, ...], scope: Mapping[str, Any], presented: Presented) -> str | Refusal:
    """Return the host that rules see; HTTP/1.0, which health checks still speak, may leave it out."""
    if len(hosts) > 1:
        return Refusal(400, "there is more than one Host header")
    if not hosts or (not hosts[0] and scope["http_version"] == "1.0"):
        if scope["http_version"] == "1.0":
            return presented.usual_host
        return Refusal(400, "there is no Host header")
    server = scope.get("server")
    host = presented.host_for(hosts[0], server[0] if server else "")
    if host is None:
        return Refusal(400, "invalid Host header")
    if host is UNKNOWN:
        name = hosts[0].strip(" \t").lower()
        return Refusal(
            421,
            f"{name} is not a hostname of this site",
            "add it to the hostnames of the property, or start with --alias NAME",
        )
    return host


def _asks_for_websocket(fields: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a request wants to become a WebSocket; other upgrades are ignored, as HTTP allows."""
    return "websocket" in _tokens(fields["upgrade"]) and "upgrade" in _tokens(fields.get("connection", ()))


def _tokens(values: Iterable[str]) -> set[str]:
    return {part.strip(" \t").lower() for value in values for part in value.split(",")}


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, tuple[str, ...]] | None:
    fields: dict[str, tuple[str, ...]] = {}
    for raw_name, raw_value in headers:
        if raw_value.translate(None, _CONTROLS) != raw_value:
            return None
        name = _NAMES.get(raw_name) or _name(raw_name)
        value = raw_value.decode("latin-1")
        fields[name] = (*fields[name], value) if name in fields else (value,)
    return fields


def _name(raw: bytes) -> str:
    name = raw.decode("latin-1").lower()
    if len(_NAMES) < 1024 and len(raw) < 64:
        _NAMES[raw] = name
    return name


def _length(fields: Mapping[str, tuple[str, ...]], version: str) -> int | Refusal | None:
    """Return the length of the body, or None when its chunks tell."""
    lengths = fields.get("content-length", ())
    codings = fields.get("transfer-encoding", ())
    if lengths and codings:
        return Refusal(400, "there are both content-length and transfer-encoding")
    if codings:
        if version == "1.0":
            return Refusal(400, "HTTP/1.0 has no transfer-encoding")
        if len(codings) != 1 or codings[0].strip(" \t").lower() != "chunked":
            return Refusal(501, "the only transfer-encoding is chunked")
        return None
    length = lengths[0].strip(" \t")
    if len(lengths) != 1 or not length.isdecimal() or not length.isascii() or len(length) > 18:
        return Refusal(400, "the content-length is no number")
    return int(length)
