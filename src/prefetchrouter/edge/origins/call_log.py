"""Requests to an upstream that are logged: one entry for each, successful or not."""

from __future__ import annotations

import time
from collections.abc import Callable

from prefetchrouter.edge.origin_client import (
    OriginCall,
    OriginError,
    OriginFailure,
    OriginRequest,
    OriginResponse,
)
from prefetchrouter.edge.origins.upstream import Upstream


async def logged_fetch(
    upstream: Upstream, request: OriginRequest, origin: str, on_call: Callable[[OriginCall], None] | None
) -> OriginResponse:
    """Send a request to an upstream, and report how it went.

    Args:
        upstream: The upstream.
        request: The request.
        origin: The origin's name, for the log.
        on_call: Called with the entry; None for no log.

    Raises:
        OriginError: There is no response.
    """
    at, began = time.time(), time.monotonic()

    def log(status: int | None, failure: OriginFailure | None) -> None:
        if on_call is not None:
            url = upstream.address(request.scheme) + request.target
            took = time.monotonic() - began
            on_call(
                OriginCall(
                    at, origin, url, request.method, status, failure, took, request.target, request.cause
                )
            )

    try:
        response = await upstream.fetch(request)
    except OriginError as error:
        log(None, error.failure)  # pyright: ignore[reportArgumentType]
        raise
    log(response.status, None)
    return response
