"""The section `response`: what rules make or change, compression, prefetches of what is not cached."""

from __future__ import annotations

from gzip import decompress

from edge.features.rules import harness, path, shows, status, when

HOUR = {"caching": {"max_age": "1h"}}
TEXT = b"all work and no run_scenario " * 50


@shows("response.set_done", "response.set_response_body")
async def test_a_response_that_rules_make() -> None:
    made = {"set_done": True, "set_response_body": "hello %{http_x_user:=you} at %{path}"}
    there = harness(
        HOUR, {"response": made}, {"headers": {"set_response_headers": {"content-type": "text/plain"}}}
    )
    for user in ("ann", "bob"):
        got = await there.get("/a?edgio_prefetch=1", x_user=user)
        assert (got.status, got.body) == (200, f"hello {user} at /a".encode())
        assert (got.trace.cache, got.trace.prefetch, dict(got.headers)) == (
            "synthetic",
            "synthetic",
            {"content-type": "text/plain"},
        )
    assert there.origin.asked == []


@shows("response.set_response_body")
async def test_a_body_in_place_of_the_origins() -> None:
    there = harness(HOUR, {"response": {"set_response_body": "%{status} %{resp_x_own} %{http_x_user}"}})
    there.answers("/a", b"0123456789", etag='"1"', content_length="10", x_own="own")
    for user, cache in (("ann", "miss"), ("bob", "hit")):
        got = await there.get("/a", x_user=user, if_none_match='"1"', range="bytes=0-1")
        assert (got.status, got.body, got.trace.cache) == (200, f"200 own {user}".encode(), cache)
        assert set(got.headers) == {"age", "date", "x-own"}
    assert len(there.origin.asked) == 1


@shows("response.set_response_body")
async def test_a_body_in_place_of_one_that_is_not_kept() -> None:
    there = harness({"response": {"set_response_body": "mine"}})
    there.answers("/a", b"secret")
    assert (await there.get("/a")).body == b"mine"
    assert there.origin.closed == 1


@shows("response.set_response_body", "response.set_status_code")
async def test_a_page_for_what_is_missing() -> None:
    missing = {"set_response_body": "nothing at %{path}", "set_status_code": 410}
    there = harness({"caching": {"max_age": {"404": "1h"}}}, when(status("404"), {"response": missing}))
    there.answers("/a", b"secret", status=404)
    for cache in ("miss", "hit"):
        got = await there.get("/a")
        assert (got.status, got.body, got.trace.cache) == (410, b"nothing at /a", cache)


@shows("response.set_status_code")
async def test_another_status_on_a_miss_and_on_a_hit() -> None:
    there = harness(HOUR, {"response": {"set_status_code": 203}})
    there.answers("/a", b"0123", etag='"1"')
    for asked in ({}, {}, {"if_none_match": '"1"'}, {"range": "bytes=0-1"}):
        got = await there.get("/a", **asked)
        assert (got.status, got.body) == (203, b"0123")
    assert len(there.origin.asked) == 1


@shows("response.set_status_code")
async def test_a_status_out_of_variables() -> None:
    there = harness(HOUR, {"response": {"set_status_code": "%{arg_status:=200}"}})
    for target, expected in (
        ("/a?status=418", 418),
        ("/a?status=418", 418),
        ("/a", 200),
        ("/a?status=x", 200),
    ):
        assert (await there.get(target)).status == expected


@shows("response.set_status_code")
async def test_a_status_and_a_location_are_a_redirect() -> None:
    there = harness(
        {"response": {"set_status_code": 301}}, {"headers": {"set_response_headers": {"location": "/new"}}}
    )
    got = await there.get("/old?edgio_prefetch=1")
    assert (got.status, got.headers["location"], got.body, got.trace.cache) == (
        301,
        "/new?edgio_prefetch=1",
        b"",
        "synthetic",
    )
    assert there.origin.asked == []


@shows("response.allow_prefetching_uncached_content")
async def test_a_prefetch_of_what_is_not_cached() -> None:
    there = harness(HOUR, {"response": {"allow_prefetching_uncached_content": True}})
    for cache, prefetch in (("miss", "fetched"), ("hit", "hit")):
        got = await there.get("/a?edgio_prefetch=1&edgio_dt_pf=1")
        assert (got.status, got.trace.cache, got.trace.prefetch) == (200, cache, prefetch)
    assert there.origin.targets == ["GET /a"]


@shows("response.allow_prefetching_uncached_content")
async def test_a_prefetch_of_what_is_never_kept() -> None:
    there = harness(when(path("/a"), {"response": {"allow_prefetching_uncached_content": True}}))
    assert [(await there.get(f"{target}?edgio_prefetch=1")).status for target in ("/a", "/b")] == [200, 412]


@shows("response.compress_content_types")
async def test_bodies_are_sent_with_gzip_to_clients_that_take_it() -> None:
    there = harness(HOUR, {"response": {"compress_content_types": ["text/html"]}})
    there.answers("/a", TEXT, content_type="text/html; charset=utf-8", etag='"1"', vary="x-tier")
    there.answers("/b", TEXT, content_type="text/plain")
    for _ in range(2):
        packed = await there.get("/a", accept_encoding="br, gzip")
        assert packed.headers["content-encoding"] == "gzip"
        assert decompress(packed.body) == TEXT
        assert packed.headers["etag"] == 'W/"1"'
        assert packed.headers["content-length"] == str(len(packed.body))
        plain = await there.get("/a", accept_encoding="gzip;q=0")
        assert (plain.body, plain.headers["etag"]) == (TEXT, '"1"')
        for got in (packed, plain):
            assert got.headers["vary"] == "x-tier, Accept-Encoding"
        other = await there.get("/b", accept_encoding="gzip")
        assert (other.body, "vary" in other.headers) == (TEXT, False)
    assert len(there.origin.asked) == 2


@shows("response.compress_content_types")
async def test_conditions_ranges_and_head_of_a_compressed_body() -> None:
    there = harness(HOUR, {"response": {"compress_content_types": ["text/html"]}})
    there.answers("/a", TEXT, content_type="text/html", etag='"1"')
    whole = await there.get("/a", accept_encoding="gzip")
    known = await there.get("/a", accept_encoding="gzip", if_none_match='W/"1"')
    assert (known.status, known.headers["etag"]) == (304, 'W/"1"')
    assert known.headers["vary"] == "Accept-Encoding"
    part = await there.get("/a", accept_encoding="gzip", range="bytes=0-9")
    assert (part.status, part.body) == (206, whole.body[:10])
    assert part.headers["content-range"] == f"bytes 0-9/{len(whole.body)}"
    assert (await there.get("/a", accept_encoding="gzip", range="bytes=0-9", if_range='"1"')).status == 200
    head = await there.ask("/a", "HEAD", accept_encoding="gzip")
    assert dict(head.headers) == dict(whole.headers)
    assert len(there.origin.asked) == 1
