"""`Coalescer`: requests for the same response share one fetch, and read its body while it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prefetchrouter.edge.cache import Cache, StoredResponse
from prefetchrouter.edge.engine.cache_filler import CacheFiller, FillJob
from prefetchrouter.edge.engine.client_view import client_view_of
from prefetchrouter.edge.engine.deliver import needs_complete_body
from prefetchrouter.edge.engine.fetching import Fetcher
from prefetchrouter.edge.engine.hit_for_miss import HitForMiss
from prefetchrouter.edge.engine.in_flight import InFlight, InFlightTable, Slot
from prefetchrouter.edge.engine.machine import (
    Failed,
    Fetch,
    FetchResult,
    Lookup,
    Revalidated,
    StaleIfError,
    StoreAndUse,
    Streamed,
    Uncacheable,
    is_for_one,
    may_be_shared,
    variant_of,
)
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.engine.stream_buffer import BufferReader
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.http_cache.storage import forbids_storing
from prefetchrouter.http_cache.vary import selecting


class Coalescer:
    """Fetches into the cache for requests that no stored response answers, and refreshes stored responses.

    Args:
        cache: The cache.
        fetcher: Sends the requests to origins.
        filler: Fetches into the cache.
        table: The fetches in flight.
        hit_for_miss: The keys whose requests are not coalesced.
        is_current: Whether a plan was made by the current rules: others store nothing.
    """

    def __init__(
        self,
        cache: Cache,
        fetcher: Fetcher,
        filler: CacheFiller,
        table: InFlightTable,
        hit_for_miss: HitForMiss,
        is_current: Callable[[RequestPlan], bool],
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._filler = filler
        self._table = table
        self._hit_for_miss = hit_for_miss
        self._is_current = is_current

    def refresh(self, plan: RequestPlan, trace: RequestTrace, lookup: Lookup, stored: StoredResponse) -> None:
        """Start to fetch a fresh response in the background, unless that is in flight already.

        A HEAD, a prefetch and a request with `no-store` start no refresh.

        Args:
            plan: The request that the stored response answers.
            trace: The trace of that request.
            lookup: Its cache key and body.
            stored: The response to replace.

        Source: RFC 5861 section 3; requirements E6 and E15.
        """
        slot = lookup.key, stored.variant
        request = plan.request
        may_start = request.method != "HEAD" and plan.may_refresh and not forbids_storing(request.headers)
        if may_start and self._table.joinable(slot) is None and not self._fetcher.is_origin_down(plan):
            job = FillJob(plan, RequestTrace(refresh_of=trace), lookup.body, stored)
            self._filler.start(self._prepare(plan, slot), job, is_background=True)

    async def fetch(
        self, plan: RequestPlan, trace: RequestTrace, state: Fetch
    ) -> Streamed | Revalidated | Uncacheable | StaleIfError | Failed:
        """Return what came of the fetch that a request starts, or of one in flight that it waits for.

        Args:
            plan: The request.
            trace: Its trace.
            state: What to fetch.

        Source: RFC 9111 section 4 (collapsed requests); requirement E19.
        """
        headers, key = plan.request.headers, state.lookup.key
        names, is_alone = self._cache.vary_names(key), key in self._hit_for_miss
        while True:
            slot = key, selecting(names, headers)
            joined = None if is_alone else self._table.joinable(slot)
            in_flight = joined or self._prepare(plan, slot)
            reader = in_flight.buffer.reader()
            if joined is None:
                job = FillJob(plan, trace, state.lookup.body, state.expired)
                self._filler.start(in_flight, job, is_shared=not is_alone)
            try:
                result = await asyncio.shield(in_flight.head)
                if joined is None or may_be_shared(result, headers):
                    trace.is_collapsed = joined is not None
                    return await self._use(plan, trace, in_flight, result, reader)
            except BaseException:  # the client has disconnected, or the response cannot be used
                await reader.aclose()
                if joined is None:
                    await in_flight.abandon()
                raise
            await reader.aclose()
            # The response is not for this request: it was one client's own, or varies by other headers.
            is_alone = is_alone or is_for_one(result)
            names = tuple(name for name, _ in variant_of(result))

    def _prepare(self, plan: RequestPlan, slot: Slot) -> InFlight:
        """Return a fetch that has not started; one by earlier rules stores nothing under the current ones."""
        in_flight = self._filler.prepare(slot)
        in_flight.is_invalidated = not self._is_current(plan)
        return in_flight

    async def _use(
        self,
        plan: RequestPlan,
        trace: RequestTrace,
        in_flight: InFlight,
        result: FetchResult,
        reader: BufferReader,
    ) -> Streamed | Revalidated | Uncacheable | StaleIfError | Failed:
        """Return the state of one of the requests that waited for a fetch."""
        is_stored = isinstance(result, StoreAndUse | Revalidated) and not is_for_one(result)
        trace.is_stored = is_stored and not in_flight.is_invalidated
        if isinstance(result, StoreAndUse):
            trace.origin_status = result.fetched.status
            return await self._stream(plan, in_flight, result.stored, reader)
        await reader.aclose()
        if isinstance(result, Uncacheable):
            trace.origin_status = result.fetched.status
        return result

    async def _stream(
        self, plan: RequestPlan, in_flight: InFlight, stored: StoredResponse, reader: BufferReader
    ) -> Streamed:
        view = client_view_of(plan, stored)
        done = in_flight.done
        if done.done():
            is_stored = done.result() is not None
        else:
            is_stored = needs_complete_body(plan, view) and await asyncio.shield(done) is not None
        if not is_stored:
            return Streamed(stored, view, reader)
        await reader.aclose()
        return Streamed(stored, view, None)
