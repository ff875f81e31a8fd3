"""`Edge`: answers requests under a rule set, from its cache where it can (rules E5 to E28)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from hashlib import sha256

from prefetchrouter.edge.cache import Cache, Copy
from prefetchrouter.edge.cache.copy import Key
from prefetchrouter.edge.engine import delivery
from prefetchrouter.edge.engine.bodies import beginning
from prefetchrouter.edge.engine.carrying import Carrier
from prefetchrouter.edge.engine.changes import SAFE, changed_addresses
from prefetchrouter.edge.engine.debugging import ASKING, with_debug_headers
from prefetchrouter.edge.engine.fetching import Fetched, Fetcher
from prefetchrouter.edge.engine.filling import Reader
from prefetchrouter.edge.engine.flights import Flight, Flights, Landing, Place
from prefetchrouter.edge.engine.plan import Plan, Planner, is_cached_only
from prefetchrouter.edge.engine.redirects import carried_on
from prefetchrouter.edge.engine.standing_in import stood_for
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import (
    Asks,
    Body,
    CacheStatus,
    EdgeRequest,
    EdgeResponse,
    OriginError,
    PrefetchStatus,
    Story,
)
from prefetchrouter.edge.policy.forwarding import client_headers
from prefetchrouter.edge.policy.keeping import (
    FAILURES,
    asks_origin,
    forbids_storing,
    only_if_cached,
    reason_to_pass,
    serves_on_error,
    state,
)
from prefetchrouter.edge.policy.vary import selecting
from prefetchrouter.http import Fact
from prefetchrouter.rules.rule_set import RuleSet


class Edge:
    """A shared cache that obeys a rule set.

    It does no input or output of its own: requests come as `EdgeRequest`, and `origins` asks the origins.

    Args:
        rules: The rules.
        origins: Who asks the origins.
        limits: How much it takes.
        clock: Gives the time in unix seconds.
        facts: What rules are told about every visitor, such as ``{"location.country": "DE"}``.
    """

    def __init__(
        self,
        rules: RuleSet,
        origins: Asks,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.cache = Cache(self.limits.cache_bytes, self.limits.variants)
        self._clock = clock
        self._facts = dict(facts or {})
        self._planner = Planner(rules, self._facts)
        self._fetcher = Fetcher(origins, clock)
        self._flights = Flights(clock, self.limits.uncacheable_seconds)
        self._carrier = Carrier(self.cache, self._fetcher, self._flights, self.limits, clock)

    @property
    def rules(self) -> RuleSet:
        """The rules that hold now."""
        return self._planner.rules

    def use(self, rules: RuleSet) -> None:
        """Obey other rules from now on; the copies are forgotten, since they were kept under the old ones."""
        self._planner = Planner(rules, self._facts)
        self._flights.void()
        self.cache.clear()

    def purge(self) -> None:
        """Forget all copies, and keep nothing of what is under way."""
        self._flights.void()
        self.cache.clear()

    def forget(self, key: Key) -> int:
        """Forget the copies of a key and what is under way to its address; return how many there were."""
        self._flights.void(key[0])
        return self.cache.remove(key)

    async def idle(self) -> None:
        """Return when nothing is under way to the cache any more."""
        await self._flights.idle()

    async def close(self) -> None:
        """Finish what is under way to the cache, within the time that the limits give."""
        await self._flights.close(self.limits.shutdown_seconds)

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, Story]:
        """Return the response to a request, and what happened.

        Args:
            request: The request; its body, if any, is read as far as it is needed.
        """
        story = Story()
        if request.headers.get("connection", "keep-alive") not in _NAMING_NOTHING:
            request = request._replace(headers=client_headers(request.headers))
        plan = self._planner.plan(request)
        response = await self._answer(plan, story)
        if request.headers.has_any(_DEBUGGING) and plan.is_on("headers.debug_header"):
            response = with_debug_headers(response, request.headers, story)
        if "edgio_" in request.query and _is_prefetch(request.query):
            story.prefetch = _PREFETCH.get(story.cache, "fetched")
            if "location" in response.headers and is_cached_only(request.query):
                response = carried_on(response, request)
        return response, story

    async def _answer(self, plan: Plan, story: Story) -> EdgeResponse:
        plan = stood_for(plan, self._planner)
        story.rules = plan.remembered.rules
        response = delivery.made(plan.decision)
        if response is not None:
            story.cache, story.reason = "made", "by the rules alone"
            return response
        reason = reason_to_pass(plan.decision, plan.request)
        body: bytes | Body | None = plan.request.body
        if reason is None and plan.request.method not in ("GET", "HEAD"):
            body, is_small = await beginning(body, plan.size("caching.cacheable_request_body_size", 14_000))
            reason = None if is_small else "the request body is too large to be part of a key"
        if reason is not None:
            return await self._pass(plan, story, body, reason)
        assert body is None or isinstance(body, bytes)
        key = plan.key if body is None else (*plan.key, f"body {sha256(body).hexdigest()}")
        return await self._cached(plan, story, key, body)

    async def _cached(self, plan: Plan, story: Story, key: Key, body: bytes | None) -> EdgeResponse:
        story.key = plan.remembered.key_text if body is None else " | ".join(key)
        now = self._clock()
        copy = self.cache.find(key, plan.request.headers)
        if copy is not None:
            resident = copy.resident(now)
            where = state(copy.keep, resident)
            seen = delivery.shown_of(plan, copy)
            is_empty = not copy.body and seen.refetches_empty
            if is_empty or asks_origin(plan.decision, plan.request):
                where = "expired"
            if where == "fresh":
                if copy.keep.fresh - resident < seen.ahead:
                    self._refresh(plan, story, key, body, copy)
                return _delivered(plan, story, copy, seen, resident, "hit")
            if where == "stale":
                self._refresh(plan, story, key, body, copy)
                return _delivered(plan, story, copy, seen, resident, "stale")
        if not plan.may_fetch:
            return _refuse(story, "not cached" if copy is None else "the copy has expired")
        if only_if_cached(plan.request):
            return _nothing_cached(story)
        if copy is not None and serves_on_error(copy.keep, copy.resident(now)) and self._rests(plan):
            return self._deliver(plan, story, copy, now, "stale-error")
        if plan.request.method == "HEAD":
            return await self._pass(plan, story, None, "HEAD, and there is no fresh copy of the GET", copy)
        return await self._fetch(plan, story, key, body, copy)

    def _rests(self, plan: Plan) -> bool:
        """Return whether an origin that failed is left alone for a while (rule E17)."""
        seconds = plan.seconds("caching.revalidate_while_stale_timer")
        return seconds is not None and self._fetcher.failed_within(plan.decision.origin, seconds)

    def _deliver(self, plan: Plan, story: Story, copy: Copy, now: float, how: CacheStatus) -> EdgeResponse:
        return _delivered(plan, story, copy, delivery.shown_of(plan, copy), copy.resident(now), how)

    def _refresh(self, plan: Plan, story: Story, key: Key, body: bytes | None, copy: Copy) -> None:
        """Begin to fetch a fresh copy, unless such a request begins none, or it is on its way (E6, E15)."""
        place = key, copy.variant
        request = plan.request
        is_silent = request.method == "HEAD" or is_cached_only(request.query) or forbids_storing(request)
        if not is_silent and self._flights.to(place) is None and not self._rests(plan):
            flight = self._flight(plan, place)
            self._carrier.start(flight, plan, Story(begun_by=story), body, copy, is_background=True)

    def _flight(self, plan: Plan, place: Place) -> Flight:
        """Return a flight that has not begun; what rules of before ask for is not kept under those of now."""
        flight = self._carrier.flight(place)
        flight.is_void = not self._planner.made(plan)
        return flight

    async def _fetch(
        self, plan: Plan, story: Story, key: Key, body: bytes | None, copy: Copy | None
    ) -> EdgeResponse:
        headers = plan.request.headers
        names, alone = self.cache.names(key), self._flights.is_marked(key)
        while True:
            place = key, selecting(names, headers)
            under_way = None if alone else self._flights.to(place)
            flight = under_way or self._flight(plan, place)
            reader = flight.filling.reader()
            if under_way is None:
                self._carrier.start(flight, plan, story, body, copy, is_shared=not alone)
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

    async def _landed(
        self, plan: Plan, story: Story, flight: Flight, landing: Landing, reader: Reader, *, is_mine: bool
    ) -> EdgeResponse:
        """Return the response that a flight gives to one of those who waited for it."""
        story.reason = landing.reason
        story.cache = "miss" if is_mine else "joined"
        if landing.kind == "kept":
            return await self._follow(plan, story, flight, landing, reader)
        await reader.aclose()
        if landing.copy is not None:
            how: CacheStatus = "stale-error" if landing.error is not None else "revalidated"
            return self._deliver(plan, story, landing.copy, self._clock(), how)
        if landing.kind == "passed" and landing.fetched is not None:
            story.cache = "pass"
            return await _passed(plan, landing.fetched)
        story.cache = "error"
        assert landing.error is not None
        return delivery.failed(landing.error)

    async def _follow(
        self, plan: Plan, story: Story, flight: Flight, landing: Landing, reader: Reader
    ) -> EdgeResponse:
        """Return the response with an answer that is on its way into the cache."""
        coming = landing.copy
        assert coming is not None
        story.ttl, story.age = coming.keep.fresh, coming.age
        seen = delivery.shown_of(plan, coming)
        if delivery.needs_whole(plan, seen):
            copy = await asyncio.shield(flight.done)
            if copy is not None:
                await reader.aclose()
                return delivery.from_copy(plan, copy, seen, copy.age + copy.resident(self._clock()))
        headers = seen.at_age(coming.age + coming.resident(self._clock()))
        response = delivery.coming(plan, seen, coming.status, headers, reader)
        if response.body is not reader:
            await reader.aclose()
        return response

    async def _pass(
        self,
        plan: Plan,
        story: Story,
        body: bytes | Body | None,
        reason: str,
        copy: Copy | None = None,
    ) -> EdgeResponse:
        """Ask the origin past the cache; an expired copy may do where the origin fails (E17)."""
        if copy is not None and not serves_on_error(copy.keep, copy.resident(self._clock())):
            copy = None
        story.cache, story.reason = "pass", reason
        if not plan.may_fetch:
            return _refuse(story, reason)
        if only_if_cached(plan.request):
            return _nothing_cached(story)
        try:
            fetched = await self._fetcher.fetch(plan, story, body=body)
        except OriginError as error:
            story.cache, story.reason = "error", error.message
            if copy is not None:
                return self._deliver(plan, story, copy, self._clock(), "stale-error")
            return delivery.failed(error)
        if copy is not None and fetched.status in FAILURES:
            await fetched.answer.close()
            story.reason = f"the origin answered {fetched.status}"
            return self._deliver(plan, story, copy, self._clock(), "stale-error")
        if plan.request.method not in SAFE and fetched.status < 400:
            for address in changed_addresses(plan, self._planner, fetched.response):
                self.cache.remove_address(address)
                self._flights.void(address)
        return await _passed(plan, fetched)


_DEBUGGING = frozenset({ASKING})
_NAMING_NOTHING = frozenset({"keep-alive", "close", "Keep-Alive"})
"""What `Connection` says most often; then there is no header to be taken away."""

_PREFETCH: dict[CacheStatus, PrefetchStatus] = {
    "hit": "hit",
    "stale": "hit",
    "stale-error": "hit",
    "refused": "refused",
    "made": "made",
}


def _is_prefetch(query: str) -> bool:
    return is_cached_only(query) or "edgio_dt_pf=1" in query.split("&")


def _delivered(
    plan: Plan, story: Story, copy: Copy, seen: delivery.Shown, resident: float, how: CacheStatus
) -> EdgeResponse:
    age = copy.age + resident
    story.cache, story.ttl, story.age = how, copy.keep.fresh - resident, age
    copy.hits += 1
    return delivery.from_copy(plan, copy, seen, age)


def _refuse(story: Story, reason: str) -> EdgeResponse:
    story.cache, story.reason = "refused", reason
    return delivery.refused()


def _nothing_cached(story: Story) -> EdgeResponse:
    story.cache, story.reason = "error", "only-if-cached, and there is no usable copy"
    return delivery.plain(504, "There is no usable copy.")


async def _passed(plan: Plan, fetched: Fetched) -> EdgeResponse:
    try:
        response = delivery.passed(plan, fetched)
    except BaseException:
        await fetched.answer.close()
        raise
    if isinstance(response.body, bytes):
        await fetched.answer.close()
    return response
