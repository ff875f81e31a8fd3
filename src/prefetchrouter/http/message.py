"""What is asked of a rule set: a request, and perhaps the response to it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self, TypeAlias, TypeVar, overload
from urllib.parse import quote

from prefetchrouter.errors import RequestError, did_you_mean, shown
from prefetchrouter.http.request_target import (
    Target,
    TargetRefusal,
    as_browsers_write,
    canonical_target,
)
from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.header_syntax import NAME_EXPECTED, bad_in_name, bad_in_value
from prefetchrouter.rules.variables import NAMESPACES, lookup, names_in

Default = TypeVar("Default")
Fact: TypeAlias = str | bool | int | float

_URL = re.compile(
    r"(?:(https?)://(?:[^/?#@\s]*@)?([^/?#@\s]*))?(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.I | re.S
)
_HOST = re.compile(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?")
_PRINTABLE = "".join(map(chr, range(33, 127)))
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

_SETTABLE = ("location", "device", "mtls", "variable", "random")
_SETTABLE_OF_REQUEST = ("client_ip", "pop_code", "referring_domain")


BYTES_OF_A_TEXT = sys.getsizeof("") + sys.getsizeof(("",))
"""What the text of a header takes besides its letters."""


class HeaderFields(Mapping[str, str]):
    """Header fields by name, in order; names ignore case, and one name may have several fields.

    As a mapping it gives the fields of a name joined with a comma (RFC 9110, section 5.3); `all` keeps them
    apart, as ``set-cookie`` needs.

    Args:
        fields: A mapping of names to text or to several texts, or pairs of name and text.

    Raises:
        RequestError: A name or value is not text.

    Example:
        >>> headers = HeaderFields({"Cache-Control": "max-age=60", "set-cookie": ["a=1", "b=2"]})
        >>> headers["cache-control"], headers.all("Set-Cookie")
        ('max-age=60', ('a=1', 'b=2'))
    """

    __slots__ = ("_fields", "derived", "own_bytes", "sent")

    sent: Any
    """What whoever sends these headers keeps with them, such as their bytes; None at first."""
    derived: tuple[object, HeaderFields] | None
    """The last headers that were made of these, with what they were made for; None at first."""
    own_bytes: int | None
    """What the texts take that no other headers share, in bytes of memory; None where nobody counted."""

    def __init__(
        self, fields: Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str]] | HeaderFields = ()
    ) -> None:
        self.sent = self.own_bytes = self.derived = None
        self._fields: dict[str, tuple[str, ...]] = {}
        if isinstance(fields, HeaderFields):
            self._fields = dict(fields._fields)
            return
        for name, value in _pairs(fields):
            if not isinstance(name, str) or not isinstance(value, str):
                raise _error(f"{shown(name)}: {shown(value)} is not a header", expected="a name and its text")
            self._fields[name.lower()] = (*self._fields.get(name.lower(), ()), value)

    @classmethod
    def of(cls, fields: dict[str, tuple[str, ...]]) -> Self:
        """Return headers that keep this very mapping and check nothing, for those who made it themselves.

        Args:
            fields: Names in lower case, each with at least one text; nobody may change it afterwards.

        Example:
            >>> HeaderFields.of({"accept": ("text/html",)}) == HeaderFields({"Accept": "text/html"})
            True
        """
        headers = cls.__new__(cls)
        headers._fields = fields
        headers.sent = headers.own_bytes = headers.derived = None
        return headers

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._fields[name.lower()])

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str | Default, /) -> str | Default: ...
    def get(self, name: str, default: str | Default | None = None, /) -> str | Default | None:
        """Return the fields of a name joined with a comma, the default when there is none."""
        found = self._fields.get(name.lower())
        return default if found is None else found[0] if len(found) == 1 else ", ".join(found)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, HeaderFields):
            return self._fields == other._fields
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._fields.items())))

    def __repr__(self) -> str:
        return f"HeaderFields({dict(self.items())})"

    def all(self, name: str) -> tuple[str, ...]:
        """Return each field of a name, in order; none when there is none."""
        return self._fields.get(name.lower(), ())

    def has_any(self, names: frozenset[str]) -> bool:
        """Return whether there is a field of any of these names.

        Args:
            names: The names, in lower case.

        Example:
            >>> HeaderFields({"If-None-Match": "*"}).has_any(frozenset({"if-none-match", "range"}))
            True
        """
        return not names.isdisjoint(self._fields)

    @property
    def memory(self) -> int:
        """What they take, in bytes; texts that other headers share count where somebody counted them.

        Example:
            >>> HeaderFields({"a": "x" * 1000}).memory - HeaderFields({"a": ""}).memory
            1000
        """
        own = self.own_bytes
        if own is None:
            own = sum(len(text) + BYTES_OF_A_TEXT for texts in self._fields.values() for text in texts)
        return sys.getsizeof(self) + sys.getsizeof(self._fields) + own

    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Return the fields of each name, in lower case, as a mapping of one's own.

        Example:
            >>> HeaderFields({"Vary": ["accept", "cookie"]}).by_name()
            {'vary': ('accept', 'cookie')}
        """
        return self._fields.copy()

    def joined(self) -> dict[str, tuple[str]]:
        """Return the fields of each name, in lower case, as one text, in a mapping of one's own.

        Example:
            >>> HeaderFields({"Vary": ["accept", "cookie"]}).joined()
            {'vary': ('accept, cookie',)}
        """
        return {
            name: texts if len(texts) == 1 else (", ".join(texts),) for name, texts in self._fields.items()
        }

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return every field as a pair of name and text, in order."""
        return tuple([(name, value) for name, values in self._fields.items() for value in values])


def header_fields(headers: Mapping[str, str | Sequence[str]] | HeaderFields) -> HeaderFields:
    """Return headers that a user wrote, checked; `HeaderFields` are taken as they are.

    Raises:
        RequestError: A name is not a token, or a value has a line break (RFC 9110, section 5).

    Example:
        >>> header_fields({"X-Tier": "gold"})
        HeaderFields({'x-tier': 'gold'})
    """
    if isinstance(headers, HeaderFields):
        return headers
    fields = HeaderFields(headers)
    _check_headers(fields.fields())
    return fields


def _pairs(fields: object) -> Iterator[tuple[object, object]]:
    if not isinstance(fields, Mapping):
        if isinstance(fields, str) or not isinstance(fields, Iterable):
            raise _error(f"{shown(fields)} are not headers", expected='a mapping, such as {"accept": "*/*"}')
        for pair in fields:
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise _error(f"{shown(pair)} is not a header", expected="a pair of name and text")
            yield pair[0], pair[1]
        return
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            yield from ((name, text) for text in value)
        else:
            yield name, value


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
            raise _error(f"{shown(self.status)} is not a status code", expected="a number such as 200")
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
            asked by HTTPS on the first hostname of the site (``localhost`` when no property names any).
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
        >>> request = Request("https://shop.example/pages/1?x=2#top", headers={"Accept": "text/html"})
        >>> request.host, request.path, request.query, request.headers["accept"]
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
    """The host, with its port unless that is the scheme's own; None when only a path was given."""
    path: str = field(init=False, repr=False, compare=False)
    """The path in canonical form, as origins and cache keys have it."""
    query: str = field(init=False, repr=False, compare=False)
    """The query in canonical form without its question mark, empty when there is none."""
    refusal: TargetRefusal | None = field(init=False, repr=False, compare=False)
    """Why the request is answered with 400 before rules are asked; None when it is not."""

    def __post_init__(self) -> None:
        own = self.__dict__
        own["scheme"], own["host"], path, query = _split(self.url)
        target = canonical_target(path, query)
        if isinstance(target, Target):
            own["path"], own["query"], own["refusal"] = target.path, target.query, None
        else:
            own["path"], own["query"] = quote(path, safe=_PRINTABLE), quote(query, safe=_PRINTABLE)
            own["refusal"] = target
        if self.method != "GET":
            own["method"] = _method(self.method)
        if _is_given(self.headers):
            headers = {name.lower(): value for name, value in _texts(self.headers, "header")}
            _check_headers(self.headers.items())
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
            raise _error(f"{shown(self.response)} is not a response", expected="Response(status, headers)")
        if self.unknown != ():
            own["unknown"] = _unknown(self.unknown)

    @classmethod
    def from_parts(
        cls,
        scheme: str,
        host: str,
        target: Target,
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
            >>> target = Target("/pages/1", "x=2")
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

    def with_response(self, response: Response) -> Self:
        """Return the same request with a response.

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
        raise _error(f"{shown(method)} is not a method", expected='a method such as "GET"')
    return method.upper()


def _split(url: object) -> tuple[str, str | None, str, str]:
    if not isinstance(url, str):
        raise _error(f"{shown(url)} is not a URL", expected="text")
    parts = _URL.fullmatch(url)
    if parts is None or (parts[2] is None and parts[3] is None):
        raise _error(
            f"{shown(url)} is not a URL", expected='one such as "https://shop.example/pages/1", or "/pages/1"'
        )
    scheme, host, path, query = parts.groups()
    scheme = scheme.lower() if scheme else "https"
    if host is not None:
        host = host.lower()
        if not _HOST.fullmatch(host):
            hint = None if host.isascii() else "write it in its ASCII form, which begins with xn--"
            raise _error(f"{shown(url)}: {shown(host)} is not a host", expected="a host name", hint=hint)
        host = host.removesuffix(_DEFAULT_PORTS[scheme]).removesuffix(":")
    return scheme, host, _wire(path) if path else "/", _wire(query) if query else ""


def _wire(text: str) -> str:
    try:
        return as_browsers_write(text)
    except UnicodeEncodeError:
        raise _error(f"{shown(text)} holds half of a surrogate pair", expected="a URL") from None


def _texts(mapping: object, kind: str) -> Iterator[tuple[str, str]]:
    if not isinstance(mapping, Mapping):
        raise _error(f"{shown(mapping)}", expected=f"a mapping of {kind} names to text")
    for name, value in mapping.items():
        if not isinstance(name, str) or not name:
            raise _error(f"{shown(name)} is not the name of a {kind}", expected="text")
        if not isinstance(value, str):
            raise _error(f"{kind} {shown(name)}: {shown(value)}", expected="text")
        yield name, value


def _check_headers(pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse headers whose name is not a token, or whose value has a line break (RFC 9110, section 5)."""
    for name, value in pairs:
        bad = bad_in_name(name)
        if bad is not None:
            problem = f"it holds {bad!a}" if bad else "it is empty"
            raise _error(f"header {shown(name)} is not a header name: {problem}", expected=NAME_EXPECTED)
        bad = bad_in_value(value)
        if bad is not None:
            raise _error(f"header {shown(name)}: {shown(value)} holds {bad!a}", expected="text on one line")


def _check_cookie(name: str, value: str) -> None:
    """Refuse a cookie that cannot be written in a header: its parts end at ``;``, its name at ``=``."""
    bad = bad_in_name(name)
    if bad is not None:
        raise _error(f"cookie {shown(name)} is not a cookie name: it holds {bad!a}", expected=NAME_EXPECTED)
    bad = bad_in_value(value) or (";" if ";" in value else None)
    if bad is not None:
        raise _error(f"cookie {shown(name)}: {shown(value)} holds {bad!a}", expected='text without ";"')


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


def checked_facts(facts: Mapping[str, Fact]) -> FrozenDict[str, str]:
    """Return facts as a request has them, each as text.

    Raises:
        RequestError: There is no such fact, or a value is none.

    Example:
        >>> checked_facts({"device.is_smartphone": True, "random": 7})
        {'device.is_smartphone': 'true', 'random': '7'}
    """
    return FrozenDict(dict(_facts(facts)))


def _facts(facts: object) -> Iterator[tuple[str, str]]:
    if not isinstance(facts, Mapping):
        raise _error(f"facts: {shown(facts)}", expected='a mapping, such as {"location.country": "DE"}')
    for name, value in facts.items():
        namespace, own = variable_named(name)
        if namespace == "response":
            raise _error(f"facts: {shown(name)} belongs to a response", hint="give response=Response(...)")
        if namespace not in _SETTABLE and own not in _SETTABLE_OF_REQUEST:
            raise _error(
                f"facts: {shown(name)} is told by the rest of the request",
                hint="give it by url, method, headers or cookies",
            )
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, int | float):
            value = number_text(value)
        elif not isinstance(value, str):
            raise _error(f"facts: {name}: {shown(value)}", expected="text, a number, True or False")
        bad = bad_in_value(value)
        if bad is not None:
            raise _error(f"facts: {name}: {shown(value)} holds {bad!a}", expected="text on one line")
        yield name, value


