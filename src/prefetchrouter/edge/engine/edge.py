"""`Edge`: answers requests under a rule set, from its cache where it can (rules E5 to E30)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from prefetchrouter.catalog import keys
from prefetchrouter.edge.cache import Cache, Copy
from prefetchrouter.edge.cache.absent import PURGED, RULES_CHANGED
from prefetchrouter.edge.cache.copy import Key
from prefetchrouter.edge.engine import delivery, outcomes
from prefetchrouter.edge.engine.bodies import beginning, body_key
from prefetchrouter.edge.engine.cache_status import Mode, with_cache_status
from prefetchrouter.edge.engine.changes import SAFE, changed_addresses
from prefetchrouter.edge.engine.debugging import ASKING, with_debug_headers
from prefetchrouter.edge.engine.fetching import Fetcher
from prefetchrouter.edge.engine.flights import Flights
from prefetchrouter.edge.engine.plan import BYTES_OF_A_DECISION, MOST_REMEMBERED, Plan, Planner
from prefetchrouter.edge.engine.prefetching import carried_on, is_prefetch
from prefetchrouter.edge.engine.sharing import Sharing
from prefetchrouter.edge.engine.standing_in import stood_for
from prefetchrouter.edge.engine.synthetic import made
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
    close,
)
from prefetchrouter.errors import RegexCostError
from prefetchrouter.freshness import spoken
from prefetchrouter.http.message import Fact
from prefetchrouter.http.request_target import TargetRefusal, canonical_target
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.http_cache.outcome import is_usable
from prefetchrouter.http_cache.prefetches import is_cached_only, shows_no_page
from prefetchrouter.http_cache.storage import (
    FAILURES,
    asks_origin,
    only_if_cached,
    reason_to_pass,
    serves_on_error,
    state,
)
from prefetchrouter.http_cache.vary import selecting
from prefetchrouter.rules.rule_set import RuleSet

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


def shares(cache_bytes: int) -> tuple[int, int]:
    """Return how many decisions are remembered, and how many bytes stored responses may take.

    Both together take what the limit says: an eighth of it, or less, goes to decisions.

    Example:
        >>> shares(256 * 2**20)
        (8192, 243269632)
    """
    most = min(MOST_REMEMBERED, cache_bytes // 8 // BYTES_OF_A_DECISION)
    return max(1, most), cache_bytes - most * BYTES_OF_A_DECISION


class Edge:
    """A shared cache that obeys a rule set.

    It does no input or output of its own: requests come as `EdgeRequest`, and `origins` asks the origins.

    Args:
        rules: The rules.
        origins: Who asks the origins.
        limits: How much it takes.
        clock: Gives the time in unix seconds.
        facts: What rules are told about every visitor, such as ``{"location.country": "DE"}``.
        cache_status: Whether responses carry Cache-Status; ``"debug"`` adds cache key and rule to all.
    """

    def __init__(
        self,
        rules: RuleSet,
        origins: Asks,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        facts: Mapping[str, Fact] | None = None,
        cache_status: Mode = "off",
    ) -> None:
        self.limits = limits or Limits()
        self._remembered, for_copies = shares(self.limits.cache_bytes)
        self.cache = Cache(for_copies, self.limits.variants)
        self._clock = clock
        self._cache_status = cache_status
        self._facts = dict(facts or {})
        self._planner = Planner(rules, self._facts, most=self._remembered)
        self._fetcher = Fetcher(origins, lambda request: self._planner.plan(request), clock)
        self._flights = Flights(clock, self.limits.uncacheable_seconds)
        self._sharing = Sharing(
            self.cache, self._fetcher, self._flights,
            limits=self.limits, clock=clock, is_current=lambda plan: self._planner.made(plan),
        )  # fmt: skip

    @property
    def rules(self) -> RuleSet:
        """The rules that hold now."""
        return self._planner.rules

    def use(self, rules: RuleSet) -> None:
        """Obey other rules from now on; the copies are forgotten, since they were kept under the old ones."""
        self._planner = Planner(rules, self._facts, most=self._remembered)
        self._flights.void()
        self.cache.clear(RULES_CHANGED)

    def purge(self) -> None:
        """Forget all copies, and keep nothing of what is under way."""
        self._flights.void()
        self.cache.clear()

    def forget(self, key: Key) -> int:
        """Forget the copies of a key and what is under way to its address; return how many there were."""
        self._flights.void(key[0])
        return self.cache.remove(key, PURGED)

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
        target = canonical_target(request.path, request.query)
        if isinstance(target, TargetRefusal):
            return outcomes.unsound(story, target), story
        if target.path != request.path or target.query != request.query:
            request = request._replace(path=target.path, query=target.query)
        if request.headers.get("connection", "keep-alive") not in _NAMING_NOTHING:
            request = request._replace(headers=end_to_end_headers(request.headers))
        try:
            plan = self._planner.plan(request)
            response = await self._answer(plan, story)
            may_debug = request.headers.has_any(_DEBUGGING) and plan.is_on(keys.headers.debug_header)
            if may_debug:
                response = with_debug_headers(response, request.headers, story)
            if plan.foreign or is_prefetch(request.query):
                response = await self._for_prefetch(plan, story, response)
        except RegexCostError as error:
            return outcomes.too_costly(story, error), story
        if self._cache_status != "off":
            response = with_cache_status(
                response,
                request.headers,
                story,
                mode=self._cache_status,
                may_ask=may_debug,  # pyright: ignore[reportArgumentType]
            )
        return response, story

    async def _for_prefetch(self, plan: Plan, story: Story, response: EdgeResponse) -> EdgeResponse:
        """Return what a prefetch gets: no redirect into the open, and nothing that is no page (E6, E33)."""
        if shows_no_page(response.status, plan.request.headers):
            await close(response.body)
            response = outcomes.without_a_page(plan, story, response.status)
        story.foreign = plan.foreign
        story.prefetch = _PREFETCH.get(story.cache, "fetched")
        if story.prefetch != "refused" and not is_usable(
            response.status, is_foreign=plan.foreign is not None
        ):
            story.prefetch = "unusable"
        if "location" in response.headers and is_cached_only(plan.request.query):
            response = carried_on(response, plan.request)
        return response

    async def _answer(self, plan: Plan, story: Story) -> EdgeResponse:
        response = made(plan.decision)
        if response is None and (meant := stood_for(plan, self._planner)) is not plan:
            plan, response = meant, made(meant.decision)
        if plan.decision.refusal is not None:
            return outcomes.unsound(story, plan.decision.refusal)
        story.rules = plan.remembered.rules
        if response is not None:
            story.cache, story.reason = "made", "by the rules alone"
            return response
        reason = reason_to_pass(
            plan.decision, plan.request.method, plan.request.headers, has_body=plan.request.body is not None
        )
        body: bytes | Body | None = plan.request.body
        if reason is None and plan.request.method not in ("GET", "HEAD"):
            body, is_small = await beginning(
                body, plan.size(keys.caching.cacheable_request_body_size, 14_000)
            )
            reason = None if is_small else "the request body is too large to be part of a key"
        if reason is not None:
            return await self._pass(plan, story, body, reason)
        assert body is None or isinstance(body, bytes)
        key = plan.key if body is None else (*plan.key, *body_key(plan.request.headers, body))
        found, copy = self._at_once(plan, story, key, body)
        if found is not None:
            return found
        if plan.request.method == "HEAD":
            return await self._pass(plan, story, None, "HEAD, and there is no fresh copy of the GET", copy)
        return await self._sharing.response(plan, story, key, body, copy)

    def _at_once(
        self, plan: Plan, story: Story, key: Key, body: bytes | None
    ) -> tuple[EdgeResponse | None, Copy | None]:
        """Return the response that needs no origin, None when one has to be asked; and the copy, if any."""
        story.key = plan.remembered.key_text if body is None else " | ".join(key)
        now = self._clock()
        copy = self.cache.find(key, plan.request.headers)
        if copy is not None:
            resident = copy.resident(now)
            where = state(copy.keep, resident)
            seen = delivery.shown_of(plan, copy)
            is_empty = not copy.body and seen.handling.refetches_empty
            story.forward = "stale"
            if is_empty or asks_origin(plan.decision, plan.request.headers):
                story.forward = "stale" if where == "expired" else "request"
                where = "expired"
            if where == "fresh":
                if copy.keep.fresh - resident < seen.handling.ahead:
                    self._sharing.refresh(plan, story, key, body, copy)
                return outcomes.from_copy(plan, story, copy, "hit", now, seen), copy
            if where == "stale":
                self._sharing.refresh(plan, story, key, body, copy)
                return outcomes.from_copy(plan, story, copy, "stale", now, seen), copy
        else:
            story.forward = "vary-miss" if self.cache.names(key) else "uri-miss"
        if not plan.may_fetch:
            return outcomes.refused(plan, story, self._why_refused(plan, story, key, copy, now)), copy
        if only_if_cached(plan.request.headers):
            return outcomes.nothing_cached(story), copy
        if copy is not None and serves_on_error(copy.keep, copy.resident(now)) and self._fetcher.rests(plan):
            return outcomes.from_copy(plan, story, copy, "stale-error", now), copy
        return None, copy

    def _why_refused(self, plan: Plan, story: Story, key: Key, copy: Copy | None, now: float) -> str:
        """Return why no stored response answers a prefetch."""
        headers = plan.request.headers
        if copy is not None:
            story.answer = copy.answer
            ended = copy.resident(now) - copy.keep.fresh - copy.keep.stale
            if ended < 0:
                return "no-cache by the client" if asks_origin(plan.decision, headers) else "empty"
            return "expired on arrival" if copy.keep.fresh <= 0 else f"expired {spoken(round(ended))} ago"
        names = self.cache.names(key)
        if names:
            return f"stored for other requests only, by Vary: {', '.join(names)}"
        if self._flights.to((key, selecting(names, headers))) is not None:
            return "its response is still on its way"
        absence = self.cache.absent.why(key)
        story.answer = absence.answer
        return absence.reason if absence.answer is None else f"not stored: {absence.reason}"

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
        if story.forward is None:
            story.forward = "method" if reason == plan.request.method else "bypass"
        if not plan.may_fetch:
            return outcomes.refused(plan, story, reason)
        if only_if_cached(plan.request.headers):
            return outcomes.nothing_cached(story)
        try:
            fetched = await self._fetcher.fetch(plan, story, body=body)
        except OriginError as error:
            if copy is None:
                return outcomes.failed(story, error)
            story.reason = error.message
            return outcomes.from_copy(plan, story, copy, "stale-error", self._clock())
        if copy is not None and fetched.status in FAILURES:
            await fetched.answer.close()
            story.reason = f"the origin answered {fetched.status}"
            return outcomes.from_copy(plan, story, copy, "stale-error", self._clock())
        if plan.request.method not in SAFE and fetched.status < 400:
            for address in changed_addresses(plan, self._planner, fetched.response):
                self.cache.remove_address(address)
                self._flights.void(address)
        return await outcomes.passed(plan, story, fetched)
