"""Fetches that end in an unexpected way: nothing that waits for them waits forever."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import PAGES, Harness, request, run_scenario
from edge.waiting import settled
from prefetchrouter import Router
from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.engine import coalescing
from prefetchrouter.edge.engine.client_view import ClientView, client_view_of
from prefetchrouter.edge.engine.in_flight import InFlight
from prefetchrouter.edge.engine.machine import FetchResult
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse


def test_a_fault_of_the_edge_is_reported_as_such(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the terminal with its traceback, to the client without; nothing waits for ever."""

    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "1h"}))

        async def fails(name: str | None, request: OriginRequest) -> OriginResponse:
            raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(harness.origin, "fetch", fails)
        for _ in range(2):
            got = await harness.get("/a")
            assert (got.status, got.trace.cache) == (502, "error")
            assert got.body == b"No response from the origin: internal error of the edge; see its terminal\n"
        assert [record.exc_info is not None for record in caplog.records] == [True, True]
        assert "shop.example/a could not be fetched" in caplog.text

    run_scenario(scenario)


def test_a_fault_while_one_of_many_is_answered_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader goes: else a body that is too large to keep would wait for it, and with it all others."""

    async def scenario() -> None:
        limits = Limits(object_bytes=100, buffered_bytes=10)
        harness = Harness(Router().match("/a", caching={"max_age": "1h"}), limits=limits)
        answer = harness.answers("/a", *[b"0123456789"] * 40)
        answer.gate = asyncio.Event()
        one, other = (asyncio.create_task(harness.ask("/a", x_user=user)) for user in ("ann", "eve"))
        await settled()

        def fails(plan: RequestPlan, copy: StoredResponse) -> ClientView:
            if plan.request.headers["x-user"] == "eve":
                raise RuntimeError("nobody foresaw this")
            return client_view_of(plan, copy)

        monkeypatch.setattr(coalescing, "client_view_of", fails)
        answer.gate.set()
        assert (await one).body == b"0123456789" * 40
        with pytest.raises(RuntimeError):
            await other
        await harness.edge.idle()

    run_scenario(scenario)


def test_a_fetch_that_is_cancelled_before_its_first_step_is_cleaned_up() -> None:
    """Such a task never runs: no `finally` of it does."""

    async def scenario() -> None:
        harness = Harness(PAGES, limits=Limits(shutdown_seconds=0))
        table = harness.edge._in_flight
        slot = (("shop.example/pages/1",), ())
        in_flight = harness.edge._filler.prepare(slot)

        async def work(_: object) -> None:
            raise AssertionError("it was cancelled before")

        table.start(in_flight, work, is_shared=True)
        for task in table._tasks:
            task.cancel()
        assert table.joinable(slot) is in_flight
        client = asyncio.create_task(harness.edge.handle(request("/pages/1")))
        response, trace = await client
        assert (response.status, trace.reason) == (502, "the edge is stopping")
        assert table.joinable(slot) is None
        assert len(table) == 0
        assert in_flight.done.result() is None
        assert (await harness.get("/pages/1")).status == 200

    run_scenario(scenario)


def test_no_further_request_waits_for_a_fetch_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        table = harness.edge._in_flight
        seen: list[bool] = []
        resolve = InFlight.resolve

        def noting(in_flight: InFlight, result: FetchResult) -> None:
            seen.append(table.joinable(in_flight.slot) is None)
            resolve(in_flight, result)

        errors = iter((OriginError("unreachable", "refused"), RuntimeError("unexpected")))

        async def fails(name: str | None, request: OriginRequest) -> OriginResponse:
            raise next(errors)

        monkeypatch.setattr(InFlight, "resolve", noting)
        monkeypatch.setattr(harness.origin, "fetch", fails)
        for _ in range(2):
            assert (await harness.get("/pages/1")).status == 502
        assert all(seen)

    run_scenario(scenario)
