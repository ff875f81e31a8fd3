"""The edge as a whole, without sockets: what comes from the cache, what reaches the origin."""

from __future__ import annotations

import asyncio

import pytest

from edge.stage import PAGES, Stage, play
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.message import OriginError


def test_a_miss_then_a_hit() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", b"one ", b"two", etag='"1"')
        first = await stage.get("/pages/1")
        stage.now += 60
        second = await stage.get("/pages/1")
        assert (first.status, first.body, first.story.cache) == (200, b"one two", "miss")
        assert (second.status, second.body, second.story.cache) == (200, b"one two", "hit")
        assert (first.headers["age"], second.headers["age"]) == ("0", "60")
        assert first.headers["x-sw-cache-control"] == second.headers["x-sw-cache-control"] == "max-age=600"
        assert (second.story.ttl, second.story.rules) == (3540, (str(PAGES.rules[0].source),))
        assert stage.origin.targets == ["GET /pages/1"]
        assert stage.origin.closed == 1

    play(scene)


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
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", b"body", status=200, **headers)
        for _ in range(2):
            got = await stage.get("/pages/1")
            assert (got.story.cache, got.story.reason) == ("pass", reason)
        assert len(stage.origin.asked) == 2

    play(scene)


def test_requests_with_authorization_pass() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        got = await stage.get("/pages/1", authorization="Basic eA==")
        assert (got.story.cache, got.story.reason) == ("pass", "authorization")
        assert (await stage.get("/pages/1?edgio_prefetch=1", authorization="Basic eA==")).status == 412
        assert len(stage.origin.asked) == 2

    play(scene)


def test_own_parameters_are_in_no_key_and_reach_no_origin() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1?b=2&edgio_dt_pf=1&a=1&&edgio_x")
        assert stage.origin.targets == ["GET /pages/1?b=2&a=1&"]
        assert (await stage.get("/pages/1?b=2&a=1&")).story.cache == "hit"
        assert (await stage.get("/pages/1?b=2&%65dgio%5Fx&a=1&")).story.cache == "hit"
        await stage.get("/pages/2?EDGIO_x=1")
        assert stage.origin.targets[1] == "GET /pages/2?EDGIO_x=1"

    play(scene)


def test_a_header_that_connection_names_tells_no_variants_apart() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", vary="x-lang")
        await stage.get("/pages/1", connection="x-lang", x_lang="de")
        assert "x-lang" not in stage.origin.asked[0].headers
        assert (await stage.get("/pages/1")).story.cache == "hit"
        assert (await stage.get("/pages/1", x_lang="de")).story.cache == "miss"

    play(scene)


def test_head_is_answered_from_the_copy_of_the_get() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        assert (await stage.ask("/pages/1", "HEAD")).story.cache == "pass"
        await stage.get("/pages/1")
        assert (await stage.ask("/pages/1", "HEAD")).story.cache == "hit"
        assert stage.origin.targets == ["HEAD /pages/1", "GET /pages/1"]

    play(scene)


def test_conditional_requests_and_ranges_are_answered_from_copies() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", b"0123456789", etag='"1"')
        part = await stage.get("/pages/1", range="bytes=2-4")
        assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
        same = await stage.get("/pages/1", if_none_match='"1"')
        assert (same.status, same.body) == (304, b"")
        assert len(stage.origin.asked) == 1
        assert "range" not in stage.origin.asked[0].headers

    play(scene)


SEARCH = Router().match(
    "/search",
    caching={"max_age": "1m", "enable_caching_for_methods": ["POST"], "cacheable_request_body_size": "1kB"},
)


def test_a_post_is_kept_by_its_body_where_a_rule_enables_it() -> None:
    async def scene() -> None:
        stage = Stage(SEARCH)
        for body, cache in ((b"a", "miss"), (b"a", "hit"), (b"b", "miss"), (b"x" * 2000, "pass")):
            assert (await stage.ask("/search", "POST", body)).story.cache == cache
        assert len(stage.origin.asked) == 3

    play(scene)


def test_other_rules_forget_the_copies_and_what_is_under_way() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        answer = stage.answers("/pages/2")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(stage.ask("/pages/2"))
        await asyncio.sleep(0)
        stage.edge.use(RuleSet(rules=PAGES.rules))
        answer.gate.set()
        assert (await client).body == b"body"
        await stage.edge.idle()
        assert len(stage.edge.cache) == 0

    play(scene)


def test_a_key_is_forgotten_with_what_is_under_way_to_it() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/2")
        await stage.get("/pages/1")
        stage.now += 4000
        answer = stage.answers("/pages/1")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(stage.ask("/pages/1"))
        await asyncio.sleep(0)
        assert stage.edge.forget(("shop.example/pages/1",)) == 1
        answer.gate.set()
        await client
        await stage.edge.idle()
        assert [view.key for view in stage.edge.cache.views(stage.now)] == [("shop.example/pages/2",)]

    play(scene)


def test_rules_answer_without_an_origin() -> None:
    async def scene() -> None:
        stage = Stage(
            Router()
            .match("/old", lambda route: route.redirect("/new", 301))
            .match("/secret", access={"deny_access": True})
            .match("/hello", lambda route: route.send("hello", 201))
        )
        moved = await stage.get("/old")
        assert (moved.status, moved.headers["location"]) == (301, "/new")
        assert (await stage.get("/secret")).status == 403
        hello = await stage.get("/hello?edgio_prefetch=1")
        assert (hello.status, hello.body, hello.story.cache) == (201, b"hello", "made")
        assert stage.origin.asked == []

    play(scene)


def test_no_usable_copy_for_only_if_cached_is_504() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        assert (await stage.get("/pages/1", cache_control="only-if-cached")).status == 504
        assert stage.origin.asked == []
        stage = Stage(Router().always(caching={"bypass_cache": True}))
        assert (await stage.get("/a", cache_control="only-if-cached")).status == 504
        assert (await stage.ask("/a", "POST", b"x", cache_control="only-if-cached")).status == 504
        assert stage.origin.asked == []

    play(scene)


@pytest.mark.parametrize(("failure", "status"), [("timeout", 504), ("unreachable", 502), ("garbage", 502)])
def test_no_answer_is_502_or_504(failure: str, status: int) -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        for path in ("/pages/1", "/other"):
            stage.answers(path).error = OriginError(failure, "no luck")  # type: ignore[arg-type]
            got = await stage.get(path)
            assert (got.status, got.headers["cache-control"], got.story.cache) == (
                status,
                "no-store",
                "error",
            )
            assert "x-sw-cache-control" not in got.headers

    play(scene)
