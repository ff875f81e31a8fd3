"""Asking a place so that the log of the origins hears of it: one entry for each request."""

from __future__ import annotations

import time
from collections.abc import Callable

from prefetchrouter.edge.message import Asked, Failure, OriginAnswer, OriginError, OriginRequest
from prefetchrouter.edge.origins.place import Place


async def ask_and_tell(
    place: Place, request: OriginRequest, origin: str, on_asked: Callable[[Asked], None] | None
) -> OriginAnswer:
    """Ask a place, and tell the log how it went.

    Args:
        place: Who is asked.
        request: What is asked.
        origin: The origin's name, for the log.
        on_asked: Is told; None when nobody listens.

    Raises:
        OriginError: There is no answer.
    """
    at, began = time.time(), time.monotonic()

    def tell(status: int | None, failure: Failure | None) -> None:
        if on_asked is not None:
            url = place.address(request.scheme) + request.target
            took = time.monotonic() - began
            on_asked(
                Asked(at, origin, url, request.method, status, failure, took, request.target, request.cause)
            )

    try:
        answer = await place.ask(request)
    except OriginError as error:
        tell(None, error.failure)  # pyright: ignore[reportArgumentType]
        raise
    tell(answer.status, None)
    return answer
