"""One fetch for all who want the same: refreshes, requests that wait, clients that leave."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import PAGES, Answer, Harness, body_of, request, run_scenario
from prefetchrouter import Router
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest


def test_a_stale_copy_is_used_while_one_refresh_runs() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"}))
        harness.answers("/a", b"old")
        await harness.get("/a")
        harness.now += 15
        newer = harness.answers("/a", b"new")
        newer.gate = asyncio.Event()
        stale = [await harness.ask("/a") for _ in range(5)]
        assert {got.body for got in stale} == {b"old"}
        newer.gate.set()
        await harness.edge.idle()
        assert (await harness.ask("/a")).body == b"new"
        assert len(harness.origin.asked) == 2
        cause = harness.origin.asked[1].cause
        assert cause is not None
        assert cause.refresh_of is stale[0].trace

    run_scenario(scenario)


def test_many_misses_of_one_url_are_one_origin_request() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        answer = harness.answers("/pages/1", b"first ", b"second")
        answer.gate, answer.body_gate = asyncio.Event(), asyncio.Event()
        clients = [asyncio.create_task(harness.ask("/pages/1")) for _ in range(1000)]
        await asyncio.sleep(0)
        answer.gate.set()
        await asyncio.sleep(0)
        late = asyncio.create_task(harness.ask("/pages/1"))
        await asyncio.sleep(0)
        answer.body_gate.set()
        got = await asyncio.gather(*clients, late)
        assert {client.body for client in got} == {b"first second"}
        assert sorted({client.trace.cache for client in got}) == ["coalesced", "miss"]
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_uncacheable_answers_are_not_waited_for_one_by_one() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        answer = harness.answers("/pages/1", cache_control="private")
        answer.gate = asyncio.Event()
        clients = [asyncio.create_task(harness.ask("/pages/1")) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(harness.origin.asked) == 1
        answer.gate.set()
        await asyncio.gather(*clients)
        assert len(harness.origin.asked) == 20
        answer.gate = asyncio.Event()
        more = [asyncio.create_task(harness.ask("/pages/1")) for _ in range(20)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(harness.origin.asked) == 40, "a key that is known to be uncacheable waits for nobody"
        answer.gate.set()
        await asyncio.gather(*more)
        assert len(harness.edge.cache) == 0

    run_scenario(scenario)


def test_followers_whose_variant_is_another_go_on_their_own() -> None:
    def origin(asked: OriginRequest) -> Answer:
        language = asked.headers.get("accept-language", "")
        return Answer(200, {"vary": "accept-language"}, (language.encode(),), gate=gates[0])

    async def scenario() -> None:
        gates.append(asyncio.Event())
        harness = Harness(PAGES)
        harness.origin.answers["/pages/1"] = origin
        asking = [harness.ask("/pages/1", accept_language=language) for language in ("de", "en", "de", "en")]
        clients = [asyncio.create_task(coroutine) for coroutine in asking]
        await asyncio.sleep(0)
        gates[0].set()
        got = await asyncio.gather(*clients)
        assert [client.body for client in got] == [b"de", b"en", b"de", b"en"]
        assert len(harness.origin.asked) == 2
        assert (await harness.get("/pages/1", accept_language="en")).trace.cache == "hit"

    gates: list[asyncio.Event] = []
    run_scenario(scenario)


def test_a_body_that_breaks_off_is_not_kept() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", b"half").cut = True
        for _ in range(2):
            with pytest.raises(OriginError):
                await harness.ask("/pages/1")
        await harness.edge.idle()
        assert (len(harness.edge.cache), len(harness.origin.asked)) == (0, 2)

    run_scenario(scenario)


def test_a_body_that_is_too_large_passes_and_is_not_kept() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES, limits=Limits(object_bytes=50, buffered_bytes=20))
        harness.answers("/pages/1", *[b"0123456789"] * 20)
        for got in (await harness.get("/pages/1"), await harness.get("/pages/1", range="bytes=0-1")):
            assert (got.status, len(got.body)) == (200, 200)
        harness.answers("/pages/2", b"x" * 60, content_length="60")
        assert (await harness.get("/pages/2")).trace.reason == "not stored: larger than 50 bytes"
        assert len(harness.edge.cache) == 0

    run_scenario(scenario)


def test_a_fetch_goes_on_for_the_cache_when_its_client_leaves() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        answer = harness.answers("/pages/1")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(harness.ask("/pages/1"))
        await asyncio.sleep(0)
        client.cancel()
        await asyncio.gather(client, return_exceptions=True)
        answer.gate.set()
        await harness.edge.idle()
        assert (await harness.get("/pages/1")).trace.cache == "hit"

    run_scenario(scenario)


def test_an_answer_for_a_client_that_left_is_closed() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        answer = harness.answers("/pages/1", cache_control="private")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(harness.ask("/pages/1"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        client.cancel()
        await asyncio.gather(client, return_exceptions=True)
        answer.gate.set()
        await harness.edge.idle()
        assert harness.origin.closed == 1

    run_scenario(scenario)


def test_requests_of_one_url_are_shared_while_the_edge_stops() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES, limits=Limits(shutdown_seconds=0.01))
        answer = harness.answers("/pages/1")
        answer.gate = asyncio.Event()
        response = asyncio.create_task(harness.edge.handle(request("/pages/1")))
        await asyncio.sleep(0)
        await harness.edge.close()
        got, trace = await response
        assert (got.status, trace.reason) == (502, "the edge is stopping")
        assert b"stopping" in await body_of(got)

    run_scenario(scenario)
