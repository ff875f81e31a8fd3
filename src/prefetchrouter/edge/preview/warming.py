"""Fetches what a page prefetches before the cache has it, so that the first view has its pages already."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, close, pieces
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.http_cache.changed_fields import changed

Handle: TypeAlias = Callable[[EdgeRequest], Awaitable[tuple[EdgeResponse, RequestTrace]]]

MOST_A_MINUTE: Final = 120
MOST_AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 10.0

_OF_A_PREFETCH: Final = (
    "sec-purpose", "purpose", "x-purpose", "x-moz", "if-none-match", "if-modified-since", "range",
)  # fmt: skip


class Warmer:
    """Fetches a prefetchable page that a prefetch found no stored response for, as a visitor's click would.

    On this machine the edge has no visitors who fill its cache. What is fetched is what the browser
    prefetches: visible links that the rules allow. It is bounded, and never tried again for a page that
    cannot be stored.

    Args:
        handle: Handles a request by the rules.
        clock: Returns the time in seconds, from any beginning.
        most: How many pages are fetched in a minute.
    """

    def __init__(
        self, handle: Handle, *, clock: Callable[[], float] = time.monotonic, most: int = MOST_A_MINUTE
    ) -> None:
        self._handle = handle
        self._clock = clock
        self._times: deque[float] = deque(maxlen=most)
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        """Return the response to a request; if that refuses a prefetch, fetch the page and try again."""
        response, trace = await self._handle(request)
        if not _can_be_warmed(request, trace) or not self._may_fetch():
            return response, trace
        await close(response.body)
        fetched = await self._fetch(request)
        response, again = await self._handle(request)
        if fetched is not None:
            again.origin_calls += fetched.origin_calls
            again.is_warmed = again.prefetch == "hit"
        return response, again

    def _may_fetch(self) -> bool:
        now = self._clock()
        is_full = len(self._times) == self._times.maxlen
        if is_full and self._times and now - self._times[0] < 60:
            return False
        self._times.append(now)
        return True

    async def _fetch(self, prefetch: EdgeRequest) -> RequestTrace | None:
        """Fetch a page into the cache; return what happened, None if it took too long."""
        request = prefetch._replace(
            query=without_own(prefetch.query), headers=changed(prefetch.headers, without=_OF_A_PREFETCH)
        )
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._turns:
                response, trace = await self._handle(request)
                try:
                    async for _ in pieces(response.body):
                        pass
                finally:
                    await close(response.body)
                return trace
        except Exception:  # it is tried again by the click, which says what is wrong
            return None


def _can_be_warmed(request: EdgeRequest, trace: RequestTrace) -> bool:
    """Return whether a prefetch was refused only because no stored response was there yet.

    A request that passes the cache has no key, and why an earlier response was not stored still holds.
    """
    return (
        request.method == "GET"
        and trace.cache == "refused"
        and trace.key is not None
        and not trace.reason.startswith("not stored: ")
    )
