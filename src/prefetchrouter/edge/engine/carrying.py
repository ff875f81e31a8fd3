"""`Carrier`: fetches on behalf of the cache, and decides what becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prefetchrouter.edge.cache import Cache, Copy
from prefetchrouter.edge.cache.copy import Key, Variant
from prefetchrouter.edge.engine.fetching import Fetched, Fetcher
from prefetchrouter.edge.engine.filling import Filling, Room
from prefetchrouter.edge.engine.flights import Flight, Flights, Landing, Slot
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginError, Story, pieces
from prefetchrouter.edge.policy.redirect_storage import RedirectHop, storage_after_redirects
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.age import initial_age, with_date
from prefetchrouter.http_cache.storage import (
    FAILURES,
    StoragePolicy,
    forbids_storing,
    serves_on_error,
    storage_policy,
)
from prefetchrouter.http_cache.validation import conditional_headers, freshened, is_about
from prefetchrouter.http_cache.vary import selecting, vary_names


class Errand(NamedTuple):
    """For what an origin is asked on behalf of the cache.

    Args:
        plan: The request that causes it.
        story: Told what the origin gets.
        body: The body of the request, which is part of its key; None without one.
        copy: The expired copy that is to be replaced, or found still good; None without one.
    """

    plan: Plan
    story: Story
    body: bytes | None
    copy: Copy | None


class Carrier:
    """Brings answers from origins into the cache.

    Args:
        cache: The cache.
        fetcher: Asks the origins.
        flights: What is under way.
        limits: How much may be kept.
        clock: Gives the time in unix seconds.
    """

    def __init__(
        self, cache: Cache, fetcher: Fetcher, flights: Flights, limits: Limits, clock: Callable[[], float]
    ) -> None:
        self._cache = cache
        self._fetcher = fetcher
        self._flights = flights
        self._limits = limits
        self._room = Room(limits.under_way_bytes)
        self._clock = clock

    def flight(self, slot: Slot) -> Flight:
        """Return a flight that has not begun yet."""
        return Flight(slot, Filling(self._limits.object_bytes, self._limits.buffered_bytes, self._room))

    def start(
        self, flight: Flight, errand: Errand, *, is_shared: bool = True, is_background: bool = False
    ) -> None:
        """Let a flight begin.

        Args:
            flight: The flight.
            errand: For what.
            is_shared: Whether others may wait for it.
            is_background: Whether nobody waits for it.
        """

        async def work(flight: Flight) -> None:
            await self._carry(flight, errand, is_background=is_background)

        self._flights.start(flight, work, is_shared=is_shared)

    async def _carry(self, flight: Flight, errand: Errand, *, is_background: bool) -> None:
        plan, copy = errand.plan, errand.copy
        try:
            fetched, is_good = await self._fetch(errand)
        except OriginError as error:
            flight.land(self._without_answer(flight, copy, error))
            return
        try:
            if copy is not None and is_good:
                landing = self._revalidated(flight, plan, fetched, copy)
            else:
                landing = self._decided(flight, plan, fetched, copy)
            if landing.kind == "kept" and landing.copy is not None:
                self._keep_at_once(flight, fetched, landing.copy)
            flight.land(landing)
            if landing.kind == "passed":
                self._flights.leave(flight)
                if landing.fetched is not None and not is_background and not flight.is_abandoned:
                    return  # the answer is now the first client's
            elif landing.kind == "kept" and landing.copy is not None and not flight.done.done():
                await self._fill(flight, fetched, landing.copy)
        except BaseException:
            await fetched.answer.close()
            raise
        await fetched.answer.close()

    async def _fetch(self, errand: Errand) -> tuple[Fetched, bool]:
        """Return the origin's answer, and whether it says that the copy is still good."""
        plan, story, body, copy = errand
        checks = conditional_headers(copy.answer.fields) if copy is not None else HeaderFields()
        fetched = await self._fetcher.fetch(plan, story, body=body, whole=True, conditions=checks)
        if copy is None or not checks or fetched.status != 304:
            return fetched, False
        if is_about(copy.answer.fields, fetched.response.fields):
            return fetched, True
        await fetched.answer.close()
        return await self._fetcher.fetch(plan, story, body=body, whole=True), False

    def _without_answer(self, flight: Flight, copy: Copy | None, error: OriginError) -> Landing:
        if copy is not None and serves_on_error(copy.keep, copy.resident(self._clock())):
            return Landing(
                "copy", f"the origin failed: {error.message}", copy, variant=copy.variant, error=error
            )
        if copy is None:
            self._cache.absent.note(flight.slot[0], f"the origin gave no answer: {error.message}")
        return Landing("failed", error.message, error=error)

    def _decided(self, flight: Flight, plan: Plan, fetched: Fetched, copy: Copy | None) -> Landing:
        """Return what becomes of an answer."""
        if copy is not None and fetched.status in FAILURES:
            resident = copy.resident(self._clock())
            if serves_on_error(copy.keep, resident):
                failure = OriginError("garbage", f"it answered {fetched.status}")
                return Landing(
                    "copy", f"the origin answered {fetched.status}", copy, variant=copy.variant, error=failure
                )
        made = self._copy(flight, plan, fetched, fetched.response)
        if isinstance(made, Copy):
            self._flights.unmark(flight.slot[0])
            return Landing("kept", "", made, fetched, made.variant)
        self._flights.mark(flight.slot[0])
        if copy is not None and fetched.status not in FAILURES and not forbids_storing(plan.request.headers):
            self._cache.discard(copy)
        self._cache.absent.note(flight.slot[0], made, fetched.response)
        return Landing("passed", f"not stored: {made}", fetched=fetched)

    def _revalidated(self, flight: Flight, plan: Plan, fetched: Fetched, copy: Copy) -> Landing:
        answer = Response(copy.status, freshened(copy.answer.fields, fetched.response.fields))
        made = self._copy(flight, plan, fetched, answer)
        if not isinstance(made, Copy):
            if not forbids_storing(plan.request.headers):
                self._cache.discard(copy)
            shown = self._made(copy.key, copy.variant, plan.on(answer), fetched, answer)
            shown.body = copy.body
            self._flights.mark(flight.slot[0])
            self._cache.absent.note(flight.slot[0], made, answer)
            return Landing("passed", f"still good, and not stored: {made}", shown, variant=copy.variant)
        made.body, made.hits = copy.body, copy.hits
        made.size += len(copy.body)
        if not flight.is_void:
            if made.variant != copy.variant:
                self._cache.discard(copy)
            self._cache.put(made)
        return Landing("copy", "the origin says that the copy is still good", made, variant=made.variant)

    def _copy(self, flight: Flight, plan: Plan, fetched: Fetched, answer: Response) -> Copy | str:
        """Return the copy that an answer makes, its body still empty; or the reason why it makes none."""
        decision = plan.on(answer)
        made = self._made(flight.slot[0], (), decision, fetched, answer)
        headers = made.headers
        if fetched.by_rules:
            return "made by the rules for where the redirect leads"
        request = plan.request
        found = storage_policy(
            decision, request.method, request.headers, answer.status, headers,
            age=made.age, has_body=request.body is not None,
        )  # fmt: skip
        if fetched.followed:
            led = [self._redirect_hop(one, fetched, answer) for one in fetched.followed]
            found = storage_after_redirects(found, made.key, led, answer.status, age=made.age)
        if isinstance(found, str):
            return found
        names = vary_names(headers)
        if names is None:
            return "vary: *"
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > self._limits.object_bytes:
            return f"larger than {self._limits.object_bytes} bytes"
        made.select(selecting(names, plan.request.headers))
        made.keep = found
        return made

    def _redirect_hop(self, plan: Plan, fetched: Fetched, answer: Response) -> RedirectHop:
        """Return where a redirect led, with the answer at hand."""
        decision = plan.on(answer)
        return RedirectHop(
            plan.request,
            decision,
            with_date(decision.downstream.stored_headers(answer.fields), fetched.arrived),
        )

    def _made(
        self, key: Key, variant: Variant, decision: Decision, fetched: Fetched, answer: Response
    ) -> Copy:
        """Return a copy, its body still empty, that is good for nothing but the request at hand."""
        headers = with_date(decision.downstream.stored_headers(answer.fields), fetched.arrived)
        age = initial_age(headers, asked=fetched.asked, arrived=fetched.arrived)
        return Copy(
            key, variant, answer, headers, b"", StoragePolicy(0.0, 0.0, 0.0, "no-cache"), fetched.arrived, age
        )

    def _keep_at_once(self, flight: Flight, fetched: Fetched, copy: Copy) -> None:
        """Keep an answer whose body came with its head: nobody has to follow it."""
        body = fetched.answer.body
        if isinstance(body, bytes) and len(body) <= self._limits.object_bytes:
            self._keep(flight, copy, body)

    def _keep(self, flight: Flight, copy: Copy, body: bytes) -> None:
        copy.body = body
        copy.size += len(body)
        if not flight.is_void:
            self._cache.put(copy)
        else:
            self._cache.absent.note(copy.key, "the cache was emptied while it was on its way")
        flight.done.set_result(copy)

    async def _fill(self, flight: Flight, fetched: Fetched, copy: Copy) -> None:
        def give_up() -> None:
            self._flights.mark(copy.key)
            self._cache.absent.note(
                copy.key, f"larger than {self._limits.object_bytes} bytes, or than what is free"
            )
            flight.done.set_result(None)

        try:
            body = await flight.filling.fill(pieces(fetched.answer.body), give_up)
        except OriginError:
            self._cache.absent.note(copy.key, "its body broke off")
            return  # the readers were told
        if body is not None:
            self._keep(flight, copy, body)
