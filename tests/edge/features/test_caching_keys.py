"""The section `caching`: what tells copies apart, bodies of requests included."""

from __future__ import annotations

from edge.features.rules import harness, shows

DAY = {"max_age": "1d"}


@shows("caching.cache_key")
async def test_all_that_a_cache_key_may_count() -> None:
    for options, same, different in (
        ({"include_query_params": ["a"]}, ["/?a=1&b=1", "/?b=2&a=1", "/?a=1"], ["/?a=2", "/"]),
        ({"include_all_query_params_except": ["b"]}, ["/?a=1&b=1", "/?b=2&a=1", "/?a=1"], ["/?a=2", "/"]),
        ({"exclude_all_query_params": True}, ["/?a=1", "/", "/?b=1"], []),
    ):
        there = harness({"caching": {**DAY, "cache_key": options}})
        stories = [(await there.get(target)).trace.cache for target in (*same, *different)]
        assert stories == ["miss", *["hit"] * (len(same) - 1), *["miss"] * len(different)]


@shows("caching.cache_key")
async def test_headers_cookies_and_expressions_tell_copies_apart() -> None:
    options = {
        "include_headers": ["X-Tier", "authorization"],
        "include_cookies": ["lang"],
        "include_expressions": ["%{http_x_shop}-%{arg_a}"],
        "include_all_query_params_except": ["a"],
    }
    there = harness({"caching": {**DAY, "cache_key": options}})
    asked: list[tuple[str, dict[str, str]]] = [
        ("/", {}),
        ("/", {"x_tier": "gold"}),
        ("/", {"x_tier": "tin"}),
        ("/", {"cookie": "lang=de; id=1"}),
        ("/", {"cookie": "lang=en"}),
        ("/", {"x_shop": "north"}),
        ("/?a=1", {}),
        ("/", {"authorization": "Basic eA=="}),
    ]
    for expected in ("miss", "hit"):
        assert [(await there.get(target, **told)).trace.cache for target, told in asked] == [expected] * 8
    assert (await there.get("/", cookie="id=2; lang=de")).trace.cache == "hit"


@shows("caching.cache_key")
async def test_a_cache_key_goes_before_the_older_feature() -> None:
    older = {"cache_key_query_string": {"include": ["b"]}}
    there = harness({"caching": {**DAY, **older, "cache_key": {"include_query_params": ["a"]}}})
    assert [(await there.get(t)).trace.cache for t in ("/?a=1&b=1", "/?a=1&b=2", "/?a=2&b=2")] == [
        "miss",
        "hit",
        "miss",
    ]


@shows("caching.cache_key_query_string")
async def test_the_query_that_counts() -> None:
    for options, stories in (
        ({"include": ["a"]}, ["miss", "hit", "miss"]),
        ({"include_all_except": ["b"]}, ["miss", "hit", "miss"]),
        ({"exclude_all": True}, ["miss", "hit", "hit"]),
    ):
        there = harness({"caching": {**DAY, "cache_key_query_string": options}})
        targets = ("/?a=1&b=1", "/?a=1&b=2", "/?a=2&b=2")
        assert [(await there.get(target)).trace.cache for target in targets] == stories
        assert there.origin.targets[0] == "GET /?a=1&b=1"


@shows("caching.cache_key_rewrite")
async def test_a_rewritten_key_is_the_keys_alone() -> None:
    rewrite = {"source": r"^/v[0-9]+/(.*)$", "destination": "/v/$1"}
    there = harness({"caching": {**DAY, "cache_key_rewrite": rewrite}})
    assert (await there.get("/v1/a?x=1")).trace.cache == "miss"
    hit = await there.get("/v2/a?x=1&edgio_prefetch=1")
    assert (hit.trace.cache, hit.trace.key) == ("hit", "shop.example/v/a?x=1")
    assert (await there.get("/v2/a?x=2")).trace.cache == "miss"
    assert there.origin.targets == ["GET /v1/a?x=1", "GET /v2/a?x=2"]


@shows("caching.enable_caching_for_methods")
async def test_post_and_put_are_kept_each_by_its_body() -> None:
    there = harness({"caching": {**DAY, "enable_caching_for_methods": ["POST", "PUT"]}})
    stories = [
        (await there.ask("/a", method, body)).trace.cache
        for method, body in (("POST", b"1"), ("POST", b"1"), ("POST", b"2"), ("PUT", b"1"), ("PUT", b"1"))
    ]
    assert stories == ["miss", "hit", "miss", "miss", "hit"]
    assert [asked.body for asked in there.origin.asked] == [b"1", b"2", b"1"]
    assert (await there.get("/a")).trace.cache == "miss"
    assert (await there.ask("/a", "PUT", b"1")).trace.cache == "hit"  # the GET has taken nothing away


@shows("caching.enable_caching_for_methods")
async def test_a_prefetched_post_is_found_by_the_post_itself() -> None:
    there = harness({"caching": {**DAY, "enable_caching_for_methods": ["POST"]}})
    await there.ask("/api", "POST", b'{"id":1}', content_type="application/json")
    prefetched = await there.get(
        "/api?pref_edgio_method=POST&pref_edgio_body=%7B%22id%22%3A1%7D&edgio_prefetch=1"
    )
    assert (prefetched.status, prefetched.trace.cache) == (200, "hit")


@shows("caching.cacheable_request_body_size")
async def test_a_body_that_is_too_large_for_a_key() -> None:
    post = {"enable_caching_for_methods": ["POST"]}
    there = harness({"caching": {**DAY, **post, "cacheable_request_body_size": "8B"}})
    assert [(await there.ask("/a", "POST", b"12345678")).trace.cache for _ in range(2)] == ["miss", "hit"]
    assert [(await there.ask("/a", "POST", b"123456789")).trace.cache for _ in range(2)] == ["pass", "pass"]
