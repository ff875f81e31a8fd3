"""Requests and responses as rules see them; with `HeaderFields`, and `Fact` values beside requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote

from prefetchrouter.errors import shown
from prefetchrouter.http.header_fields import HeaderFields as HeaderFields
from prefetchrouter.http.header_fields import check_headers, header_fields, invalid
from prefetchrouter.http.named_facts import Fact as Fact
from prefetchrouter.http.named_facts import checked_facts, unknown_facts
from prefetchrouter.http.request_target import (
    RequestTarget,
    TargetRefusal,
    as_browsers_write,
    canonical_target,
)
from prefetchrouter.rules.header_syntax import NAME_EXPECTED, bad_in_name, bad_in_value
from prefetchrouter.rules.node import FrozenDict

_URL = re.compile(
    r"(?:(https?)://(?:[^/?#@\s]*@)?([^/?#@\s]*))?(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.I | re.S
)
_HOST = re.compile(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")
_PRINTABLE = "".join(map(chr, range(33, 127)))
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Response:
    """What an origin or cache answered; response conditions ask about it.

    Args:
        status: The status code.
        headers: Its headers; a name may have a list of texts.

    Raises:
        RequestError: The status is not a number of three digits, or a header is not valid.

    Example:
        >>> Response(404, {"Content-Type": "text/html"}).headers["content-type"]
        'text/html'
    """

    status: int = 200
    headers: Mapping[str, str | Sequence[str]] | HeaderFields = field(default_factory=HeaderFields)

    def __post_init__(self) -> None:
        if type(self.status) is not int or not 100 <= self.status <= 999:
            raise invalid(f"{shown(self.status)} is not a status code", expected="a number such as 200")
        if type(self.headers) is not HeaderFields:
            object.__setattr__(self, "headers", header_fields(self.headers))

    @property
    def fields(self) -> HeaderFields:
        """The headers."""
        assert isinstance(self.headers, HeaderFields)
        return self.headers


@dataclass(frozen=True)
class Request:
    """One request, with all that a rule may ask about.

    Args:
        url: An address such as ``"https://shop.example/pages/1?x=2"``, or only path and query, which are then
            sent over HTTPS to the first hostname of the site (``localhost`` when no property names any).
            Spaces and characters outside ASCII are percent-encoded, as a browser does, and a fragment is
            dropped; then path and query are brought into the canonical form of docs/urls.md. Nothing is
            resolved: what no edge takes, such as ``/a/../b``, has a `refusal`.
        method: The HTTP method; in upper case afterwards.
        headers: Request headers; names ignore case. ``host`` comes from the URL unless given.
        cookies: Cookies by name, besides those of a ``cookie`` header.
        facts: What cannot be read from these: ``{"device.is_smartphone": True, "location.country": "DE",
            "request.client_ip": "203.0.113.9", "random": 7}``. Numbers and booleans count as their text.
        response: The response, where there is one; without, response conditions are not decided.
        unknown: Facts that may have any value unless given, such as ``"location.country"``, ``"device.*"`` or
            ``"*"`` for all. Every other missing fact is simply absent, as when a client does not send it.

    Raises:
        RequestError: The URL, a name or a value cannot be one.

    Example:
        >>> page = Request("https://shop.example/pages/1?x=2#top", headers={"Accept": "text/html"})
        >>> page.host, page.path, page.query, page.headers["accept"]
        ('shop.example', '/pages/1', 'x=2', 'text/html')
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=FrozenDict)
    cookies: Mapping[str, str] = field(default_factory=FrozenDict)
    facts: Mapping[str, Fact] = field(default_factory=FrozenDict)
    response: Response | None = None
    unknown: tuple[str, ...] = ()

    scheme: str = field(init=False, repr=False, compare=False)
    """``"http"`` or ``"https"``."""
    host: str | None = field(init=False, repr=False, compare=False)
    """The host, with its port unless that is the scheme's own, or None if only a path was given."""
    path: str = field(init=False, repr=False, compare=False)
    """The path in canonical form, as origins and cache keys have it."""
    query: str = field(init=False, repr=False, compare=False)
    """The query in canonical form without its question mark, empty if there is none."""
    refusal: TargetRefusal | None = field(init=False, repr=False, compare=False)
    """Why the request is answered with 400 before rules are evaluated, or None if it is not."""

    def __post_init__(self) -> None:
        own = self.__dict__
        own["scheme"], own["host"], path, query = _split(self.url)
        target = canonical_target(path, query)
        if isinstance(target, RequestTarget):
            own["path"], own["query"], own["refusal"] = target.path, target.query, None
        else:
            own["path"], own["query"] = quote(path, safe=_PRINTABLE), quote(query, safe=_PRINTABLE)
            own["refusal"] = target
        if self.method != "GET":
            own["method"] = _method(self.method)
        if _is_given(self.headers):
            headers = {name.lower(): value for name, value in _texts(self.headers, "header")}
            check_headers(self.headers.items())
            own["headers"] = FrozenDict(headers)
        if _is_given(self.cookies) or "cookie" in self.headers:
            given = dict(_texts(self.cookies, "cookie"))
            for name, value in given.items():
                _check_cookie(name, value)
            own["cookies"] = FrozenDict({**cookies_in(self.headers), **given})
            if given:
                pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
                own["headers"] = FrozenDict({**self.headers, "cookie": pairs})
        if _is_given(self.facts):
            own["facts"] = checked_facts(self.facts)
        if self.response is not None and not isinstance(self.response, Response):
            raise invalid(f"{shown(self.response)} is not a response", expected="Response(status, headers)")
        if self.unknown != ():
            own["unknown"] = unknown_facts(self.unknown)

    @classmethod
    def from_parts(
        cls,
        scheme: str,
        host: str,
        target: RequestTarget,
        method: str,
        headers: FrozenDict[str, str],
        facts: FrozenDict[str, str],
    ) -> Self:
        """Return a request of parts that are known to be valid: nothing is parsed or checked again.

        Args:
            scheme: The scheme.
            host: The host in lower case, without the scheme's own port.
            target: Path and query in canonical form.
            method: The method in upper case.
            headers: The headers by their names in lower case.
            facts: The facts, each as text (`checked_facts`).

        Example:
            >>> from prefetchrouter.http.request_target import RequestTarget
            >>> from prefetchrouter.rules.node import FrozenDict
            >>> target = RequestTarget("/pages/1", "x=2")
            >>> made = Request.from_parts("https", "shop.example", target, "GET", FrozenDict(), FrozenDict())
            >>> made == Request("https://shop.example/pages/1?x=2")
            True
        """
        path, query = target
        request = cls.__new__(cls)
        request.__dict__.update(
            url=f"{scheme}://{host}{path}?{query}" if query else f"{scheme}://{host}{path}",
            method=method,
            headers=headers,
            cookies=FrozenDict(cookies_in(headers)) if "cookie" in headers else _NOTHING,
            facts=facts,
            response=None,
            unknown=(),
            scheme=scheme,
            host=host,
            path=path,
            query=query,
            refusal=None,
        )
        return request

    def with_response(self, response: Response | None) -> Self:
        """Return the same request with a response, or without one.

        Example:
            >>> Request("/a").with_response(Response(404)) == Request("/a", response=Response(404))
            True
        """
        request = type(self).__new__(type(self))
        request.__dict__.update(self.__dict__, response=response)
        return request


