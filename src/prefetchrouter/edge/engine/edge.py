"""`Edge`: a shared cache that obeys a rule set; runs the state machine of `machine` for each request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from prefetchrouter.catalog import keys
from prefetchrouter.edge.cache import Cache
from prefetchrouter.edge.cache.miss_reasons import PURGED, RULES_CHANGED
from prefetchrouter.edge.cache.stored_response import Key
from prefetchrouter.edge.engine import machine
from prefetchrouter.edge.engine.body_key import read_small_body
from prefetchrouter.edge.engine.cache_filler import CacheFiller
from prefetchrouter.edge.engine.cache_status import Mode, with_cache_status
from prefetchrouter.edge.engine.coalescing import Coalescer
from prefetchrouter.edge.engine.debug_headers import DEBUG_HEADER, with_debug_headers
from prefetchrouter.edge.engine.deliver import (
    deliver,
    invalid_target,
    refuse_without_a_page,
    too_costly,
)
from prefetchrouter.edge.engine.fetching import Fetcher
from prefetchrouter.edge.engine.hit_for_miss import HitForMiss
from prefetchrouter.edge.engine.in_flight import InFlightTable
from prefetchrouter.edge.engine.invalidation import SAFE, invalidated_addresses
from prefetchrouter.edge.engine.machine import (
    Failed,
    Fetch,
    FetchPast,
    Hash,
    Hit,
    Invalid,
    Lookup,
    Miss,
    Pass,
    Restart,
    StaleHit,
    StaleIfError,
    Uncacheable,
)
from prefetchrouter.edge.engine.plan import BYTES_OF_A_DECISION, MOST_DECISIONS, Planner, RequestPlan
from prefetchrouter.edge.engine.prefetching import (
    is_for_browser_cache,
    is_prefetch,
    kept_by_browser,
    with_prefetch_parameters,
)
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginClient, OriginError
from prefetchrouter.edge.request_trace import CacheStatus, PrefetchStatus, RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, close
from prefetchrouter.errors import RegexCostError
from prefetchrouter.freshness import spoken
from prefetchrouter.http.message import Fact
from prefetchrouter.http.request_target import TargetRefusal, canonical_target
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.http_cache.outcome import is_usable
from prefetchrouter.http_cache.prefetches import is_cached_only, shows_no_page
from prefetchrouter.http_cache.storage import wants_validation
from prefetchrouter.http_cache.vary import selecting
from prefetchrouter.rules.rule_set import RuleSet

_DEBUG = frozenset({DEBUG_HEADER})
_NAMES_NO_HEADER = frozenset({"keep-alive", "close", "Keep-Alive"})
"""The usual values of `Connection`: no header has to be removed then."""

_PREFETCH: dict[CacheStatus, PrefetchStatus] = {
    "hit": "hit",
    "stale": "hit",
    "stale-error": "hit",
    "refused": "refused",
    "synthetic": "synthetic",
}


def shares(cache_bytes: int) -> tuple[int, int]:
    """Return how many decisions are remembered, and how many bytes stored responses may use.

    Both together use what the limit says; at most an eighth is for decisions.

    Example:
        >>> shares(256 * 2**20)
        (8192, 243269632)
    """
    most = min(MOST_DECISIONS, cache_bytes // 8 // BYTES_OF_A_DECISION)
    return max(1, most), cache_bytes - most * BYTES_OF_A_DECISION


class Edge:
    """A shared cache that obeys a rule set.

    It does no I/O: requests come as `EdgeRequest`, and `origins` sends requests to the origins.

    Args:
        rules: The rules.
        origins: The client of the origins.
        limits: How much memory it uses.
        clock: Returns the time in unix seconds.
        facts: Facts about every visitor for the rules, such as ``{"location.country": "DE"}``.
        cache_status: Whether responses have `Cache-Status`; ``"debug"`` adds cache key and rule to all.
    """

    def __init__(
        self,
        rules: RuleSet,
        origins: OriginClient,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        facts: Mapping[str, Fact] | None = None,
        cache_status: Mode = "off",
    ) -> None:
        self.limits = limits or Limits()
        self._most_decisions, for_responses = shares(self.limits.cache_bytes)
        self.cache = Cache(for_responses, self.limits.variants)
        self._clock = clock
        self._cache_status = cache_status
        self._facts = dict(facts or {})
        self._planner = Planner(rules, self._facts, most=self._most_decisions)
        self._fetcher = Fetcher(origins, lambda request: self._planner.plan(request), clock)
        self._in_flight = InFlightTable()
        self._hit_for_miss = HitForMiss(clock, self.limits.uncacheable_seconds)
        self._filler = CacheFiller(
            self.cache, self._fetcher, self._in_flight, self._hit_for_miss, self.limits, clock
        )
        self._coalescer = Coalescer(
            self.cache, self._fetcher, self._filler, self._in_flight, self._hit_for_miss,
            is_current=lambda plan: self._planner.is_current(plan),
        )  # fmt: skip

    @property
    def rules(self) -> RuleSet:
        """The current rules."""
        return self._planner.rules

    def use(self, rules: RuleSet) -> None:
        """Obey other rules from now on, with an empty cache: it was filled under the earlier ones."""
        self._planner = Planner(rules, self._facts, most=self._most_decisions)
        self._in_flight.invalidate()
        self.cache.clear(RULES_CHANGED)

    def purge(self) -> None:
        """Remove all stored responses, and store nothing that is in flight."""
        self._in_flight.invalidate()
        self.cache.clear()

    def forget(self, key: Key) -> int:
        """Remove the stored responses of a key, also those in flight; return how many were stored."""
        self._in_flight.invalidate(key[0])
        return self.cache.remove(key, PURGED)

    def purge_tags(self, tags: Iterable[str]) -> int:
        """Remove the stored responses that have one of these tags; return how many there were.

        Nothing in flight is stored, since its tags are known only once its response has arrived.
        """
        self._in_flight.invalidate()
        return self.cache.purge_tags(frozenset(tags))

    def purge_url(self, url: EdgeRequest) -> int:
        """Remove the stored responses of a URL, also those in flight; return how many were stored.

        Args:
            url: A GET of the URL: the rules for it say how its cache keys begin.

        Raises:
            RegexCostError: A regular expression of the rules could take too long on it.
        """
        address = self._planner.plan(url).shared.decision.cache_key[0]
        self._in_flight.invalidate(address)
        return self.cache.invalidate(address, PURGED)

    def hosts(self) -> set[str]:
        """Return the hosts for which responses are stored or in flight."""
        return self.cache.hosts() | self._in_flight.hosts()

    async def idle(self) -> None:
        """Return when no fetch for the cache is in flight any more."""
        await self._in_flight.idle()

    async def close(self) -> None:
        """Finish the fetches for the cache, within the time limit."""
        await self._in_flight.close(self.limits.shutdown_seconds)

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        """Return the response to a request, and what happened.

        Args:
            request: The request; its body is read as far as necessary.
        """
        trace = RequestTrace()
        target = canonical_target(request.path, request.query)
        if isinstance(target, TargetRefusal):
            return invalid_target(trace, target), trace
        if target.path != request.path or target.query != request.query:
            request = request._replace(path=target.path, query=target.query)
        if request.headers.get("connection", "keep-alive") not in _NAMES_NO_HEADER:
            request = request._replace(headers=end_to_end_headers(request.headers))
        try:
            plan = self._planner.plan(request)
            response = await self._run(plan, trace)
            may_debug = request.headers.has_any(_DEBUG) and plan.shared.is_on(keys.headers.debug_header)
            if may_debug:
                response = with_debug_headers(response, request.headers, trace)
            if plan.foreign or is_prefetch(request.query):
                response = await self._for_prefetch(plan, trace, response)
        except RegexCostError as error:
            return too_costly(trace, error), trace
        if self._cache_status != "off":
            response = with_cache_status(
                response,
                request.headers,
                trace,
                mode=self._cache_status,  # pyright: ignore[reportArgumentType]
                may_ask=may_debug,  # pyright: ignore[reportArgumentType]
            )
        return response, trace

    async def _run(self, plan: RequestPlan, trace: RequestTrace) -> EdgeResponse:
        """Run the state machine for a request: what a state calls for, until a state is final."""
        state: machine.State = machine.receive(plan, self._planner)
        if isinstance(state, Restart):
            plan = state.plan
            state = machine.receive(plan, self._planner)
        if not isinstance(state, Invalid):
            trace.rules = plan.shared.lines
        while True:
            match state:
                case Lookup():
                    state = self._look_up(plan, trace, state)
                case Miss():
                    state = self._miss(plan, trace, state)
                case Fetch():
                    trace.forward = state.forward
                    state = await self._coalescer.fetch(plan, trace, state)
                case Hash():
                    limit = plan.shared.size(keys.caching.cacheable_request_body_size, 14_000)
                    body, is_complete = await read_small_body(plan.request.body, limit)
                    state = machine.hash_body(plan, body, is_complete=is_complete)
                case Pass():
                    state = machine.pass_by(plan, state)
                case FetchPast():
                    trace.forward = state.forward
                    state = await self._fetch_past(plan, trace, state)
                case Restart():
                    raise AssertionError("a request restarts once")
                case _:
                    return await deliver(plan, trace, state, self._clock())

    def _look_up(self, plan: RequestPlan, trace: RequestTrace, lookup: Lookup) -> machine.State:
        key = lookup.key
        trace.key = plan.shared.key_text if lookup.body is None else " | ".join(key)
        stored = self.cache.find(key, plan.request.headers)
        has_variants = stored is None and bool(self.cache.vary_names(key))
        state = machine.look_up(plan, lookup, stored, self._clock(), has_variants=has_variants)
        if isinstance(state, StaleHit) or (isinstance(state, Hit) and state.is_ending):
            self._coalescer.refresh(plan, trace, lookup, state.stored)
        return state

    def _miss(self, plan: RequestPlan, trace: RequestTrace, state: Miss) -> machine.State:
        now = self._clock()
        return machine.miss(
            plan, state, now,
            is_origin_down=self._fetcher.is_origin_down,
            why_not_stored=lambda: self._why_not_stored(plan, trace, state, now),
        )  # fmt: skip

    def _why_not_stored(self, plan: RequestPlan, trace: RequestTrace, state: Miss, now: float) -> str:
        """Return why no stored response answers a prefetch."""
        headers, key, expired = plan.request.headers, state.lookup.key, state.expired
        if expired is not None:
            trace.origin_response = expired.original
            policy = expired.policy
            ended = expired.resident_time(now) - policy.fresh - policy.stale
            if ended < 0:
                by_client = wants_validation(plan.shared.decision, headers)
                return "no-cache by the client" if by_client else "empty"
            return "expired on arrival" if policy.fresh <= 0 else f"expired {spoken(round(ended))} ago"
        names = self.cache.vary_names(key)
        if names:
            return f"stored for other requests only, by Vary: {', '.join(names)}"
        if self._in_flight.joinable((key, selecting(names, headers))) is not None:
            return "its response is still on its way"
        found = self.cache.miss_reasons.reason_for(key)
        trace.origin_response = found.response
        return found.reason if found.response is None else f"not stored: {found.reason}"

    async def _fetch_past(
        self, plan: RequestPlan, trace: RequestTrace, state: FetchPast
    ) -> Uncacheable | StaleIfError | Failed:
        """Fetch past the cache; a successful unsafe request invalidates what is stored for its URL."""
        try:
            fetched = await self._fetcher.fetch(plan, trace, body=state.body)
        except OriginError as error:
            return machine.fetch_failed(state.expired, error, self._clock())
        result = machine.fetched_past(state, fetched, self._clock())
        if isinstance(result, StaleIfError):
            await fetched.origin_response.close()
        elif plan.request.method not in SAFE and fetched.status < 400:
            for address in invalidated_addresses(plan, self._planner, fetched.response):
                self.cache.invalidate(address)
                self._in_flight.invalidate(address)
        return result

    async def _for_prefetch(
        self, plan: RequestPlan, trace: RequestTrace, response: EdgeResponse
    ) -> EdgeResponse:
        """Return the response to a prefetch: it leads to no origin, and shows a page (E6, E33)."""
        if shows_no_page(response.status, plan.request.headers):
            await close(response.body)
            response = refuse_without_a_page(plan, trace, response.status)
        trace.foreign = plan.foreign
        trace.prefetch = _PREFETCH.get(trace.cache, "fetched")
        if trace.prefetch != "refused" and not is_usable(
            response.status, is_foreign=plan.foreign is not None
        ):
            trace.prefetch = "unusable"
        if "location" in response.headers and is_cached_only(plan.request.query):
            response = with_prefetch_parameters(response, plan.request)
        if is_for_browser_cache(plan.request.query):
            response = kept_by_browser(response, plan.shared.decision, self._clock())
        return response
