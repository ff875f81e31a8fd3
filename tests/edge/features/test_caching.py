"""The section `caching`: what is kept, and for how long."""

from __future__ import annotations

from edge.features.rules import harness, path, shows, status, when

DAY = {"max_age": "1d"}


@shows("caching.max_age")
async def test_the_time_of_a_copy_by_status() -> None:
    there = harness({"caching": {"max_age": {"200": "10s", "301": "20s", "404": "30s", "500": "40s"}}})
    there.answers("/gone", status=404)
    there.answers("/moved", status=301, location="/")
    there.answers("/failed", status=500)
    there.answers("/other", status=410, cache_control="max-age=60")
    for target, seconds in (("/", 10), ("/moved", 20), ("/gone", 30), ("/failed", 40)):
        begun = there.now
        assert (await there.get(target)).trace.cache == "miss"
        there.now = begun + seconds - 1
        assert (await there.get(target)).trace.ttl == 1
        there.now = begun + seconds
        assert (await there.get(target)).trace.cache == "miss"
    assert [(await there.get("/other")).trace.cache for _ in range(2)] == ["pass", "pass"]


@shows("caching.max_age")
async def test_the_time_may_hang_on_the_response() -> None:
    there = harness(when(status("404"), {"caching": {"max_age": {"404": "1h"}}}))
    there.answers("/a", status=404)
    assert [(await there.get("/a")).trace.cache for _ in range(2)] == ["miss", "hit"]
    assert [(await there.get("/b")).trace.cache for _ in range(2)] == ["pass", "pass"]


@shows("caching.max_age")
async def test_of_a_nested_chain_one_branch_holds() -> None:
    deep = when(path("/a/new"), {"caching": {"max_age": "1m"}}, {"caching": {"max_age": "2m"}})
    there = harness(when(path("/a/:rest*"), deep, {"caching": {"max_age": "3m"}}))
    for target, seconds in (("/a/new", 60), ("/a/old", 120), ("/b", 180)):
        await there.get(target)
        assert (await there.get(target)).trace.ttl == seconds


@shows("caching.bypass_cache")
async def test_a_bypass_keeps_nothing_and_uses_no_copy() -> None:
    there = harness(
        {"caching": DAY},
        when({"===": [{"request.origin_query": "fresh"}, "1"]}, {"caching": {"bypass_cache": True}}),
    )
    assert [(await there.get("/a?fresh=1")).trace.cache for _ in range(2)] == ["pass", "pass"]
    assert (await there.get("/a?fresh=1&edgio_prefetch=1")).status == 412


@shows("caching.bypass_cache")
async def test_a_bypass_that_hangs_on_the_response() -> None:
    there = harness(
        {"caching": {"max_age": {"200": "1d", "404": "1d"}}},
        when(status("404"), {"caching": {"bypass_cache": True}}),
    )
    there.answers("/gone", status=404)
    assert [(await there.get("/gone")).trace.cache for _ in range(2)] == ["pass", "pass"]
    assert [(await there.get("/a")).trace.cache for _ in range(2)] == ["miss", "hit"]


@shows("caching.cacheable_status_codes")
async def test_the_origins_time_for_other_statuses() -> None:
    there = harness({"caching": {"cacheable_status_codes": [404]}})
    there.answers("/gone", status=404, cache_control="max-age=60")
    there.answers("/moved", status=301, cache_control="max-age=60", location="/")
    assert [(await there.get("/gone")).trace.cache for _ in range(2)] == ["miss", "hit"]
    assert [(await there.get("/moved")).trace.cache for _ in range(2)] == ["pass", "pass"]


@shows("caching.cacheable_status_codes")
async def test_a_plain_time_of_a_rule_holds_for_the_listed_statuses_too() -> None:
    there = harness({"caching": {"max_age": "1h", "cacheable_status_codes": [404]}})
    there.answers("/gone", status=404)
    assert [(await there.get("/gone")).trace.cache for _ in range(2)] == ["miss", "hit"]


@shows("caching.default_internal_max_age")
async def test_the_time_of_answers_that_come_without_one() -> None:
    there = harness({"caching": {"default_internal_max_age": {"200": "1m", "404": "2m"}}})
    there.answers("/own", cache_control="max-age=5")
    there.answers("/gone", status=404, cache_control="max-age=5")
    for target, seconds in (("/a", 60), ("/own", 5), ("/gone", 120)):
        await there.get(target)
        hit = await there.get(target)
        assert (hit.trace.cache, hit.trace.ttl) == ("hit", seconds)


@shows("caching.honor_no_cache_request_header")
async def test_a_visitor_may_ask_past_the_copy() -> None:
    there = harness({"caching": {**DAY, "honor_no_cache_request_header": True}})
    there.answers("/a", b"old")
    await there.get("/a")
    there.answers("/a", b"new")
    assert (await there.get("/a", cache_control="no-cache")).body == b"new"
    hit = await there.get("/a")
    assert (hit.body, hit.trace.cache) == (b"new", "hit")
    assert (await there.get("/a", pragma="no-cache")).trace.cache == "miss"
    assert (await there.get("/a?edgio_prefetch=1", cache_control="no-cache")).status == 412


@shows("caching.ignore_origin_no_cache")
async def test_what_the_origin_forbids_may_be_overruled() -> None:
    there = harness({"caching": {**DAY, "ignore_origin_no_cache": [200]}})
    for number, control in enumerate(("no-store", "private", "no-cache", "private, no-store, no-cache")):
        there.answers(f"/{number}", cache_control=control)
        assert [(await there.get(f"/{number}")).trace.cache for _ in range(2)] == ["miss", "hit"]
    there.answers("/user", cache_control="private", set_cookie="user=1")
    assert [(await there.get("/user")).trace.cache for _ in range(2)] == ["pass", "pass"]


@shows("caching.ignore_unsatisfiable_ranges")
async def test_the_whole_in_place_of_an_impossible_range() -> None:
    there = harness({"caching": {**DAY, "ignore_unsatisfiable_ranges": True}})
    there.answers("/a", b"0123")
    for _ in range(2):
        got = await there.get("/a", range="bytes=9-")
        assert (got.status, got.body) == (200, b"0123")


@shows("caching.purge_tags")
async def test_stored_responses_are_purged_by_the_tags_of_their_rules() -> None:
    tagged = {"caching": {**DAY, "purge_tags": ["products", "news"]}}
    there = harness(when(path("/a"), tagged), when(path("/b"), {"caching": DAY}))
    for target in ("/a", "/b"):
        await there.get(target)
    assert there.edge.purge_tags(["product", "Products"]) == 0
    assert there.edge.purge_tags(["other", "products"]) == 1
    assert [(await there.get(target)).trace.cache for target in ("/a", "/b")] == ["miss", "hit"]
