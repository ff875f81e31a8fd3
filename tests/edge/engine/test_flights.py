"""Flights that end in a way that nobody foresaw."""

from __future__ import annotations

import asyncio
from sys import getsizeof

import pytest

from edge.stage import Stage, play
from edge.waiting import settled
from prefetchrouter import Router
from prefetchrouter.edge.cache import Copy
from prefetchrouter.edge.engine import delivery
from prefetchrouter.edge.engine.flights import Flights
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginAnswer, OriginRequest


def test_a_fault_of_the_edge_is_told_as_such(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the terminal with its traceback, to the client without; nothing waits for ever."""

    async def scene() -> None:
        stage = Stage(Router().match("/a", caching={"max_age": "1h"}))

        async def fails(name: str | None, request: OriginRequest) -> OriginAnswer:
            raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(stage.origin, "ask", fails)
        for _ in range(2):
            got = await stage.get("/a")
            assert (got.status, got.story.cache) == (502, "error")
            assert got.body == b"No answer from the origin: internal error of the edge; see its terminal\n"
        assert [record.exc_info is not None for record in caplog.records] == [True, True]
        assert "shop.example/a could not be fetched" in caplog.text

    play(scene)


def test_marks_are_remembered_without_their_keys() -> None:
    """A key may be as long as a request; two that fall together only do not wait for each other."""
    flights = Flights(lambda: 0.0, 10)
    flights.mark(("shop.example/" + "a" * 60_000,))
    assert flights.is_marked(("shop.example/" + "a" * 60_000,))
    assert not flights.is_marked(("shop.example/a",))
    assert sum(map(getsizeof, flights._marks)) < 100
    flights.unmark(("shop.example/" + "a" * 60_000,))
    assert not flights._marks


def test_a_fault_while_one_of_many_is_answered_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader goes: else a body that is too large to keep would wait for it, and with it all others."""

    async def scene() -> None:
        limits = Limits(object_bytes=100, buffered_bytes=10)
        stage = Stage(Router().match("/a", caching={"max_age": "1h"}), limits=limits)
        answer = stage.answers("/a", *[b"0123456789"] * 40)
        answer.gate = asyncio.Event()
        one, other = (asyncio.create_task(stage.ask("/a", x_user=user)) for user in ("ann", "eve"))
        await settled()
        shown_of = delivery.shown_of

        def fails(plan: Plan, copy: Copy) -> delivery.Shown:
            if plan.request.headers["x-user"] == "eve":
                raise RuntimeError("nobody foresaw this")
            return shown_of(plan, copy)

        monkeypatch.setattr(delivery, "shown_of", fails)
        answer.gate.set()
        assert (await one).body == b"0123456789" * 40
        with pytest.raises(RuntimeError):
            await other
        await stage.edge.idle()

    play(scene)
