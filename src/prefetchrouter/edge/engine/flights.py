"""`Flights`: requests to origins on behalf of the cache, each shared by all who wait for the same answer."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from prefetchrouter.edge.cache.copy import Copy, Key, Variant
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.filling import Filling
from prefetchrouter.edge.message import Failure, OriginError
from prefetchrouter.errors import RegexCostError

Slot = tuple[Key, Variant]
"""What is fetched: the cache key, and the request headers by which its copies are known to differ."""

_MOST_MARKS = 10_000
_log = logging.getLogger("prefetchrouter.edge")


class Landing(NamedTuple):
    """What came of a flight, as soon as the head of the answer was there.

    Args:
        kind: ``"kept"``: the body is on its way into the cache, and readers follow it; ``"copy"``: a copy
            that was there answers; ``"passed"``: the answer may not be kept, and belongs to the flight's
            first client alone; ``"failed"``: there is no answer.
        reason: Why, in a few words.
        copy: The copy that answers; when it is passed, the one that a 304 has ended.
        fetched: The origin's answer.
        variant: The request headers for which the answer is the right one.
        error: What went wrong.
    """

    kind: Literal["kept", "copy", "passed", "failed"]
    reason: str = ""
    copy: Copy | None = None
    fetched: Fetched | None = None
    variant: Variant = ()
    error: OriginError | None = None


@dataclass(slots=True, eq=False)
class Flight:
    """A request to an origin that is under way.

    Args:
        slot: What is fetched.
        filling: The body of the answer, once it is to be kept.
        head: Done when the head of the answer is there.
        done: Done in the end, with the copy that was kept, if any.
        is_void: Whether what comes may no longer be kept, since something has changed meanwhile.
    """

    slot: Slot
    filling: Filling
    head: asyncio.Future[Landing] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    done: asyncio.Future[Copy | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    is_void: bool = False
    is_abandoned: bool = False
    """Whether the client that caused it has left."""

    async def abandon(self) -> None:
        """Tell that the client has left: an answer that was for it alone is wanted by nobody."""
        self.is_abandoned = True
        if self.head.done():
            landing = self.head.result()
            if landing.kind == "passed" and landing.fetched is not None:
                await landing.fetched.answer.close()

    def land(self, landing: Landing) -> None:
        """Tell what came of it."""
        if not self.head.done():
            self.head.set_result(landing)


class Flights:
    """The flights that are under way.

    Args:
        clock: Gives the time in unix seconds.
        uncacheable_seconds: How long a key is remembered after its answer could not be kept.
    """

    def __init__(self, clock: Callable[[], float], uncacheable_seconds: float) -> None:
        self._clock = clock
        self._uncacheable_seconds = uncacheable_seconds
        self._under_way: dict[Slot, Flight] = {}
        self._all: set[Flight] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._marks: OrderedDict[int, float] = OrderedDict()
        """Until when, by the hash of a key: keys may be long, and two that fall together do no harm."""

    def __len__(self) -> int:
        return len(self._tasks)

    def to(self, slot: Slot) -> Flight | None:
        """Return the flight that others may wait for, None when there is none."""
        flight = self._under_way.get(slot)
        return None if flight is None or flight.filling.is_too_large or flight.is_void else flight

    def start(
        self, flight: Flight, work: Callable[[Flight], Coroutine[Any, Any, None]], *, is_shared: bool
    ) -> None:
        """Let a flight begin.

        Args:
            flight: The flight.
            work: Brings it to its end.
            is_shared: Whether others may wait for it.
        """
        if is_shared:
            self._under_way[flight.slot] = flight
        self._all.add(flight)
        task = asyncio.get_running_loop().create_task(self._fly(flight, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, flight: Flight, work: Callable[[Flight], Coroutine[Any, Any, None]]) -> None:
        why = "the edge is stopping"
        failure: Failure = "cut"
        try:
            await work(flight)
        except RegexCostError as error:
            why, failure = error.diagnostics[0].message, "too-costly"
        except Exception:
            why = "internal error of the edge; see its terminal"
            _log.exception("%s could not be fetched", flight.slot[0][0])
        finally:
            self.leave(flight)
            self._all.discard(flight)
            if not flight.head.done():
                flight.land(Landing("failed", why, error=OriginError(failure, why)))
            if not flight.done.done():
                flight.done.set_result(None)

    def leave(self, flight: Flight) -> None:
        """Let no more clients join a flight."""
        if self._under_way.get(flight.slot) is flight:
            del self._under_way[flight.slot]

    def void(self, address: str | None = None) -> None:
        """See to it that nothing of what is under way is kept.

        Args:
            address: Only what is kept under this address; all when not given.
        """
        for flight in self._all:
            if address is None or flight.slot[0][0] == address:
                flight.is_void = True

    def mark(self, key: Key) -> None:
        """Remember that an answer for a key could not be kept."""
        mark = hash(key)
        self._marks[mark] = self._clock() + self._uncacheable_seconds
        self._marks.move_to_end(mark)
        if len(self._marks) > _MOST_MARKS:
            self._marks.popitem(last=False)

    def unmark(self, key: Key) -> None:
        """Forget that."""
        self._marks.pop(hash(key), None)

    def is_marked(self, key: Key) -> bool:
        """Return whether requests for a key shall not wait for each other."""
        until = self._marks.get(hash(key))
        if until is None:
            return False
        if self._clock() >= until:
            del self._marks[hash(key)]
            return False
        return True

    async def idle(self) -> None:
        """Return when nothing is under way any more."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def close(self, seconds: float) -> None:
        """Let what is under way come to its end for some seconds, then end it."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
