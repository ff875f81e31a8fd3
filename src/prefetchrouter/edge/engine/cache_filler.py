"""`CacheFiller`: fetches responses into the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prefetchrouter.edge.cache import Cache, StoredResponse
from prefetchrouter.edge.engine.fetching import Fetched, Fetcher
from prefetchrouter.edge.engine.hit_for_miss import HitForMiss
from prefetchrouter.edge.engine.in_flight import InFlight, InFlightTable, Slot
from prefetchrouter.edge.engine.machine import (
    FetchResult,
    Revalidated,
    StoreAndUse,
    Uncacheable,
    fetch_failed,
    fetched_response,
)
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.engine.storing import storable, unstorable
from prefetchrouter.edge.engine.stream_buffer import MemoryBudget, StreamBuffer
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import pieces
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import FAILURES, NotStorable, forbids_storing
from prefetchrouter.http_cache.validation import conditional_headers, freshened, is_about


class FillJob(NamedTuple):
    """A fetch for the cache.

    Args:
        plan: The request that causes it.
        trace: Where the requests to origins are recorded.
        body: The body of the request, which is part of its key; None without one.
        expired: The stored response to revalidate or replace; None without one.
    """

    plan: RequestPlan
    trace: RequestTrace
    body: bytes | None
    expired: StoredResponse | None


class CacheFiller:
    """Fetches responses into the cache.

    Args:
        cache: The cache.
        fetcher: Sends the requests to origins.
        table: The fetches in flight.
        hit_for_miss: The keys whose responses could not be stored.
        limits: How much may be stored.
        clock: Returns the time in unix seconds.
    """

    def __init__(
        self,
        cache: Cache,
        fetcher: Fetcher,
        table: InFlightTable,
        hit_for_miss: HitForMiss,
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._table = table
        self._hit_for_miss = hit_for_miss
        self._limits = limits
        self._clock = clock
        self.budget = MemoryBudget(limits.under_way_bytes)

    def prepare(self, slot: Slot) -> InFlight:
        """Return a fetch that has not started yet."""
        limits = self._limits
        return InFlight(slot, StreamBuffer(limits.object_bytes, limits.buffered_bytes, self.budget))

    def start(
        self, in_flight: InFlight, job: FillJob, *, is_shared: bool = True, is_background: bool = False
    ) -> None:
        """Start a fetch.

        Args:
            in_flight: The fetch.
            job: What to fetch.
            is_shared: Whether further requests may wait for it.
            is_background: Whether no request waits for it.
        """

        async def work(in_flight: InFlight) -> None:
            await self._fill(in_flight, job, is_background=is_background)

        self._table.start(in_flight, work, is_shared=is_shared)

    async def _fill(self, in_flight: InFlight, job: FillJob, *, is_background: bool) -> None:
        key, expired = in_flight.slot[0], job.expired
        try:
            fetched, is_valid = await self._fetch(job)
        except OriginError as error:
            if expired is None:
                self._cache.miss_reasons.record(key, f"the origin gave no response: {error.message}")
            self._table.leave(in_flight)
            in_flight.resolve(fetch_failed(expired, error, self._clock()))
            return
        try:
            if expired is not None and is_valid:
                result: FetchResult = self._revalidated(in_flight, job, fetched, expired)
            else:
                candidate = storable(job.plan, key, fetched, fetched.response, self._limits.object_bytes)
                result = fetched_response(expired, fetched, candidate, self._clock())
                self._record(key, job, result)
            if isinstance(result, StoreAndUse):
                self._store_complete(in_flight, job, result)
            in_flight.resolve(result)
            match result:
                case Uncacheable():
                    self._table.leave(in_flight)
                    if not is_background and not in_flight.is_abandoned:
                        return  # the response now belongs to the first client, which closes it
                case StoreAndUse(stored) if not in_flight.done.done():
                    await self._read_body(in_flight, job, fetched, stored)
                case _:
                    pass
        except BaseException:
            self._table.leave(in_flight)
            await fetched.origin_response.close()
            raise
        # To close may take a while. Requests that come meanwhile find what is stored, or start another fetch.
        self._table.leave(in_flight)
        await fetched.origin_response.close()

    async def _fetch(self, job: FillJob) -> tuple[Fetched, bool]:
        """Return the origin's response, and whether it is a 304 that confirms the stored one."""
        plan, trace, body, expired = job
        conditions = conditional_headers(expired.original.fields) if expired is not None else HeaderFields()
        fetched = await self._fetcher.fetch(plan, trace, body=body, whole=True, conditions=conditions)
        if expired is None or not conditions or fetched.status != 304:
            return fetched, False
        if is_about(expired.original.fields, fetched.response.fields):
            return fetched, True
        # A 304 about another response (RFC 9111 section 4.3.4): ask again, without conditions.
        await fetched.origin_response.close()
        return await self._fetcher.fetch(plan, trace, body=body, whole=True), False

    def _record(self, key: tuple[str, ...], job: FillJob, result: FetchResult) -> None:
        """Update what is known of a key: hit-for-miss, the reason of a miss, an outdated response."""
        match result:
            case Uncacheable(reason, fetched):
                self._hit_for_miss.mark(key)
                self._discard_outdated(job, fetched.status)
                self._cache.miss_reasons.record(key, reason.removeprefix("not stored: "), fetched.response)
            case _:
                pass

    def _discard_outdated(self, job: FillJob, status: int) -> None:
        """Remove the stored response that a newer one would have replaced, which is not stored (E10).

        It stays if the newer one is a failure, or if the client asks that nothing of its response be stored.

        Args:
            job: The fetch.
            status: The status of the newer response.
        """
        if job.expired is None or status in FAILURES or forbids_storing(job.plan.request.headers):
            return
        self._cache.discard(job.expired)

    def _revalidated(
        self, in_flight: InFlight, job: FillJob, fetched: Fetched, expired: StoredResponse
    ) -> Revalidated:
        """Update the stored response with the headers of a 304 (RFC 9111 sections 3.2 and 4.3.4)."""
        key, plan = in_flight.slot[0], job.plan
        response = Response(
            expired.original.status, freshened(expired.original.fields, fetched.response.fields)
        )
        updated = storable(plan, key, fetched, response, self._limits.object_bytes)
        if isinstance(updated, NotStorable):
            self._discard_outdated(job, fetched.status)
            self._hit_for_miss.mark(key)
            self._cache.miss_reasons.record(key, updated.reason, response)
            decision = plan.shared.with_response(response)
            once = unstorable(expired.key, expired.variant, decision, fetched, response)
            once.body = expired.body
            return Revalidated(once, updated.reason)
        updated.body, updated.hits = expired.body, expired.hits
        updated.size += len(expired.body)
        if not in_flight.is_invalidated:
            if updated.variant != expired.variant:
                self._cache.discard(expired)
            self._keep(job, updated)
        return Revalidated(updated)

    def _store_complete(self, in_flight: InFlight, job: FillJob, result: StoreAndUse) -> None:
        """Store a response whose body arrived with its head, so that nothing has to be streamed."""
        body = result.fetched.origin_response.body
        if isinstance(body, bytes) and len(body) <= self._limits.object_bytes:
            self._store(in_flight, job, result.stored, body)

    def _keep(self, job: FillJob, stored: StoredResponse) -> None:
        """Store a response, after which requests for its key are coalesced again."""
        if self._cache.store(stored):
            self._hit_for_miss.unmark(stored.key)
        else:
            self._discard_outdated(job, stored.original.status)

    def _store(self, in_flight: InFlight, job: FillJob, stored: StoredResponse, body: bytes) -> None:
        stored.body = body
        stored.size += len(body)
        if not in_flight.is_invalidated:
            self._keep(job, stored)
        else:
            self._cache.miss_reasons.record(stored.key, "the cache was purged while it was in flight")
        in_flight.done.set_result(stored)

    async def _read_body(
        self, in_flight: InFlight, job: FillJob, fetched: Fetched, stored: StoredResponse
    ) -> None:
        largest = self._limits.object_bytes

        def give_up() -> None:
            self._hit_for_miss.mark(stored.key)
            self._discard_outdated(job, fetched.status)
            reason = f"larger than {largest} bytes, or than the memory that is left"
            self._cache.miss_reasons.record(stored.key, reason)
            in_flight.done.set_result(None)

        try:
            body = await in_flight.buffer.fill(pieces(fetched.origin_response.body), give_up)
        except OriginError:
            self._cache.miss_reasons.record(stored.key, "its body broke off")
            return  # the readers get the error from the buffer
        if body is not None:
            self._store(in_flight, job, stored, body)
