"""The context of one evaluation: what conditions and the values of features can read."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_plus

from prefetchrouter.http.message import HeaderFields, Request, Response
from prefetchrouter.http.request_target import (
    TargetRefusal,
    merged,
    named_parameter,
    parameter_name,
    path_for_rules,
)

DEFAULT_HOST = "localhost"


class RequestContext:
    """A request, and the URL that rules rewrite it to.

    A path is there in three forms: `sent_path` is the canonical one, for origins and keys; `uri` and
    `origin_uri` have one slash for each run of slashes, for the sources of rewrites and for variables; `path`
    and `origin_path` are what conditions see, without needless escapes.

    Args:
        request: The request.
        host: The host, where the request names none.
        fact_headers: The header in which each fact is found that the request does not give.
    """

    __slots__ = (
        "_parameters", "facts", "headers", "host", "is_certain", "lower_path", "method", "origin_path",
        "origin_query", "origin_uri", "path", "query", "refusal", "request", "response", "scheme",
        "sent_path", "unknown", "uri",
    )  # fmt: skip

    def __init__(
        self, request: Request, host: str = DEFAULT_HOST, fact_headers: Mapping[str, str] | None = None
    ) -> None:
        self.request = request
        self.method = request.method
        self.scheme = request.scheme
        self.host = request.host or host
        self.sent_path = path = request.path
        self.uri = self.origin_uri = merged(path)
        self.path = self.origin_path = path = path_for_rules(path)
        self.lower_path = path.lower()
        self.refusal: TargetRefusal | None = request.refusal
        self.query = self.origin_query = request.query
        self.headers: Mapping[str, str] = request.headers
        self.facts: Mapping[str, str] = request.facts  # type: ignore[assignment]
        if fact_headers:
            self.facts = {**_facts_in(request.headers, fact_headers), **self.facts}
        self.response: Response | None = request.response
        self.unknown = request.unknown
        self.is_certain = not request.unknown
        """Whether every fact is known, so that no condition can be open."""
        self._parameters: dict[str, str] | None = None

    @property
    def response_headers(self) -> HeaderFields:
        """The headers of the response; none without one."""
        return self.response.fields if self.response is not None else _NO_HEADERS

    def parameter(self, name: str) -> str | None:
        """Return the first value of a parameter of the rewritten query, decoded."""
        if self._parameters is None:
            self._parameters = parameters(self.origin_query)
        return self._parameters.get(named_parameter(name))

    def rewrite(self, path: str, query: str) -> None:
        """Set the URL under which the edge looks the request up; path and query are in canonical form."""
        self.sent_path, self.origin_uri, self.origin_path = path, merged(path), path_for_rules(path)
        self.origin_query = query
        self._parameters = None

    def may_be(self, name: str) -> bool:
        """Return whether a fact was declared unknown."""
        return any(
            pattern in (name, "*") or (pattern.endswith(".*") and name.startswith(pattern[:-1]))
            for pattern in self.unknown
        )


_NO_HEADERS = HeaderFields()


def _facts_in(headers: Mapping[str, str], fact_headers: Mapping[str, str]) -> dict[str, str]:
    """Return the facts from headers."""
    return {name: headers[header] for name, header in fact_headers.items() if header in headers}


def parameters(query: str) -> dict[str, str]:
    """Return the first value of each parameter of a query, names and values decoded as forms are.

    Example:
        >>> parameters("Q=a+b&%78=%41&x=2&flag")
        {'Q': 'a b', 'x': 'A', 'flag': ''}
    """
    found: dict[str, str] = {}
    for part in query.split("&"):
        if part:
            found.setdefault(parameter_name(part), unquote_plus(part.partition("=")[2]))
    return found
