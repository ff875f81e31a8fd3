"""The section `url`: rewrites, redirects, and redirects that the edge follows."""

from __future__ import annotations

from edge.features.rules import harness, path, shows, status, when

HOUR = {"caching": {"max_age": "1h"}}


def rewriting(source: str, destination: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return a rule that rewrites by a regular expression."""
    return {"url": {"url_rewrite": [{"source": source, "destination": destination, "syntax": "regexp"}]}}


@shows("url.url_rewrite")
async def test_a_rewrite_counts_for_rules_key_and_origin() -> None:
    by_new_path = when({"==": [{"request": "origin_path"}, "/posts/:id"]}, HOUR)
    there = harness(rewriting("^/blog/(.*)$", "/posts/$1"), by_new_path)
    first = await there.get("/blog/1?x=2")
    assert (first.trace.cache, first.trace.key) == ("miss", "shop.example/posts/1?x=2")
    assert (await there.get("/posts/1?x=2")).trace.cache == "hit"
    prefetched = await there.get("/blog/1?x=2&edgio_prefetch=1")
    assert (prefetched.status, prefetched.trace.cache) == (200, "hit")
    assert there.origin.targets == ["GET /posts/1?x=2"]


@shows("url.url_rewrite", "caching.cache_key_rewrite", "caching.cache_key")
async def test_rewrites_of_both_kinds_and_a_chosen_query() -> None:
    """The origin is asked for the rewritten path with its whole query; the key is made from what counts."""
    there = harness(
        HOUR,
        rewriting("^/blog/(.*)$", "/posts/$1"),
        {
            "caching": {
                "cache_key": {"include_query_params": ["x"]},
                "cache_key_rewrite": {"source": "^/posts/(.*)$", "destination": "/all/$1"},
            }
        },
    )
    await there.get("/blog/1?utm=a&x=1")
    hit = await there.get("/posts/1?edgio_dt_pf=1&x=1&utm=b&edgio_prefetch=1")
    assert (hit.trace.cache, hit.trace.key) == ("hit", "shop.example/all/1?x=1")
    assert there.origin.targets == ["GET /posts/1?utm=a&x=1"]


@shows("url.url_rewrite")
async def test_a_prefetch_is_rewritten_as_the_click_will_be() -> None:
    """What prefetching adds to a query is not held against a source, and lands in no path."""
    there = harness(
        HOUR,
        rewriting(r"^/find\?id=([0-9]+)$", "/items/$1"),
        {"response": {"allow_prefetching_uncached_content": True}},
    )
    for target, cache in (
        ("/find?id=7&edgio_prefetch=1", "miss"),
        ("/find?edgio_dt_pf=1&id=7&edgio_prefetch=1", "hit"),
        ("/find?id=7", "hit"),
    ):
        got = await there.get(target)
        assert (got.trace.cache, got.trace.key) == (cache, "shop.example/items/7")
    assert there.origin.targets == ["GET /items/7"]


@shows("url.url_redirect")
async def test_a_redirect_without_cache_and_origin() -> None:
    redirect = {"source": "^/old/(.*)$", "destination": "https://%{host}/new/$1", "code": 308}
    there = harness(HOUR, {"url": {"url_redirect": {**redirect, "syntax": "regexp"}}})
    for target in ("/old/a", "/old/a?edgio_prefetch=1"):
        got = await there.get(target)
        assert (got.status, got.body, got.trace.cache) == (308, b"", "synthetic")
        assert got.headers["location"].partition("?")[0] == "https://shop.example/new/a"
    assert there.origin.asked == []
    assert (await there.get("/other")).status == 200


@shows("url.url_redirect")
async def test_a_redirect_goes_before_a_response_that_rules_make() -> None:
    there = harness({"url": {"url_redirect": {"destination": "/new"}}, "response": {"set_done": True}})
    got = await there.get("/a")
    assert (got.status, got.headers["location"]) == (302, "/new")


@shows("url.follow_redirects")
async def test_the_edge_follows_and_keeps_the_last_answer() -> None:
    there = harness(HOUR, {"url": {"follow_redirects": True}})
    there.answers("/a", status=302, location="b/c?x=1")
    there.answers("/b/c?x=1", b"there")
    for cache in ("miss", "hit"):
        got = await there.get("/a")
        assert (got.status, got.body, got.trace.cache) == (200, b"there", cache)
    there.answers("/out", status=302, location="https://evil.example/")
    assert (await there.get("/out")).status == 404
    assert there.origin.targets == ["GET /a", "GET /b/c?x=1", "GET /out"]


@shows("url.follow_redirects")
async def test_only_where_the_rules_say_so() -> None:
    there = harness(when(path("/a"), {"url": {"follow_redirects": True}}))
    for target in ("/a", "/b"):
        there.answers(target, status=301, location="/c")
    assert [(await there.get(target)).status for target in ("/a", "/b")] == [200, 301]


@shows("url.follow_redirects")
async def test_redirects_of_one_status_only() -> None:
    there = harness(when(status("307"), {"url": {"follow_redirects": True}}))
    there.answers("/a", status=307, location="/c")
    there.answers("/b", status=301, location="/c")
    assert [(await there.get(target)).status for target in ("/a", "/b")] == [200, 301]
