"""What a test or a text reads of a request: each variable of rules as one of a few dozen plain readings.

Rules have several names for the same thing: `{"request.header": "accept"}` and `%{http_accept}`, `client_ip`
and `virt_dst_addr`. A target prints a reading once, whatever the rule calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

from prefetchrouter.evaluation.variable_values import facts_of
from prefetchrouter.rules.conditions import Variable

Kind: TypeAlias = Literal[
    "path", "origin-path", "file-name", "extension", "directory",
    "uri", "origin-uri", "request-uri", "request-line", "protocol", "method",
    "scheme", "upper-scheme", "host", "host-and-port",
    "query", "is-args", "is-amp", "rule-query", "rule-origin-query", "parameter", "encoded-parameter",
    "header", "header-like", "cookie", "cookie-like", "referring-domain",
    "client-address", "random", "status", "content-length", "response-header-like", "cache-status",
    "fact", "platform",
]  # fmt: skip
"""What is read. Each kind, with what it gives for `/A//%40b.html?x=%31&y` that was rewritten to `/c?z=2`:

    path                  /A/@b.html      the visitor's path as conditions see it (`path_for_rules`)
    origin-path           /c              the same after rewrites
    file-name, extension, directory       @b.html, html, /A: parts of `path`
    uri                   /A/%40b.html    the visitor's path in canonical form, runs of slashes as one
    origin-uri            /c              the same after rewrites
    request-uri           /A/%40b.html?x=1&y
    request-line          GET /A/%40b.html?x=1&y HTTP/1.1
    protocol              HTTP/1.1        always this
    method                GET
    scheme, upper-scheme  https, HTTPS
    host                  shop.example    of the Host header, without a port
    host-and-port         shop.example    the Host header as it is
    query                 x=1&y           the visitor's query in canonical form
    is-args, is-amp       ?, &            the character where there is a query, else the empty text
    rule-query            x=1&y           as `query`, with brackets and the like as themselves
    rule-origin-query     z=2             the same after rewrites
    parameter z           2               the first of that decoded name in the rewritten query, decoded
    encoded-parameter x   1               the first of that name in the visitor's query, as it is there
    header accept                         a request header; several values joined by ", "
    header-like x_a                       the one whose name is this with all but letters and digits as _
    cookie, cookie-like                   the same of cookies; the names of cookies have a case
    referring-domain                      the host of the Referer header
    client-address                        the address of the connection, where the property maps it to nothing
    random 99                             a whole number from 0 to 99, drawn once for each request
    status, content-length                of the response
    response-header-like vary             of the response, by a name like that of `header-like`
    cache-status                          what the cache made of the request, in the vendor's words
    fact location.country                 a fact that the property maps to nothing
    platform country                      what the platform knows by that name; see `facts` of `Property`
