"""The interface of an upstream: a host or a folder."""

from __future__ import annotations

from typing import Protocol

from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse


class NotSent(OriginError):
    """There is no connection: the origin has received nothing, so the request can be sent elsewhere."""


class Upstream(Protocol):
    """A host or folder that answers requests."""

    def address(self, scheme: str) -> str:
        """Return the address for people, without a slash at its end.

        Args:
            scheme: The scheme of the client's request, for upstreams that are requested by the same.
        """
        ...

    async def start(self) -> None:
        """Get ready for requests, in a running event loop."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        """Return the response as soon as its head has arrived.

        Raises:
            OriginError: There is no response.
        """
        ...
