"""A client's request to the edge, and the response to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple, TypeAlias

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.facts import header_facts

Body: TypeAlias = AsyncIterator[bytes]
"""A body that is still arriving, in pieces."""

NO_FIELDS = HeaderFields()


class EdgeRequest(NamedTuple):
    """A valid request of a client.

    Args:
        method: The method, in upper case.
        scheme: ``"http"`` or ``"https"``, as rules see it.
        host: The host as rules see it, in lower case, with its port unless that is the scheme's default.
        path: The path in canonical form (docs/urls.md).
        query: The query in canonical form without its question mark, empty without one.
        headers: All headers, ``host`` included.
        client: The IP address of the client.
        body: The body; None without one.
        version: The HTTP version, ``"1.1"`` or ``"1.0"``.
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
        """The full URL."""
        return f"{self.scheme}://{self.host}{self.target}"

    def address_fact(self, sources: Mapping[str, str]) -> dict[str, str]:
        """Return the client's address as a fact; nothing if a header of this request has the visitor's.

        Args:
            sources: Where the site finds facts (docs/property.md#facts).

        Example:
            >>> request = EdgeRequest("GET", "https", "shop.example", "/", client="192.0.2.7")
            >>> request.address_fact({"request.client_ip": "header:cf-connecting-ip"})
            {'request.client_ip': '192.0.2.7'}
        """
        header = header_facts(sources).get("request.client_ip")
        return {} if header is not None and header in self.headers else {"request.client_ip": self.client}


class EdgeResponse(NamedTuple):
    """The response to a client.

    Args:
        status: The status code.
        headers: The headers, without those of the connection.
        body: The complete body, or one that is still arriving; if that breaks off, it raises `OriginError`.
    """

    status: int
    headers: HeaderFields = NO_FIELDS
    body: bytes | Body = b""


def plain(status: int, text: str) -> EdgeResponse:
    """Return a response of one line of text that no cache stores.

    Example:
        >>> plain(504, "Gateway Timeout").body
        b'Gateway Timeout\\n'
    """
    headers = HeaderFields({"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"})
    return EdgeResponse(status, headers, f"{text}\n".encode())


async def pieces(body: bytes | Body) -> Body:
    """Yield the pieces of a body; a complete one is one piece."""
    if isinstance(body, bytes):
        yield body
        return
    async for piece in body:
        yield piece


async def close(body: bytes | Body) -> None:
    """Close a body, which may hold a connection; do nothing for one without `aclose`."""
    aclose = getattr(body, "aclose", None)
    if aclose is not None:
        await aclose()
