"""What each reading gives for a request: the words of `prefetchrouter.lowering.readings` as code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote_plus, urlsplit

from prefetchrouter import Request
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.request_target import merged, path_for_rules, query_for_rules
from prefetchrouter.lowering.readings import Reading

Read = Callable[[str], str | None]


@dataclass
class Seen:
    """A request, with the path and query to which rules rewrote it.

    Args:
        request: The request.
        path: The path that the origin gets.
        query: The query that the origin gets.
        host: The host.
        response: Headers and status of the response; None without one.
        shown: The headers that variables of the response read; None for those of the response.
    """

    request: Request
    path: str
    query: str
    host: str
    response: tuple[int, HeaderFields] | None = None
    shown: HeaderFields | None = None


def read(reading: Reading, seen: Seen) -> str | None:
    """Return the text of a reading, or None."""
    for each in reading.all():
        found = _read(each.kind, each.name, seen)
        if found is not None and found != each.empty:
            return each.before + found if found else found
    return reading.missing


def _read(kind: str, name: str, seen: Seen) -> str | None:
    return {**_of_url(seen), **_of_rest(seen)}[kind](name)


def _of_url(seen: Seen) -> dict[str, Read]:
    request = seen.request
    path, uri = path_for_rules(request.path), merged(request.path)
    last = path.rpartition("/")[2]
    whole = f"{uri}?{request.query}" if request.query else uri
    return {
        "path": lambda _: path,
        "origin-path": lambda _: path_for_rules(seen.path),
        "file-name": lambda _: last,
        "extension": lambda _: last.rpartition(".")[2] if "." in last else "",
        "directory": lambda _: path.rpartition("/")[0],
        "uri": lambda _: uri,
        "origin-uri": lambda _: merged(seen.path),
        "request-uri": lambda _: whole,
        "request-line": lambda _: f"{request.method} {whole} HTTP/1.1",
        "protocol": lambda _: "HTTP/1.1",
        "method": lambda _: request.method,
        "scheme": lambda _: request.scheme,
        "upper-scheme": lambda _: request.scheme.upper(),
        "query": lambda _: request.query,
        "is-args": lambda _: "?" if request.query else "",
        "is-amp": lambda _: "&" if request.query else "",
        "rule-query": lambda _: query_for_rules(request.query),
        "rule-origin-query": lambda _: query_for_rules(seen.query),
        "parameter": lambda name: _parameter(seen.query, unquote_plus(name)),
        "encoded-parameter": lambda name: _like(_encoded(request.query), name),
    }


def _of_rest(seen: Seen) -> dict[str, Read]:
    request = seen.request
    facts = cast("Mapping[str, str]", request.facts)
    host = request.headers.get("host", seen.host)
    status, fields = seen.response or (None, HeaderFields())
    return {
        "host": lambda _: re.sub(r":[0-9]+$", "", host),
        "host-and-port": lambda _: host,
        "header": request.headers.get,
        "header-like": lambda name: _like(request.headers, name),
        "cookie": request.cookies.get,
        "cookie-like": lambda name: _like(request.cookies, name),
        "referring-domain": lambda _: _referring(request),
        "client-address": lambda _: facts.get("request.client_ip"),
        "random": lambda name: facts.get(f"random.{name}") or facts.get("random"),
        "status": lambda _: None if status is None else str(status),
        "content-length": lambda _: fields.get("content-length"),
        "response-header-like": lambda name: _like(fields, name),
        "cache-status": lambda _: facts.get("variable.cache_status"),
        "fact": facts.get,
        "platform": lambda _: None,
    }


def _referring(request: Request) -> str | None:
    given, referer = request.facts.get("request.referring_domain"), request.headers.get("referer")
    if given is not None:
        return str(given)
    return urlsplit(referer).hostname if referer else None


def _parameter(query: str, name: str) -> str | None:
    for part in query.split("&"):
        own, _, value = part.partition("=")
        if part and unquote_plus(own) == name:
            return unquote_plus(value)
    return None


def _encoded(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        found.setdefault(unquote_plus(name), value)
    return found


def _like(values: Mapping[str, str], name: str) -> str | None:
    if name in values:
        return values[name]
    return next(
        (text for own, text in values.items() if re.sub(r"[^a-z0-9_]", "_", own.lower()) == name), None
    )
