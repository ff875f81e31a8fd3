"""Flights that end in a way that nobody foresaw."""

from __future__ import annotations

from sys import getsizeof

import pytest

from edge.stage import Stage, play
from prefetchrouter import Router
from prefetchrouter.edge.engine.flights import Flights
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
            assert got.body == b"No answer from the origin: the edge failed, and its terminal says why\n"
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