_NOTHING: FrozenDict[str, str] = FrozenDict()


def _is_given(mapping: object) -> bool:
    return bool(mapping) or type(mapping) is not FrozenDict


def _method(method: object) -> str:
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        raise invalid(f"{shown(method)} is not a method", expected='a method such as "GET"')
    return method.upper()


def _split(url: object) -> tuple[str, str | None, str, str]:
    if not isinstance(url, str):
        raise invalid(f"{shown(url)} is not a URL", expected="text")
    parts = _URL.fullmatch(url)
    if parts is None or (parts[2] is None and parts[3] is None):
        raise invalid(
            f"{shown(url)} is not a URL", expected='one such as "https://shop.example/pages/1", or "/pages/1"'
        )
    scheme, host, path, query = parts.groups()
    scheme = scheme.lower() if scheme else "https"
    if host is not None:
        host = host.lower()
        if not _HOST.fullmatch(host):
            hint = None if host.isascii() else "write it in its ASCII form, which begins with xn--"
            raise invalid(f"{shown(url)}: {shown(host)} is not a host", expected="a host name", hint=hint)
        host = host.removesuffix(_DEFAULT_PORTS[scheme]).removesuffix(":")
    return scheme, host, _wire(path) if path else "/", _wire(query) if query else ""


def _wire(text: str) -> str:
    try:
        return as_browsers_write(text)
    except UnicodeEncodeError:
        raise invalid(f"{shown(text)} holds half of a surrogate pair", expected="a URL") from None


def _texts(mapping: object, kind: str) -> Iterator[tuple[str, str]]:
    if not isinstance(mapping, Mapping):
        raise invalid(f"{shown(mapping)}", expected=f"a mapping of {kind} names to text")
    for name, value in mapping.items():
        if not isinstance(name, str) or not name:
            raise invalid(f"{shown(name)} is not the name of a {kind}", expected="text")
        if not isinstance(value, str):
            raise invalid(f"{kind} {shown(name)}: {shown(value)}", expected="text")
        yield name, value


def _check_cookie(name: str, value: str) -> None:
    """Refuse a cookie that cannot be written in a header: its parts end at ``;``, its name at ``=``."""
    bad = bad_in_name(name)
    if bad is not None:
        raise invalid(f"cookie {shown(name)} is not a cookie name: it holds {bad!a}", expected=NAME_EXPECTED)
    bad = bad_in_value(value) or (";" if ";" in value else None)
    if bad is not None:
        raise invalid(f"cookie {shown(name)}: {shown(value)} holds {bad!a}", expected='text without ";"')


def cookies_in(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies of a request's headers; of two with one name the first.

    Args:
        headers: The headers by their names in lower case.

    Example:
        >>> cookies_in({"cookie": "a=1; b=x=y; a=2; c"})
        {'a': '1', 'b': 'x=y'}
    """
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    cookies: dict[str, str] = {}
    for name, found, value in pairs:
        if found and name:
            cookies.setdefault(name, value)
    return cookies
