"""The edge as a whole, without sockets: what comes from the cache, what reaches the origin."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import PAGES, Harness, run_scenario
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.origin_client import OriginError


def test_a_miss_then_a_hit() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", b"one ", b"two", etag='"1"')
        first = await harness.get("/pages/1")
        harness.now += 60
        second = await harness.get("/pages/1")
        assert (first.status, first.body, first.trace.cache) == (200, b"one two", "miss")
        assert (second.status, second.body, second.trace.cache) == (200, b"one two", "hit")
        assert (first.headers["age"], second.headers["age"]) == ("0", "60")
        assert first.headers["x-sw-cache-control"] == second.headers["x-sw-cache-control"] == "max-age=600"
        assert (second.trace.ttl, second.trace.rules) == (3540, (str(PAGES.rules[0].source),))
        assert harness.origin.targets == ["GET /pages/1"]
        assert harness.origin.closed == 1

    run_scenario(scenario)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"set_cookie": "a=1"}, "not stored: set-cookie"),
        ({"cache_control": "private"}, "not stored: private"),
        ({"cache_control": "no-store"}, "not stored: no-store"),
        ({"vary": "*"}, "not stored: vary: *"),
    ],
)
def test_what_is_one_users_own_is_not_shared(headers: dict[str, str], reason: str) -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", b"body", status=200, **headers)
        for _ in range(2):
            got = await harness.get("/pages/1")
            assert (got.trace.cache, got.trace.reason) == ("pass", reason)
        assert len(harness.origin.asked) == 2

    run_scenario(scenario)


def test_requests_with_authorization_pass() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1")
        got = await harness.get("/pages/1", authorization="Basic eA==")
        assert (got.trace.cache, got.trace.reason) == ("pass", "authorization")
        assert (await harness.get("/pages/1?edgio_prefetch=1", authorization="Basic eA==")).status == 412
        assert len(harness.origin.asked) == 2

    run_scenario(scenario)


def test_own_parameters_are_in_no_key_and_reach_no_origin() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1?b=2&edgio_dt_pf=1&a=1&&edgio_x")
        assert harness.origin.targets == ["GET /pages/1?b=2&a=1&"]
        assert (await harness.get("/pages/1?b=2&a=1&")).trace.cache == "hit"
        assert (await harness.get("/pages/1?b=2&%65dgio%5Fx&a=1&")).trace.cache == "hit"
        await harness.get("/pages/2?EDGIO_x=1")
        assert harness.origin.targets[1] == "GET /pages/2?EDGIO_x=1"

    run_scenario(scenario)


def test_a_header_that_connection_names_tells_no_variants_apart() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", vary="x-lang")
        await harness.get("/pages/1", connection="x-lang", x_lang="de")
        assert "x-lang" not in harness.origin.asked[0].headers
        assert (await harness.get("/pages/1")).trace.cache == "hit"
        assert (await harness.get("/pages/1", x_lang="de")).trace.cache == "miss"

    run_scenario(scenario)


def test_head_is_answered_from_the_copy_of_the_get() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        assert (await harness.ask("/pages/1", "HEAD")).trace.cache == "pass"
        await harness.get("/pages/1")
        assert (await harness.ask("/pages/1", "HEAD")).trace.cache == "hit"
        assert harness.origin.targets == ["HEAD /pages/1", "GET /pages/1"]

    run_scenario(scenario)


def test_conditional_requests_and_ranges_are_answered_from_copies() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", b"0123456789", etag='"1"')
        part = await harness.get("/pages/1", range="bytes=2-4")
        assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
        same = await harness.get("/pages/1", if_none_match='"1"')
        assert (same.status, same.body) == (304, b"")
        assert len(harness.origin.asked) == 1
        assert "range" not in harness.origin.asked[0].headers

    run_scenario(scenario)


SEARCH = Router().match(
    "/search",
    caching={"max_age": "1m", "enable_caching_for_methods": ["POST"], "cacheable_request_body_size": "1kB"},
)


def test_a_post_is_kept_by_its_body_where_a_rule_enables_it() -> None:
    async def scenario() -> None:
        harness = Harness(SEARCH)
        for body, cache in ((b"a", "miss"), (b"a", "hit"), (b"b", "miss"), (b"x" * 2000, "pass")):
            assert (await harness.ask("/search", "POST", body)).trace.cache == cache
        assert len(harness.origin.asked) == 3

    run_scenario(scenario)


def test_other_rules_forget_the_copies_and_what_is_under_way() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1")
        answer = harness.answers("/pages/2")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(harness.ask("/pages/2"))
        await asyncio.sleep(0)
        harness.edge.use(RuleSet(rules=PAGES.rules))
        answer.gate.set()
        assert (await client).body == b"body"
        await harness.edge.idle()
        assert len(harness.edge.cache) == 0

    run_scenario(scenario)


def test_a_key_is_forgotten_with_what_is_under_way_to_it() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/2")
        await harness.get("/pages/1")
        harness.now += 4000
        answer = harness.answers("/pages/1")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(harness.ask("/pages/1"))
        await asyncio.sleep(0)
        assert harness.edge.forget(("shop.example/pages/1",)) == 1
        answer.gate.set()
        await client
        await harness.edge.idle()
        assert [view.key for view in harness.edge.cache.views(harness.now)] == [("shop.example/pages/2",)]

    run_scenario(scenario)


def test_rules_answer_without_an_origin() -> None:
    async def scenario() -> None:
        harness = Harness(
            Router()
            .match("/old", lambda route: route.redirect("/new", 301))
            .match("/secret", access={"deny_access": True})
            .match("/hello", lambda route: route.send("hello", 201))
        )
        moved = await harness.get("/old")
        assert (moved.status, moved.headers["location"]) == (301, "/new")
        assert (await harness.get("/secret")).status == 403
        hello = await harness.get("/hello?edgio_prefetch=1")
        assert (hello.status, hello.body, hello.trace.cache) == (201, b"hello", "synthetic")
        assert harness.origin.asked == []

    run_scenario(scenario)


def test_no_usable_copy_for_only_if_cached_is_504() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        assert (await harness.get("/pages/1", cache_control="only-if-cached")).status == 504
        assert harness.origin.asked == []
        harness = Harness(Router().always(caching={"bypass_cache": True}))
        assert (await harness.get("/a", cache_control="only-if-cached")).status == 504
        assert (await harness.ask("/a", "POST", b"x", cache_control="only-if-cached")).status == 504
        assert harness.origin.asked == []

    run_scenario(scenario)


@pytest.mark.parametrize(("failure", "status"), [("timeout", 504), ("unreachable", 502), ("garbage", 502)])
def test_no_answer_is_502_or_504(failure: str, status: int) -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        for path in ("/pages/1", "/other"):
            harness.answers(path).error = OriginError(failure, "no luck")  # type: ignore[arg-type]
            got = await harness.get(path)
            assert (got.status, got.headers["cache-control"], got.trace.cache) == (
                status,
                "no-store",
                "error",
            )
            assert "x-sw-cache-control" not in got.headers

    run_scenario(scenario)
