"""The values of feature variables, such as `host` or `geo_country`, for one request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TypeAlias
from urllib.parse import urlsplit

from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.templates import expand
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.request_target import parameter_name

Read: TypeAlias = Callable[[RequestContext], str | None]

_NOT_A_NAME = re.compile(r"[^a-z0-9_]")

_LOCATION = {
    "geo_city": "city",
    "geo_continent": "continent",
    "geo_country": "country",
    "geo_dma_code": "dma_code",
    "geo_latitude": "latitude",
    "geo_longitude": "longitude",
    "geo_metro_code": "metro_code",
    "geo_postal_code": "postal_code",
    "geo_region": "region_code",
    "country_code": "country",
    "virt_dst_continent": "continent",
    "virt_dst_country": "country",
}
_OTHER_FACTS = {
    "virt_dst_addr": "request.client_ip",
    "popcode": "request.pop_code",
    "virt_ssl_client_verify": "mtls.client_certificate_verified",
    "geo_asnum": "location.asn",
    "virt_dst_asnum": "location.asn",
}


def value(name: str, context: RequestContext) -> str | None:
    """Return the value of a feature variable, or None if there is none or it is not known.

    Args:
        name: The name in lower case, such as ``"http_accept"``.
        context: The request.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> value("normalized_uri", RequestContext(Request("https://shop.example/%61/b?x=1")))
        '/a/b?x=1'
    """
    given = context.facts.get(f"variable.{name}")
    return given if given is not None else _read(name)[0](context)


def filled(template: str, context: RequestContext, headers: HeaderFields | None = None) -> str:
    """Return a feature's text with its variables filled in.

    Args:
        template: The text.
        context: The request.
        headers: What ``%{resp_...}`` reads; by default the headers of the request's response.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> filled("https://%{host}%{normalized_uri}", RequestContext(Request("http://shop.example/a")))
        'https://shop.example/a'
    """

    def look_up(name: str) -> str | None:
        if headers is not None and name.startswith("resp_"):
            return _named(headers, name[5:])
        return value(name, context)

    return expand(template, look_up)


def facts_of(name: str) -> tuple[str, ...]:
    """Return the facts that a variable is read from and that a request may declare unknown.

    Example:
        >>> facts_of("geo_city"), facts_of("host")
        (('location.city', 'variable.geo_city'), ())
    """
    fact = _read(name)[1]
    if fact is None:
        return ()
    own = f"variable.{name}"
    return (own,) if fact in ("", own) else (fact, own)


def is_late(name: str) -> bool:
    """Return whether a variable is known only once there is a response.

    Example:
        >>> is_late("resp_vary"), is_late("http_accept")
        (True, False)
    """
    return name in ("status", "content_length", "cache_status") or name.startswith("resp_")


@lru_cache(maxsize=1024)
def _read(name: str) -> tuple[Read, str | None]:
    """Return how a variable is read, and from which fact: "" for its own name, None for the URL."""
    if name in _BY_NAME:
        return _BY_NAME[name], "request.header.referer" if name == "referring_domain" else None
    if name in _LOCATION:
        fact = f"location.{_LOCATION[name]}"
        return partial(_place, fact), fact
    if name in _OTHER_FACTS:
        fact = _OTHER_FACTS[name]
        return partial(_network if "asnum" in name else _fact, fact), fact
    start, _, rest = name.partition("_")
    match start:
        case "http":
            return lambda context: _named(context.headers, rest), f"request.header.{rest.replace('_', '-')}"
        case "cookie":
            return lambda context: _named(context.request.cookies, rest), f"request.cookie.{rest}"
        case "arg":
            return lambda context: _named(_encoded_parameters(context.query), rest), None
        case "resp":
            return lambda context: _named(context.response_headers, rest), None
        case "wurfl":
            fact = f"device.{rest.partition('_')[2]}"
            return partial(_fact, fact), fact
        case _:
            return lambda context: None, ""


def _fact(name: str, context: RequestContext) -> str | None:
    return context.facts.get(name)


def _place(name: str, context: RequestContext) -> str | None:
    found = context.facts.get(name)
    return None if found == "?" else found


def _network(name: str, context: RequestContext) -> str | None:
    number = _place(name, context)
    return number and f"AS{number}"


def _named(values: Mapping[str, str], name: str) -> str | None:
    """Return the value of this name, once all but letters and digits is replaced by _."""
    found = values.get(name)
    if found is None:
        found = next((value for key, value in values.items() if normalized_name(key) == name), None)
    return found


def normalized_name(name: str) -> str:
    """Return the name of a header, cookie or parameter as feature variables spell it.

    Example:
        >>> normalized_name("X-Forwarded.For")
        'x_forwarded_for'
    """
    return _NOT_A_NAME.sub("_", name.lower())


def _encoded_parameters(query: str) -> dict[str, str]:
    """Return the first value of each parameter, still encoded: it becomes part of URLs and headers."""
    found: dict[str, str] = {}
    for part in query.split("&"):
        found.setdefault(parameter_name(part), part.partition("=")[2])
    return found


def _host(context: RequestContext) -> str:
    host = context.headers.get("host", context.host)
    return re.sub(r":[0-9]+$", "", host)


def _referring_domain(context: RequestContext) -> str | None:
    given = context.facts.get("request.referring_domain")
    referer = context.headers.get("referer")
    if given is not None or not referer:
        return given
    try:
        return urlsplit(referer).hostname
    except ValueError:
        return None


def _request_uri(context: RequestContext) -> str:
    return with_query(context.uri, context.query)


def with_query(path: str, query: str) -> str:
    """Return path and query in one.

    Example:
        >>> with_query("/a", "x=1"), with_query("/a", "")
        ('/a?x=1', '/a')
    """
    return f"{path}?{query}" if query else path


_BY_NAME: dict[str, Read] = {
    "host": _host,
    "http_host": lambda context: context.headers.get("host", context.host),
    "scheme": lambda context: context.scheme,
    "path": lambda context: context.origin_uri,
    "uri": lambda context: context.uri,
    "request_uri": _request_uri,
    "query_string": lambda context: context.query,
    "is_args": lambda context: "?" if context.query else "",
    "is_amp": lambda context: "&" if context.query else "",
    "normalized_path": lambda context: context.uri,
    "normalized_query": lambda context: context.query,
    "normalized_uri": _request_uri,
    "referring_domain": _referring_domain,
    "request_method": lambda context: context.method,
    "request_protocol": lambda context: "HTTP/1.1",
    "request": lambda context: f"{context.method} {_request_uri(context)} HTTP/1.1",
    "status": lambda context: str(context.response.status) if context.response else None,
    "content_length": lambda context: context.response_headers.get("content-length"),
}
