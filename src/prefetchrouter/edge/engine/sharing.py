"""`Sharing`: requests that want the same answer share one fetch and follow its body (E15, E19, E20)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prefetchrouter.edge.cache import Cache, Copy
from prefetchrouter.edge.cache.copy import Key
from prefetchrouter.edge.engine import delivery, outcomes
from prefetchrouter.edge.engine.carrying import Carrier, Errand
from prefetchrouter.edge.engine.fetching import Fetcher
from prefetchrouter.edge.engine.filling import Reader
from prefetchrouter.edge.engine.flights import Flight, Flights, Landing, Slot
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import CacheStatus, EdgeResponse, Story
from prefetchrouter.http_cache.storage import forbids_storing
from prefetchrouter.http_cache.vary import selecting


class Sharing:
    """Answers from origins for requests that no copy answers, and refreshes of copies.

    Args:
        cache: Where the answers are kept.
        fetcher: Asks the origins.
        flights: What is under way.
        limits: How much may be kept.
        clock: Gives the time in unix seconds.
        is_current: Whether a plan is of the rules that hold now: others fill no cache.
    """

    def __init__(
        self,
        cache: Cache,
        fetcher: Fetcher,
        flights: Flights,
        *,
        limits: Limits,
        clock: Callable[[], float],
        is_current: Callable[[Plan], bool],
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._flights = flights
        self._carrier = Carrier(cache, fetcher, flights, limits, clock)
        self._clock = clock
        self._is_current = is_current

    def refresh(self, plan: Plan, story: Story, key: Key, body: bytes | None, copy: Copy) -> None:
        """Begin to fetch a fresh copy, unless such a request begins none, or it is on its way (E6, E15).

        Args:
            plan: The request that the copy answers.
            story: What is told of it.
            key: The cache key.
            body: The body of the request, which is part of the key; None without one.
            copy: The copy that is to be replaced.
        """
        slot = key, copy.variant
        request = plan.request
        is_silent = request.method == "HEAD" or not plan.may_refresh or forbids_storing(request.headers)
        if not is_silent and self._flights.to(slot) is None and not self._fetcher.rests(plan):
            flight = self._flight(plan, slot)
            self._carrier.start(flight, Errand(plan, Story(begun_by=story), body, copy), is_background=True)

    async def response(
        self, plan: Plan, story: Story, key: Key, body: bytes | None, copy: Copy | None
    ) -> EdgeResponse:
        """Return the response to a request that no copy answers, from a fetch of its own or of another.

        Args:
            plan: The request.
            story: Told what becomes of it.
            key: The cache key.
            body: The body of the request, which is part of the key; None without one.
            copy: The expired copy, if there is one: the origin is asked whether it is still good.
        """
        headers = plan.request.headers
        names, alone = self._cache.names(key), self._flights.is_marked(key)
        while True:
            slot = key, selecting(names, headers)
            under_way = None if alone else self._flights.to(slot)
            flight = under_way or self._flight(plan, slot)
            reader = flight.filling.reader()
            if under_way is None:
                self._carrier.start(flight, Errand(plan, story, body, copy), is_shared=not alone)
            is_mine = under_way is None
            try:
                landing = await asyncio.shield(flight.head)
                told = tuple(name for name, _ in landing.variant)
                if is_mine or (landing.kind != "passed" and selecting(told, headers) == landing.variant):
                    return await self._landed(plan, story, flight, landing, reader, is_mine=is_mine)
            except BaseException:  # the client has left, or nothing can be made of it
                await reader.aclose()
                if is_mine:
                    await flight.abandon()
                raise
            await reader.aclose()
            alone = alone or landing.kind == "passed"
            names = told

    def _flight(self, plan: Plan, slot: Slot) -> Flight:
        """Return a flight that has not begun; what rules of before ask for is not kept under those of now."""
        flight = self._carrier.flight(slot)
        flight.is_void = not self._is_current(plan)
        return flight

    async def _landed(
        self, plan: Plan, story: Story, flight: Flight, landing: Landing, reader: Reader, *, is_mine: bool
    ) -> EdgeResponse:
        """Return the response that a flight gives to one of those who waited for it."""
        story.reason = landing.reason
        story.cache, story.is_collapsed = "miss" if is_mine else "joined", not is_mine
        story.is_stored = landing.kind == "kept" and not flight.is_void
        if landing.fetched is not None:
            story.answered = landing.fetched.status
        if landing.kind == "kept":
            return await self._follow(plan, story, flight, landing, reader)
        await reader.aclose()
        if landing.copy is not None:
            how: CacheStatus = "stale-error" if landing.error is not None else "revalidated"
            story.is_stored = how == "revalidated" and not flight.is_void
            return outcomes.from_copy(plan, story, landing.copy, how, self._clock())
        if landing.kind == "passed" and landing.fetched is not None:
            story.cache = "pass"
            return await outcomes.passed(plan, story, landing.fetched)
        assert landing.error is not None
        return outcomes.failed(story, landing.error)

    async def _follow(
        self, plan: Plan, story: Story, flight: Flight, landing: Landing, reader: Reader
    ) -> EdgeResponse:
        """Return the response with an answer that is on its way into the cache."""
        coming = landing.copy
        assert coming is not None
        story.ttl, story.age = coming.keep.fresh, coming.age
        seen = delivery.shown_of(plan, coming)
        story.answer, story.late_rules = coming.answer, seen.late_rules
        if flight.done.done() or delivery.needs_whole(plan, seen):
            copy = flight.done.result() if flight.done.done() else await asyncio.shield(flight.done)
            if copy is not None:
                await reader.aclose()
                return delivery.from_copy(plan, copy, seen, copy.age + copy.resident(self._clock()))
        headers = seen.at_age(coming.age + coming.resident(self._clock()))
        response = delivery.coming(plan, seen, coming.status, headers, reader)
        if response.body is not reader:
            await reader.aclose()
        return response
