"""What passes through the edge: the client's request, the origin's answer, the response that goes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.prefetches import Announced

Body = AsyncIterator[bytes]
"""A body as it comes, in pieces."""

NO_FIELDS = HeaderFields()


class EdgeRequest(NamedTuple):
    """A client's request, after it was found to be sound.

    Args:
        method: The method, in upper case.
        scheme: ``"http"`` or ``"https"``, as rules are to see it.
        host: The host as rules are to see it, in lower case, with its port unless that is the scheme's own.
        path: The path in canonical form (docs/urls.md).
        query: The query in canonical form without its question mark, empty when there is none.
        headers: All headers, ``host`` among them.
        client: The address of the client.
        body: The body as it comes; None without one.
        version: The version of HTTP that it came in.
        host_header: The ``Host`` header as the client sent it.
    """

    method: str
    scheme: str
    host: str
    path: str
    query: str = ""
    headers: HeaderFields = NO_FIELDS
    client: str = "127.0.0.1"
    body: Body | None = None
    version: str = "1.1"
    host_header: str = ""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.target}"


class EdgeResponse(NamedTuple):
    """What a client gets.

    Args:
        status: The status code.
        headers: The headers, without those of the connection.
        body: The whole body, or its pieces as they come. A body that breaks off raises `OriginError`.
    """

    status: int
    headers: HeaderFields = NO_FIELDS
    body: bytes | Body = b""


def plain(status: int, text: str) -> EdgeResponse:
    """Return a response of one line that nobody keeps.

    Example:
        >>> plain(504, "There is no usable copy.").body
        b'There is no usable copy.\\n'
    """
    headers = HeaderFields({"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"})
    return EdgeResponse(status, headers, f"{text}\n".encode())


async def pieces(body: bytes | Body) -> Body:
    """Yield the pieces of a body; a whole one is one piece."""
    if isinstance(body, bytes):
        yield body
        return
    async for piece in body:
        yield piece


async def close(body: bytes | Body) -> None:
    """Close a body that may hold a connection; where there is nothing to close, do nothing."""
    aclose = getattr(body, "aclose", None)
    if aclose is not None:
        await aclose()


@dataclass(frozen=True, slots=True)
class OriginRequest:
    """What an origin is asked.

    Args:
        method: The method.
        scheme: The scheme of the client's request, for origins that are to be asked by the same.
        target: Path and query as they are on the wire.
        headers: The headers, ``host`` among them; none of the connection's own.
        body: The body, whole or as it comes; None without one.
        timeout: Seconds of silence that are allowed while a body comes; None for the usual.
        failover: The statuses after which the next host of the origin is asked.
        cause: What is told of the request because of which the origin is asked.
    """

    method: str
    scheme: str
    target: str
    headers: HeaderFields = NO_FIELDS
    body: bytes | Body | None = None
    timeout: float | None = None
    failover: frozenset[int] = frozenset()
    cause: Story | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class OriginAnswer:
    """What an origin answered; its body may be still to come.

    Iterating over a body that comes in pieces raises `OriginError` when the origin breaks off. Whoever holds
    an answer calls `close` in the end, also after the body was read to its end.

    Args:
        status: The status code.
        headers: The headers, without those of the connection. The body is as it is on the wire: nothing is
            decompressed.
        body: The whole body where it came together with the head, else its pieces as they come.
    """

    status: int
    headers: HeaderFields
    body: bytes | Body

    async def close(self) -> None:
        """Give the connection back, or end it when the body was not read to its end."""
        await close(self.body)


Failure = Literal[
    "unreachable", "timeout", "garbage", "cut", "too-large", "unknown", "descriptors",
    "too-costly",
]  # fmt: skip
"""What can go wrong with an origin: no connection; too slow; not HTTP, or HTTP that contradicts itself;
broken off in the body; more than the limits allow; no origin of that name; no file
descriptor was left to ask with; not asked, since a regular expression of the rules could take too long on
the request."""


class OriginError(Exception):
    """An origin gave no answer, or not a whole one.

    Args:
        failure: What went wrong.
        message: The same for people, with the address of the origin.
    """

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message


class Asks(Protocol):
    """Whoever can ask origins by name."""

    async def ask(self, name: str | None, request: OriginRequest) -> OriginAnswer:
        """Return the answer of an origin as soon as its head is there.

        Args:
            name: The origin's name; None when neither a rule nor the property names one.
            request: The request.

        Raises:
            OriginError: There is no answer.
        """
        ...


@dataclass(slots=True)
class Story:
    """What happened to one request.

    Args:
        cache: What the cache had to do with it.
        reason: Why, in a few words.
        rules: The lines of the rules that apply, such as ``"routes.py:12"``.
        late_rules: The lines of those that apply because of the response, as `catch` does.
        key: The cache key, as text; None when the cache was not asked.
        ttl: Seconds for which the copy stays fresh from now; negative when it is stale; None without a copy.
        age: Seconds since the copy was made, None without one.
        prefetch: None when it was no prefetch; else what became of it.
        foreign: How it announced a prefetch that is not by this project's scripts, None when it did not.
        forward: Why the request went on to an origin, in the words of Cache-Status; None when it did not.
        answered: The status with which the origin answered last, None without an answer.
        is_stored: Whether the answer is stored.
        is_collapsed: Whether the request waited for the answer to another one.
        origin: One line for each request that an origin got because of this one.
        begun_by: For a refresh in the background, what is told of the request that began it.
    """

    cache: CacheStatus = "pass"
    reason: str = ""
    rules: tuple[str, ...] = ()
    late_rules: tuple[str, ...] = ()
    key: str | None = None
    ttl: float | None = None
    age: float | None = None
    prefetch: PrefetchStatus | None = None
    foreign: Announced | None = None
    forward: Forward | None = None
    answered: int | None = None
    is_stored: bool = False
    is_collapsed: bool = False
    origin: list[str] = field(default_factory=list)
    begun_by: Story | None = field(default=None, compare=False, repr=False)
    answer: Response | None = field(default=None, compare=False, repr=False)
    """What the origin answered, before rules changed it; None without one."""

    @property
    def all_rules(self) -> tuple[str, ...]:
        """The lines of all rules that apply, each once; those of the response last."""
        return tuple(dict.fromkeys((*self.rules, *self.late_rules)))


class Asked(NamedTuple):
    """One request that an origin got, or should have got.

    Args:
        time: When it was sent, in seconds since 1970.
        origin: The origin's name; empty for the one without a name.
        url: What was asked, with the address of the host.
        method: The method.
        status: The status of the answer; None when there was none.
        failure: What went wrong before there was an answer; None when nothing did.
        seconds: How long it took until the head of the answer, or until it failed.
        target: Path and query that were asked for, as the site has them.
        cause: What is told of the request because of which it was asked.
    """

    time: float
    origin: str
    url: str
    method: str
    status: int | None
    failure: Failure | None
    seconds: float
    target: str
    cause: Story | None


CacheStatus = Literal[
    "hit",  # a fresh copy
    "stale",  # an expired copy, while a fresh one is fetched
    "stale-error",  # an expired copy, since the origin failed
    "revalidated",  # an expired copy that the origin called still good
    "miss",  # fetched, and kept where that is allowed
    "joined",  # waited for the fetch of another request
    "pass",  # fetched, and the cache neither asked nor filled
    "refused",  # a prefetch that nothing stored can answer: 412, or 503 where it is by others
    "made",  # by the edge itself: redirects, refusals, own bodies
    "own",  # the edge's own files and pages
    "error",  # no answer from the origin, or a request that is none
]
Forward = Literal["bypass", "method", "uri-miss", "vary-miss", "request", "stale"]
"""Why a request goes on to an origin: RFC 9211 section 2.2."""
PrefetchStatus = Literal["hit", "refused", "fetched", "made", "unusable"]
"""What became of a prefetch; unusable: it got a status that leaves the browser without the page."""
