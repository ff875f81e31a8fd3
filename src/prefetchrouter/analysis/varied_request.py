"""A request with one value changed: its path, its method, a header, a cookie, a parameter, a fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import quote

from prefetchrouter.analysis.tested_values import ValueToTry
from prefetchrouter.errors import RequestError
from prefetchrouter.http.message import Fact, Request

T = TypeVar("T")

_IN_NAMES = {"http_": "request.header", "cookie_": "request.cookie", "arg_": "request.query"}


@dataclass(frozen=True)
class _Parts:
    """A request in parts, each of which can be replaced."""

    scheme: str
    host: str
    path: str
    query: tuple[str, ...]
    method: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> _Parts:
        query = tuple(request.query.split("&")) if request.query else ()
        headers = {name: value for name, value in request.headers.items() if name != "cookie"}
        host = request.host or "localhost"
        return cls(
            request.scheme, host, request.path, query, request.method, headers, request.cookies, request.facts
        )

    def request(self) -> Request:
        query = "&".join(self.query)
        address = f"{self.scheme}://{self.host}{self.path}{'?' if query else ''}{query}"
        return Request(address, self.method, self.headers, self.cookies, self.facts)


def varied(request: Request, tested: ValueToTry) -> Request | None:
    """Return a request with another value of a variable, or None if no request has it.

    Example:
        >>> from prefetchrouter.rules.conditions import Variable
        >>> beta = ValueToTry(Variable("request.header", "x-beta"), "1")
        >>> varied(Request("/a"), beta).headers["x-beta"]
        '1'
    """
    try:
        parts = _varied(
            _Parts.of(request), tested.variable.namespace, str(tested.variable.name), tested.value
        )
        return None if parts is None else parts.request()
    except (RequestError, UnicodeEncodeError):
        return None


def _varied(parts: _Parts, namespace: str, name: str, value: str | None) -> _Parts | None:
    if namespace == "variable":
        prefix = next((prefix for prefix in _IN_NAMES if name.startswith(prefix)), None)
        if name in ("host", "http_host"):
            return None if value is None else replace(parts, host=value)
        if prefix is not None:
            inner = name.removeprefix(prefix)
            return _varied(
                parts, _IN_NAMES[prefix], inner.replace("_", "-") if prefix == "http_" else inner, value
            )
        if name in ("query_string", "request_uri", "uri"):
            namespace, name = "request", "querystring" if name == "query_string" else "path"
    match namespace:
        case "request":
            return _of_request(parts, name, value)
        case "request.header":
            return replace(parts, headers=_with(parts.headers, name.lower(), value))
        case "request.cookie":
            return replace(parts, cookies=_with(parts.cookies, name, value))
        case "request.query" | "request.origin_query":
            kept = tuple(each for each in parts.query if each.partition("=")[0] != quote(name, safe=""))
            added = () if value is None else (f"{quote(name, safe='')}={quote(value, safe='')}",)
            return replace(parts, query=(*added, *kept))
        case "request.path":
            return None if value is None else replace(parts, path=_path_with(name, value))
        case "response" | "response.header":
            return None
        case "random":
            return replace(parts, facts=_with(parts.facts, "random", value))
        case _:
            return replace(parts, facts=_with(parts.facts, f"{namespace}.{name}", value))


def _of_request(parts: _Parts, name: str, value: str | None) -> _Parts | None:
    match name:
        case _ if value is None and name not in ("client_ip", "pop_code", "referring_domain"):
            return None
        case "path" | "origin_path" if value is not None:
            path, mark, query = value.partition("?")
            rooted = path if path.startswith("/") else f"/x{path}" if path[:1] == "." else f"/{path}"
            return replace(
                parts,
                path=quote(rooted, safe="/%:@!$&'()*+,;=~-._?"),
                query=(query,) if mark else parts.query,
            )
        case "method" if value is not None:
            return replace(parts, method=value)
        case "scheme" if value is not None:
            return replace(parts, scheme=value.lower())
        case "querystring" | "origin_query_string" if value is not None:
            return replace(parts, query=(value,) if value else ())
        case _:
            return replace(parts, facts=_with(parts.facts, f"request.{name}", value))


def _with(known: Mapping[str, T], name: str, value: T | None) -> dict[str, T]:
    rest = {each: known[each] for each in known if each != name}
    return rest if value is None else {**rest, name: value}


def _path_with(name: str, value: str) -> str:
    match name:
        case "extension":
            return f"/x.{value.removeprefix('.')}"
        case "directory":
            return f"/{value.strip('/')}/x".replace("//", "/")
        case _:
            return f"/{value.removeprefix('/')}"
