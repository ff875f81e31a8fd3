"""One place that can be asked: a host at a port, or a folder."""

from __future__ import annotations

from typing import Protocol

from prefetchrouter.edge.message import OriginAnswer, OriginError, OriginRequest


class NotSent(OriginError):
    """No connection: the origin has seen nothing of the request, so that it can be sent elsewhere."""


class Place(Protocol):
    """One place that answers requests."""

    def address(self, scheme: str) -> str:
        """Return the address for people, without a slash at its end.

        Args:
            scheme: The scheme of the client's request, for places that are asked by the same.
        """
        ...

    async def start(self) -> None:
        """Get ready to ask; the event loop runs."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...

    async def ask(self, request: OriginRequest) -> OriginAnswer:
        """Return the answer as soon as its head is there.

        Raises:
            OriginError: There is no answer.
        """
        ...
