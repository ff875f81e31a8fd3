"""Which requests are accepted: valid ones, with one possible meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prefetchrouter.edge.clients.request_body import Receive, RequestBody
from prefetchrouter.edge.hosts import UNKNOWN_HOST, SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.request_target import RequestTarget, TargetRefusal, canonical_target

_TOKEN = re.compile(r"[A-Z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
WEBSOCKET = "WebSocket connections are not supported; connect to the origin itself"
"""Why a WebSocket handshake is refused: a page in its place would only confuse the client that waits for it,
such as the live reload of a development server."""

_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAMES: dict[bytes, str] = {}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused.

    Args:
        status: The status code of the error response.
        reason: Why, in one line.
        hint: What the user of `serve` can do about it; it is not sent to clients.
    """

    status: int
    reason: str
    hint: str = ""


def admit(
    scope: Mapping[str, Any], receive: Receive, *, site: SiteIdentity, limits: Limits
) -> EdgeRequest | Refusal:
    """Return the request of an ASGI scope, or why it is refused.

    Args:
        scope: The ASGI scope, with header names in lower case and `raw_path` as received.
        receive: Receives the body; called only when the body is read.
        site: Scheme and host as rules see them.
        limits: How large and how slow the body may be.

    Source: RFC 9112, sections 3.2 and 6.3; RFC 9110, sections 7.4 and 7.8.

    Example:
        >>> scope = {"method": "GET", "http_version": "1.1", "client": None, "query_string": b"x=1",
        ...          "raw_path": b"/pages/1", "headers": [(b"host", b"Shop.Example:443")]}
        >>> async def receive(): ...
        >>> admit(scope, receive, site=SiteIdentity(), limits=Limits()).url
        'https://shop.example/pages/1?x=1'
        >>> admit({**scope, "headers": []}, receive, site=SiteIdentity(), limits=Limits())
        Refusal(status=400, reason='missing Host header', hint='')
    """
    version: str = scope["http_version"]
    target = _request_line(scope)
    if isinstance(target, Refusal):
        return target
    fields = _fields(scope["headers"])
    if fields is None:
        return Refusal(400, "a header contains a control character")
    host = _host(fields.get("host", ()), scope, site)
    if isinstance(host, Refusal):
        return host
    host_header = fields["host"][0] if "host" in fields else ""
    fields["host"] = (host,)
    if "upgrade" in fields and _is_websocket_handshake(fields):
        return Refusal(501, WEBSOCKET)
    body = _body(fields, version, receive, limits)
    if isinstance(body, Refusal):
        return body
    client = scope["client"]
    return EdgeRequest(
        scope["method"],
        site.scheme,
        host,
        target.path,
        target.query,
        HeaderFields.of(fields),
        client[0] if client else "",
        body,
        version,
        host_header,
    )


def refused_request(scope: Mapping[str, Any], site: SiteIdentity) -> EdgeRequest:
    """Return a refused request for the log, as far as it can be read; unprintable text is escaped.

    Example:
        >>> scope = {"method": "GET", "client": None, "query_string": b"", "raw_path": b"/a\\x1b",
        ...          "headers": [(b"host", b"a"), (b"host", b"b")]}
        >>> refused_request(scope, SiteIdentity()).url
        'https://a, b/a\\\\x1b'
    """
    fields = HeaderFields([(_escaped(name), _escaped(value)) for name, value in scope["headers"]])
    return EdgeRequest(
        method=scope["method"],
        scheme=site.scheme,
        host=fields.get("host", ""),
        path=_escaped(scope["raw_path"]),
        query=_escaped(scope["query_string"]),
        headers=fields,
        client=scope["client"][0] if scope["client"] else "",
        version=scope.get("http_version", "1.1"),
    )


def _escaped(raw: bytes) -> str:
    text = raw.decode("latin-1")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isascii() and c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _request_line(scope: Mapping[str, Any]) -> RequestTarget | Refusal:
    """Return the canonical target of a request whose method and version are supported."""
    method: str = scope["method"]
    if method not in _METHODS and (refusal := _unknown_method(method)):
        return refusal
    if scope["http_version"] != "1.1" and scope["http_version"] != "1.0":
        return Refusal(505, "only HTTP/1.1 and HTTP/1.0 are supported")
    target = canonical_target(scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1"))
    return Refusal(400, target.message) if isinstance(target, TargetRefusal) else target


def _unknown_method(method: str) -> Refusal | None:
    if not _TOKEN.fullmatch(method):
        return Refusal(400, "invalid method")
    if method in ("CONNECT", "TRACE"):
        return Refusal(501, f"{method} is not supported")
    return None


def _host(hosts: tuple[str, ...], scope: Mapping[str, Any], site: SiteIdentity) -> str | Refusal:
    """Return the host as rules see it; HTTP/1.0, which health checks still use, may omit it."""
    if len(hosts) > 1:
        return Refusal(400, "more than one Host header")
    if not hosts or (not hosts[0] and scope["http_version"] == "1.0"):
        if scope["http_version"] == "1.0":
            return site.default_host
        return Refusal(400, "missing Host header")
    server = scope.get("server")
    host = site.host_for(hosts[0], server[0] if server else "")
    if host is None:
        return Refusal(400, "invalid Host header")
    if host is UNKNOWN_HOST:
        name = hosts[0].strip(" \t").lower()
        return Refusal(
            421,
            f"{name} is not a hostname of this site",
            "add it to the hostnames of the property, or start with --alias NAME",
        )
    return host


def _is_websocket_handshake(fields: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a request asks to become a WebSocket; other upgrades are ignored, as HTTP allows."""
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


def _body(
    fields: Mapping[str, tuple[str, ...]], version: str, receive: Receive, limits: Limits
) -> RequestBody | Refusal | None:
    if "content-length" not in fields and "transfer-encoding" not in fields:
        return None
    length = _length(fields, version)
    if isinstance(length, Refusal):
        return length
    if length is not None and length > limits.request_body_bytes:
        return Refusal(413, f"the request body is larger than {limits.request_body_bytes} bytes")
    if length == 0:
        return None
    return RequestBody(receive, most=limits.request_body_bytes, seconds=limits.request_body_seconds)


def _length(fields: Mapping[str, tuple[str, ...]], version: str) -> int | Refusal | None:
    """Return the length of the body, None for a chunked one.

    A request that states its length twice is refused: a proxy in front may have believed the other statement
    (request smuggling).
    """
    lengths = fields.get("content-length", ())
    codings = fields.get("transfer-encoding", ())
    if lengths and codings:
        return Refusal(400, "both Content-Length and Transfer-Encoding are present")
    if codings:
        if version == "1.0":
            return Refusal(400, "HTTP/1.0 does not allow Transfer-Encoding")
        if len(codings) != 1 or codings[0].strip(" \t").lower() != "chunked":
            return Refusal(501, "the only supported Transfer-Encoding is chunked")
        return None
    length = lengths[0].strip(" \t")
    if len(lengths) != 1 or not length.isdecimal() or not length.isascii() or len(length) > 18:
        return Refusal(400, "invalid Content-Length")
    return int(length)
