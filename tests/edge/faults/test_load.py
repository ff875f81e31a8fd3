"""The counts that matter under load; `benchmarks/edge_load.py` does the same with more."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from edge.faults.site import LIMITS, Turn, ok, run_scenario, site
from edge.pages import asking
from edge.serving import Client, request
from prefetchrouter import Router
from prefetchrouter.edge.engine import edge as edge_module
from prefetchrouter.edge.engine import hit_for_miss
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields

BODY = b"all of it " * 2000


@pytest.mark.parametrize("how", ["a length", "chunks"])
def test_a_thousand_misses_of_one_url_are_one_origin_request(how: str) -> None:
    """All of them at once, each on its own connection; each gets the whole."""

    async def scenario() -> None:
        arrived = asyncio.Event()

        async def act(turn: Turn) -> None:
            await arrived.wait()
            pieces = [BODY[start : start + 5000] for start in range(0, len(BODY), 5000)]
            if how == "a length":
                await turn.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY))
            else:
                await turn.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                pieces = [b"%x\r\n" % len(piece) + piece + b"\r\n" for piece in pieces] + [b"0\r\n\r\n"]
            for piece in pieces:
                await turn.write(piece)
                await asyncio.sleep(0)

        async with site() as running:
            running.origin.answers["/a"] = act
            clients = [await running.client() for _ in range(1000)]
            for client in clients:
                client.writer.write(request("/a"))
            await running.until(lambda: len(running.server._state.tasks) == 1000)
            arrived.set()
            for client in clients:
                answer = await client.answer()
                assert (answer.status, answer.body) == (200, BODY)
            assert running.origin.targets == ["GET /a"]
            stories = [told.trace.cache for told in running.told]
            assert sorted(set(stories)) == ["coalesced", "miss"]
            assert stories.count("miss") == 1

    run_scenario(scenario)


def test_prefetches_of_uncached_urls_make_no_origin_requests() -> None:
    """Two thousand, over connections that stay; each is a 412 that no one keeps."""

    async def scenario() -> None:
        async with site() as running:

            async def prefetch(client: Client, numbers: range) -> None:
                for number in numbers:
                    client.writer.write(request(f"/pages/{number}?edgio_prefetch=1"))
                    answer = await client.answer()
                    assert (answer.status, answer.body) == (412, b"")
                    assert answer.header("cache-control") == ["no-store"]

            clients = [await running.client() for _ in range(20)]
            await asyncio.gather(
                *(prefetch(client, range(upstream, 2000, 20)) for upstream, client in enumerate(clients))
            )
            assert running.origin.raw.connections == 0
            assert running.app.request_log.counters.refused == 2000
            assert len(running.cache) == 0

    run_scenario(scenario)


def test_refreshes_do_not_pile_up() -> None:
    """Five hundred requests and prefetches of one expired copy: one refresh, begun by a request."""

    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "1s", "stale_while_revalidate": "1h"})
        async with site(rules) as running:
            running.origin.answers["/a"] = ok(b"old")
            await running.get("/a")
            running.age(60)
            refreshed = asyncio.Event()

            async def act(turn: Turn) -> None:
                await refreshed.wait()
                await turn.write(ok(b"new"))

            running.origin.answers["/a"] = act
            for query in ("?edgio_prefetch=1", ""):
                answers = await asyncio.gather(*(running.get(f"/a{query}") for _ in range(250)))
                assert {answer.body for answer in answers} == {b"old"}
                assert len(running.origin.turns) <= 1 + (not query)
            refreshed.set()
            await running.idle()
            assert (await running.get("/a")).body == b"new"
            assert len(running.origin.turns) == 2

    run_scenario(scenario)


def test_the_cache_stays_within_its_bound() -> None:
    """While many times as much passes through; what was used last is still there."""

    async def scenario() -> None:
        bound = 4 * 1024 * 1024
        async with site(limits=replace(LIMITS, cache_bytes=bound)) as running:

            async def large(turn: Turn) -> None:
                await turn.write(ok(b"x" * 100_000))

            running.origin.answers["/large"] = large
            assert (await running.get("/used")).status == 200
            client = await running.client()
            for number in range(300):
                await client.send(request(f"/large?{number}"), request("/used"))
                assert len((await client.answer()).body) == 100_000
                assert (await client.answer()).body == b"/used"
                assert running.cache.size <= bound
            assert 35 <= len(running.cache) <= 42
            assert running.origin.targets.count("GET /used") == 1

    run_scenario(scenario)


def test_what_is_remembered_of_requests_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever addresses, headers and values clients come up with."""
    monkeypatch.setattr(edge_module, "MOST_DECISIONS", 50)
    monkeypatch.setattr(hit_for_miss, "_MOST_KEYS", 60)

    async def scenario() -> None:
        rules = Router().always(caching={"max_age": "1h", "cache_key": {"include_cookies": ["tier"]}})
        async with site(rules) as running:
            running.origin.answers["/private"] = ok(b"", "Cache-Control: private")
            client = await running.client()
            for number in range(200):
                odd = f"X-{number}: 1", f"Cookie: tier={number}"
                client.writer.write(request(f"/a/{number}?edgio_prefetch=1", *odd))
                assert (await client.answer()).status == 412
                client.writer.write(request(f"/private?{number}", *odd))
                assert (await client.answer()).status == 200
            edge = running.app._edge
            assert (len(edge._planner._known), len(edge._hit_for_miss)) == (50, 60)
            assert (len(running.cache), len(edge._in_flight)) == (0, 0)

    run_scenario(scenario)


def test_a_full_cache_can_be_looked_at_while_others_are_served() -> None:
    """Its data take a second to write, and the event loop goes on meanwhile."""
    copies = tuple(asking.view(key=(f"localhost/pages/{number}", "origin web")) for number in range(20_000))
    pages = asking.Site(copies=copies).pages

    async def run() -> tuple[EdgeResponse | None, int]:
        fields = HeaderFields({"host": "localhost:8080"})
        request = EdgeRequest(
            "GET",
            "http",
            "localhost:8080",
            "/__edgio__/cache.json",
            headers=fields,
            host_header="localhost:8080",
        )
        asked = asyncio.create_task(pages.page(request))
        turns = 0
        while not asked.done():
            await asyncio.sleep(0.001)
            turns += 1
        return asked.result(), turns

    response, turns = asyncio.run(run())
    assert response is not None
    assert isinstance(response.body, bytes)
    assert len(json.loads(response.body)["stored"]) == 20_000
    assert turns > 5
