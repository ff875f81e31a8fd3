"""`InFlight`: a fetch for the cache, shared by all requests that wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.cache.stored_response import Key, Variant
from prefetchrouter.edge.engine.machine import Failed, FetchResult, Uncacheable
from prefetchrouter.edge.engine.stream_buffer import StreamBuffer
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.errors import RegexCostError

Slot: TypeAlias = tuple[Key, Variant]
"""What is fetched: the cache key, and the values of the request headers in the last known `Vary`."""

_log = logging.getLogger("prefetchrouter.edge")


@dataclass(slots=True, eq=False)
class InFlight:
    """A fetch that is in flight.

    Args:
        slot: What is fetched.
        buffer: The body of the response, if that is to be stored.
        head: Resolved when the head of the response has arrived.
        done: Resolved at the end, with the stored response if there is one.
        is_invalidated: Whether the response may no longer be stored, since something changed meanwhile.
        is_abandoned: Whether the client that caused it has disconnected.
    """

    slot: Slot
    buffer: StreamBuffer
    head: asyncio.Future[FetchResult] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    done: asyncio.Future[StoredResponse | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    is_invalidated: bool = False
    is_abandoned: bool = False

    async def abandon(self) -> None:
        """Note that the client has disconnected, and close a response that was for it alone."""
        self.is_abandoned = True
        if self.head.done():
            result = self.head.result()
            if isinstance(result, Uncacheable):
                await result.fetched.origin_response.close()

    def resolve(self, result: FetchResult) -> None:
        """Pass what came of it to all that wait, unless they know already."""
        if not self.head.done():
            self.head.set_result(result)


class InFlightTable:
    """All fetches for the cache that are in flight."""

    def __init__(self) -> None:
        self._joinable: dict[Slot, InFlight] = {}
        self._all: set[InFlight] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def joinable(self, slot: Slot) -> InFlight | None:
        """Return the fetch that further requests may wait for, None without one."""
        found = self._joinable.get(slot)
        return None if found is None or found.buffer.is_too_large or found.is_invalidated else found

    def start(
        self,
        in_flight: InFlight,
        work: Callable[[InFlight], Coroutine[Any, Any, None]],
        *,
        is_shared: bool,
    ) -> None:
        """Start a fetch in a separate task, which continues when the client disconnects.

        Args:
            in_flight: The fetch.
            work: Does it.
            is_shared: Whether further requests may wait for it.
        """
        if is_shared:
            self._joinable[in_flight.slot] = in_flight
        self._all.add(in_flight)
        task = asyncio.get_running_loop().create_task(self._run(in_flight, work))
        self._tasks.add(task)
        task.add_done_callback(partial(self._finish, in_flight))

    async def _run(self, in_flight: InFlight, work: Callable[[InFlight], Coroutine[Any, Any, None]]) -> None:
        try:
            await work(in_flight)
        except RegexCostError as error:
            self._fail(in_flight, OriginError("too-costly", error.diagnostics[0].message))
        except Exception:
            self._fail(in_flight, OriginError("cut", "internal error of the edge; see its terminal"))
            _log.exception("%s could not be fetched", in_flight.slot[0][0])

    def _fail(self, in_flight: InFlight, error: OriginError) -> None:
        self.leave(in_flight)
        in_flight.resolve(Failed(error))

    def _finish(self, in_flight: InFlight, task: asyncio.Task[None]) -> None:
        """Clean up after a fetch. A task that was cancelled before its first step has run no `finally`."""
        self._tasks.discard(task)
        self.leave(in_flight)
        self._all.discard(in_flight)
        in_flight.resolve(Failed(OriginError("cut", "the edge is stopping")))  # nothing may wait for ever
        if not in_flight.done.done():
            in_flight.done.set_result(None)

    def leave(self, in_flight: InFlight) -> None:
        """Let no further request wait for a fetch."""
        if self._joinable.get(in_flight.slot) is in_flight:
            del self._joinable[in_flight.slot]

    def invalidate(self, address: str | None = None) -> None:
        """Prevent that responses in flight are stored.

        Args:
            address: Only those whose cache key begins with it; None for all.
        """
        for in_flight in self._all:
            if address is None or in_flight.slot[0][0] == address:
                in_flight.is_invalidated = True

    def hosts(self) -> set[str]:
        """Return the hosts of what is in flight."""
        return {in_flight.slot[0][0].partition("/")[0] for in_flight in self._all}

    async def idle(self) -> None:
        """Return when nothing is in flight any more."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def close(self, seconds: float) -> None:
        """Wait some seconds for all to finish, then cancel the rest."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
