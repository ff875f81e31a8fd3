"""The section `caching`: refreshes, expired copies, origins that fail."""

from __future__ import annotations

from edge.features.rules import harness, shows, status, when
from edge.harness import Answer
from prefetchrouter.edge.origin_client import OriginError

DAY = {"max_age": "1d"}
DOWN = Answer(error=OriginError("unreachable", "nobody is there"))


@shows("caching.prevalidate_cached_content")
async def test_a_copy_is_refreshed_before_its_end() -> None:
    there = harness({"caching": {"max_age": "100s", "prevalidate_cached_content": "10s"}})
    there.answers("/a", b"old")
    await there.get("/a")
    there.answers("/a", b"new")
    there.now += 90
    assert (await there.get("/a")).body == b"old"
    assert len(there.origin.asked) == 1
    there.now += 1
    assert (await there.get("/a?edgio_prefetch=1")).body == b"old"
    assert len(there.origin.asked) == 1
    assert (await there.get("/a")).body == b"old"
    fresh = await there.get("/a")
    assert (fresh.body, fresh.trace.cache, fresh.trace.ttl) == (b"new", "hit", 100)


@shows("caching.refresh_zero_byte_cache_files")
async def test_an_empty_copy_counts_as_expired() -> None:
    there = harness({"caching": {**DAY, "refresh_zero_byte_cache_files": True}})
    there.answers("/a", b"")
    assert [(await there.get("/a")).trace.cache for _ in range(2)] == ["miss", "miss"]
    assert (await there.get("/a?edgio_prefetch=1")).status == 412
    there.answers("/a", b"x")
    assert [(await there.get("/a")).trace.cache for _ in range(2)] == ["miss", "hit"]


@shows("caching.stale_while_revalidate")
async def test_an_expired_copy_at_once_and_one_refresh() -> None:
    there = harness({"caching": {"max_age": "10s", "stale_while_revalidate": "20s"}})
    there.answers("/a", b"old")
    await there.get("/a")
    there.answers("/a", b"new")
    there.now += 29
    prefetched = await there.get("/a?edgio_prefetch=1")
    assert (prefetched.status, prefetched.body, len(there.origin.asked)) == (200, b"old", 1)
    assert [(await there.ask("/a")).trace.cache for _ in range(3)] == ["stale"] * 3
    await there.edge.idle()
    assert len(there.origin.asked) == 2
    assert (await there.get("/a")).body == b"new"


@shows("caching.stale_while_revalidate", "caching.max_age")
async def test_times_that_hang_on_the_response_hold_for_its_copy() -> None:
    there = harness(
        when(status("404"), {"caching": {"max_age": {"404": "10s"}, "stale_while_revalidate": "20s"}})
    )
    there.answers("/a", status=404)
    await there.get("/a")
    there.now += 15
    assert (await there.get("/a")).trace.cache == "stale"


@shows("caching.stale_on_error")
async def test_an_expired_copy_when_the_origin_fails() -> None:
    there = harness({"caching": {"max_age": "10s", "stale_on_error": True}})
    there.answers("/a", b"old")
    await there.get("/a")
    there.origin.answers["/a"] = DOWN
    there.now += 129
    got = await there.get("/a")
    assert (got.status, got.body, got.trace.cache) == (200, b"old", "stale-error")
    there.answers("/a", status=503)
    assert (await there.get("/a")).body == b"old"
    there.now += 1
    assert (await there.get("/a")).status == 503


@shows("caching.revalidate_after_origin_unavailable", "caching.stale_on_error")
async def test_how_long_an_expired_copy_may_serve() -> None:
    unavailable = {"stale_on_error": True, "revalidate_after_origin_unavailable": {"200": "1h"}}
    there = harness({"caching": {"max_age": "10s", **unavailable}})
    await there.get("/a")
    there.origin.answers["/a"] = DOWN
    there.now += 3609
    assert (await there.get("/a")).trace.cache == "stale-error"
    there.now += 1
    assert (await there.get("/a")).status == 502


@shows("caching.revalidate_while_stale_timer")
async def test_how_long_a_failed_origin_is_left_alone() -> None:
    there = harness(
        {"caching": {"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30}}
    )
    await there.get("/a")
    there.origin.answers["/a"] = DOWN
    there.now += 20
    for seconds, asked in ((0, 2), (10, 2), (19, 2), (1, 3)):
        there.now += seconds
        assert (await there.get("/a")).trace.cache == "stale-error"
        assert len(there.origin.asked) == asked


@shows("caching.revalidate_while_stale_timer")
async def test_no_refresh_begins_while_it_is_left_alone() -> None:
    stale = {"stale_while_revalidate": "1h", "prevalidate_cached_content": "5s"}
    there = harness({"caching": {"max_age": "10s", **stale, "revalidate_while_stale_timer": 30}})
    await there.get("/a")
    there.origin.answers["/a"] = DOWN
    there.now += 9
    for seconds, asked in ((0, 2), (10, 2), (19, 2), (1, 3)):
        there.now += seconds
        assert (await there.get("/a")).status == 200
        assert len(there.origin.asked) == asked
