"""The log of the origins: one entry for each request that one of them got."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from prefetchrouter.edge.message import Failure, OriginAnswer, OriginError, OriginRequest, Story
from prefetchrouter.edge.origins.place import Place


@dataclass(frozen=True, slots=True)
class Asked:
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
        tell(None, error.failure)
        raise
    tell(answer.status, None)
    return answer