"""

LATE: frozenset[Kind] = frozenset({"status", "content-length", "response-header-like", "cache-status"})
"""What is known only once there is a response."""

ALWAYS: frozenset[Kind] = frozenset(
    {
        "path", "origin-path", "file-name", "extension", "directory", "uri", "origin-uri", "request-uri",
        "request-line", "protocol", "method", "scheme", "upper-scheme", "host", "host-and-port", "query",
        "is-args", "is-amp", "rule-query", "rule-origin-query", "client-address", "random", "status",
    }
)  # fmt: skip
"""What every request has, or every response, so that no test of it needs a guard."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that is read of a request or its response.

    Args:
        kind: What; see `Kind`.
        name: Which header, cookie, parameter or fact; empty for the others.
        missing: What a test sees where there is no such thing; None for most, of which each test is false.
        otherwise: What is read where this gives nothing.
        before: Text that is put before what is read.
        empty: A text that counts as if there were nothing, such as the ``?`` of an unknown place.

    Example:
        >>> reading_of(Variable("request.header", "Accept"))
        Reading(kind='header', name='accept')
        >>> reading_of(Variable("location", "country"), {"location.country": "header:cf-ipcountry"})
        Reading(kind='header', name='cf-ipcountry', missing='?')
    """

    kind: Kind
    name: str = ""
    missing: str | None = None
    otherwise: Reading | None = None
    before: str = ""
    empty: str | None = None

    def __repr__(self) -> str:
        shown = [f"{field.name}={value!r}" for field in fields(self) if (value := getattr(self, field.name))]
        return f"Reading({', '.join(shown)})"

    @property
    def is_late(self) -> bool:
        """Whether it is known only once there is a response."""
        return self.kind in LATE

    @property
    def may_be_missing(self) -> bool:
        """Whether a request can be without it, so that a test of it needs a presence guard."""
        return self.kind not in ALWAYS and self.missing is None

    def all(self) -> tuple[Reading, ...]:
        """Return this and what is read in its place, in order."""
        return (self, *(self.otherwise.all() if self.otherwise else ()))


_REQUEST: Mapping[str, Kind] = {
    "path": "path", "origin_path": "origin-path", "method": "method", "scheme": "upper-scheme",
    "query": "rule-query", "querystring": "rule-query", "origin_query_string": "rule-origin-query",
}  # fmt: skip
_PATH_PARTS: Mapping[str, Kind] = {
    "filename": "file-name",
    "extension": "extension",
    "directory": "directory",
}
_FEATURE_VARIABLES: Mapping[str, Kind] = {
    "host": "host", "http_host": "host-and-port", "scheme": "scheme", "path": "origin-uri", "uri": "uri",
    "request_uri": "request-uri", "query_string": "query", "is_args": "is-args", "is_amp": "is-amp",
    "normalized_path": "uri", "normalized_query": "query", "normalized_uri": "request-uri",
    "request_method": "method", "request_protocol": "protocol", "request": "request-line",
    "status": "status", "content_length": "content-length",
}  # fmt: skip
_FAMILIES: Mapping[str, Kind] = {
    "http": "header-like", "cookie": "cookie-like", "arg": "encoded-parameter",
    "resp": "response-header-like",
}  # fmt: skip


def reading_of(variable: Variable, facts: Mapping[str, str] | None = None) -> Reading:
    """Return what a condition on a variable reads.

    Args:
        variable: The variable.
        facts: The mapping of the property from facts to headers and properties of the platform.

    Example:
        >>> reading_of(Variable("response", "status_code")).is_late
        True
    """
    facts, name = facts or {}, str(variable.name)
    full = f"{variable.namespace}.{name}"
    match variable.namespace:
        case "request" if name in _REQUEST:
            return Reading(_REQUEST[name])
        case "request" | "variable":
            known = {"client_ip": "virt_dst_addr", "pop_code": "popcode"}.get(name, name)
            return reading_of_name(known, facts)
        case "request.header" if name.lower() == "host":
            return Reading("host-and-port")
        case "request.header":
            return Reading("header", name.lower())
        case "request.cookie":
            return Reading("cookie", name)
        case "request.origin_query":
            return Reading("parameter", name)
        case "request.path":
            return Reading(_PATH_PARTS[name])
        case "location":
            return replace(_fact(full, facts), missing="?")
        case "response":
            return Reading("status")
        case "pop_code":
            return reading_of_name("popcode", facts)
        case "random":
            return Reading("random", name)
        case _:
            return _fact(full, facts)


def reading_of_name(name: str, facts: Mapping[str, str] | None = None) -> Reading:
    """Return what a feature variable reads, such as the ``host`` of ``%{host}``.

    Args:
        name: The name, in lower case.
        facts: The mapping of the property.

    Example:
        >>> reading_of_name("http_x_tier"), reading_of_name("path")
        (Reading(kind='header-like', name='x_tier'), Reading(kind='origin-uri'))
    """
    facts = facts or {}
    found = _by_name(name, facts)
    own = f"variable.{name}"
    return replace(_fact(own, facts), otherwise=found) if own in facts else found


def _by_name(name: str, facts: Mapping[str, str]) -> Reading:
    if name in _FEATURE_VARIABLES:
        return Reading(_FEATURE_VARIABLES[name])
    if name == "referring_domain":
        given = _fact("request.referring_domain", facts)
        found = Reading("referring-domain")
        return found if given.kind == "fact" else replace(given, otherwise=found)
    if name == "cache_status":
        return Reading("cache-status")
    start, _, rest = name.partition("_")
    if start in _FAMILIES:
        return Reading(_FAMILIES[start], rest)
    fact = next(iter(facts_of(name)), f"variable.{name}")
    found = _fact(fact, facts)
    if not fact.startswith("location."):
        return found
    return replace(found, empty="?", before="AS" if fact == "location.asn" else "")


def _fact(name: str, facts: Mapping[str, str]) -> Reading:
    kind, _, found = facts.get(name, "").partition(":")
    match kind:
        case "header":
            return Reading("header", found.lower())
        case "platform":
            return Reading("platform", found)
        case _:
            return Reading("client-address") if name == "request.client_ip" else Reading("fact", name)