def number_text(value: int | float) -> str:
    """Return a number as text, whole ones without a fraction.

    Example:
        >>> number_text(404), number_text(2.0), number_text(1.5)
        ('404', '2', '1.5')
    """
    try:
        return str(int(value)) if value == int(value) else repr(value)
    except (OverflowError, ValueError):  # infinite, not a number, or of thousands of digits
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def _unknown(names: object) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise _error(f"unknown={shown(names)}", expected='names, such as ("location.country",) or ("*",)')
    checked = tuple(names)
    for name in checked:
        if name == "*":
            continue
        if isinstance(name, str) and name.endswith(".*") and name[:-2] in NAMESPACES:
            continue
        variable_named(name)
    return checked


@lru_cache(maxsize=1024)
def _variable_named(name: str) -> tuple[str, str | int] | None:
    if name == "random":
        return "random", 0
    for namespace in sorted(NAMESPACES, key=len, reverse=True):
        if name.startswith(namespace + "."):
            own: str | int = name[len(namespace) + 1 :]
            if namespace == "random" and str(own).isdecimal() and len(str(own)) < 10:
                own = int(own)
            if lookup(namespace, own) is not None:
                return namespace, own
    return None


def variable_named(name: object) -> tuple[str, str | int]:
    """Return namespace and name of the variable that a fact is called by.

    Raises:
        RequestError: There is no such variable.

    Example:
        >>> variable_named("request.header.accept")
        ('request.header', 'accept')
    """
    found = _variable_named(name) if isinstance(name, str) else None
    if found is None:
        known = [f"{space}.{own}" for space in NAMESPACES for own in names_in(space)]
        raise _error(
            f"{shown(name)} is not the name of a fact",
            expected='one such as "location.country"',
            hint=did_you_mean(name, known) if isinstance(name, str) else None,
        )
    return found


def _error(message: str, *, expected: str | None = None, hint: str | None = None) -> RequestError:
    return RequestError.of("request", message, expected=expected, hint=hint)
