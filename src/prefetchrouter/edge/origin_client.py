"""The interface to origins: a request to one, its response, and how it can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias

from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import NO_FIELDS, Body, close
from prefetchrouter.http.message import HeaderFields


@dataclass(frozen=True, slots=True)
class OriginRequest:
    """A request to an origin.

    Args:
        method: The method.
        scheme: The scheme of the client's request, for origins that are requested by the same.
        target: Path and query as they are sent.
        headers: The headers, ``host`` included, without those of the connection.
        body: The body, complete or still arriving; None without one.
        timeout: How long a response body may pause, in seconds; None for the default.
        failover: The statuses after which the next host of the origin is tried.
        cause: The trace of the client's request that causes this one.
    """

    method: str
    scheme: str
    target: str
    headers: HeaderFields = NO_FIELDS
    body: bytes | Body | None = None
    timeout: float | None = None
    failover: frozenset[int] = frozenset()
    cause: RequestTrace | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class OriginResponse:
    """The response of an origin; its body may still be arriving.

    Iterating over a body raises `OriginError` when the origin breaks off. The holder of a response calls
    `close` in the end, even if the body was read to its end.

    Args:
        status: The status code.
        headers: The headers, without those of the connection. The body is not decompressed.
        body: The complete body if it arrived together with the head, else its pieces.
    """

    status: int
    headers: HeaderFields
    body: bytes | Body

    async def close(self) -> None:
        """Release the connection, or close it if the body was not read to its end."""
        await close(self.body)


OriginFailure: TypeAlias = Literal[
    "unreachable",  # no connection
    "timeout",
    "garbage",  # not HTTP, or HTTP that contradicts itself
    "cut",  # the body broke off
    "too-large",  # over a limit of the edge
    "unknown",  # no origin has that name
    "descriptors",  # the edge is out of file descriptors
    "too-costly",  # not sent: a regular expression of the rules could take too long for the request
]
"""How a request to an origin can fail."""


class OriginError(Exception):
    """An origin gave no response, or an incomplete one.

    Args:
        failure: The kind of failure.
        message: A sentence for people, with the address of the origin.
    """

    def __init__(self, failure: OriginFailure, message: str) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message


class OriginClient(Protocol):
    """Sends requests to origins by name."""

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        """Return the response of an origin as soon as its head has arrived.

        Args:
            name: The origin's name; None if neither a rule nor the property names one.
            request: The request.

        Raises:
            OriginError: There is no response.
        """
        ...


class OriginCall(NamedTuple):
    """One request to an origin, for the log.

    Args:
        time: When it was sent, in seconds since 1970.
        origin: The origin's name; empty for the one without a name.
        url: The URL that was requested, with the address of the host.
        method: The method.
        status: The status of the response; None without one.
        failure: How it failed before there was a response; None if it did not.
        seconds: The time until the head of the response, or until the failure.
        target: The requested path and query, as the site has them.
        cause: The trace of the client's request that caused it.
    """

    time: float
    origin: str
    url: str
    method: str
    status: int | None
    failure: OriginFailure | None
    seconds: float
    target: str
    cause: RequestTrace | None
