"""The section `origin`: which origin is asked, and how."""

from __future__ import annotations

from edge.features.rules import harness, path, shows, status, when

HOUR = {"caching": {"max_age": "1h"}}


@shows("origin.set_origin")
async def test_the_origin_is_asked_by_its_name_and_its_copies_are_its_own() -> None:
    gold = when({"===": [{"request.cookie": "tier"}, "gold"]}, {"origin": {"set_origin": "gold"}})
    there = harness(HOUR, {"origin": {"set_origin": "web"}}, gold)
    for cache in ("miss", "hit"):
        assert (await there.get("/a")).trace.cache == cache
        assert (await there.get("/a", cookie="tier=gold")).trace.cache == cache
    assert there.origin.names == ["web", "gold"]
    assert (await there.get("/a")).trace.key == "shop.example/a | origin web"


@shows("origin.set_origin")
async def test_a_rule_on_the_response_comes_too_late_to_choose_an_origin() -> None:
    late = when(status("200"), {"origin": {"set_origin": "late"}})
    there = harness(HOUR, {"origin": {"set_origin": "web"}}, late)
    assert [(await there.get("/a")).trace.cache for _ in range(2)] == ["miss", "hit"]
    assert there.origin.names == ["web"]


@shows("origin.origin_failover_codes")
async def test_the_statuses_after_which_the_next_host_is_asked() -> None:
    there = harness(when(path("/a"), {"origin": {"origin_failover_codes": [503, 404]}}))
    await there.get("/a")
    await there.get("/b")
    assert [asked.failover for asked in there.origin.asked] == [frozenset({404, 503}), frozenset()]


@shows("origin.read_idle_timeout")
async def test_the_longest_silence_between_two_pieces() -> None:
    there = harness(when(path("/a"), {"origin": {"read_idle_timeout": 7}}))
    await there.get("/a")
    await there.get("/b")
    assert [asked.timeout for asked in there.origin.asked] == [7.0, None]


@shows("origin.proxy_special_headers")
async def test_of_the_headers_that_the_edge_adds_only_these() -> None:
    there = harness({"origin": {"proxy_special_headers": ["X-Forwarded-For", "via"]}})
    await there.get("/a", x_forwarded_for="203.0.113.9", x_forwarded_host="evil.example")
    headers = there.origin.asked[0].headers
    assert (headers["x-forwarded-for"], headers["via"]) == ("127.0.0.1", "1.1 prefetchrouter")
    assert not {"x-forwarded-host", "x-forwarded-proto"} & set(headers)
