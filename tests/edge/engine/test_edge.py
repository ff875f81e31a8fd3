"""The edge as a whole, without sockets: what comes from the cache, what reaches the origin."""

from __future__ import annotations

import asyncio

import pytest

from edge.stage import Answer, Stage, body_of, play, request
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginError, OriginRequest


def pages() -> Router:
    return Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "10m"})


PAGES = pages()


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
        assert (second.story.ttl, second.story.rules) == (3540, ("tests/edge/engine/test_edge.py:16",))
        assert stage.origin.targets == ["GET /pages/1"]
        assert stage.origin.closed == 1

    play(scene)


def test_a_prefetch_is_answered_by_the_cache_alone() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        refused = await stage.get("/pages/1?edgio_prefetch=1")
        assert (refused.status, refused.body) == (412, b"")
        assert dict(refused.headers) == {"cache-control": "no-store"}
        assert (refused.story.cache, refused.story.prefetch) == ("refused", "refused")
        assert stage.origin.asked == []
        await stage.get("/pages/1")
        hit = await stage.get("/pages/1?edgio_dt_pf=1&edgio_prefetch=1")
        assert (hit.status, hit.story.prefetch) == (200, "hit")
        assert stage.origin.targets == ["GET /pages/1"]

    play(scene)


def test_a_prefetch_of_a_stale_copy_asks_no_origin() -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"}))
        await stage.get("/a")
        stage.now += 15
        stale = await stage.get("/a?edgio_prefetch=1")
        assert (stale.status, stale.story.cache, stale.story.prefetch) == (200, "stale", "hit")
        assert len(stage.origin.asked) == 1
        stage.now += 20
        gone = await stage.get("/a?edgio_prefetch=1")
        assert (gone.status, gone.story.reason) == (412, "the copy has expired")
        assert len(stage.origin.asked) == 1

    play(scene)


def test_a_prefetch_that_may_go_to_the_origin_begins_no_refresh() -> None:
    async def scene() -> None:
        rules = Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"})
        stage = Stage(rules.always(response={"allow_prefetching_uncached_content": True}))
        await stage.get("/a?edgio_prefetch=1")
        stage.now += 15
        assert (await stage.get("/a?edgio_prefetch=1")).story.cache == "stale"
        assert len(stage.origin.asked) == 1
        stage.now += 20
        assert (await stage.get("/a?edgio_prefetch=1")).story.prefetch == "fetched"
        assert len(stage.origin.asked) == 2

    play(scene)


def test_uncached_content_may_be_prefetched_where_a_rule_says_so() -> None:
    async def scene() -> None:
        rules = pages().always(response={"allow_prefetching_uncached_content": True})
        stage = Stage(rules)
        got = await stage.get("/pages/1?x=1&edgio_prefetch=1")
        assert (got.status, got.story.cache, got.story.prefetch) == (200, "miss", "fetched")
        assert stage.origin.targets == ["GET /pages/1?x=1"]

    play(scene)


def test_a_stale_copy_is_used_while_one_refresh_runs() -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"}))
        stage.answers("/a", b"old")
        await stage.get("/a")
        stage.now += 15
        newer = stage.answers("/a", b"new")
        newer.gate = asyncio.Event()
        stale = [await stage.ask("/a") for _ in range(5)]
        assert {got.body for got in stale} == {b"old"}
        newer.gate.set()
        await stage.edge.idle()
        assert (await stage.ask("/a")).body == b"new"
        assert len(stage.origin.asked) == 2
        cause = stage.origin.asked[1].cause
        assert cause is not None
        assert cause.begun_by is stale[0].story

    play(scene)


@pytest.mark.parametrize("query, method", [("", "GET"), ("?b=1", "POST")])
def test_an_origin_request_knows_what_is_told_of_its_cause(query: str, method: str) -> None:
    """One that the cache holds, and one that goes past it."""

    async def scene() -> None:
        stage = Stage(PAGES)
        got = await stage.ask(f"/pages/1{query}", method)
        assert [asked.cause for asked in stage.origin.asked] == [got.story]
        assert stage.origin.asked[0].cause is got.story

    play(scene)


def test_an_expired_copy_is_checked_with_the_origin() -> None:
    def origin(asked: OriginRequest) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(304, {"etag": '"1"', "x-new": "yes"}, ())
        return Answer(200, {"etag": '"1"', "x-new": "no"})

    async def scene() -> None:
        stage = Stage(PAGES)
        stage.origin.answers["/pages/1"] = origin
        await stage.get("/pages/1")
        stage.now += 4000
        got = await stage.get("/pages/1")
        assert (got.status, got.body, got.story.cache) == (200, b"body", "revalidated")
        assert (got.headers["x-new"], got.headers["age"]) == ("yes", "0")
        assert (await stage.get("/pages/1")).story.cache == "hit"
        assert len(stage.origin.asked) == 2

    play(scene)


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "refused")])
def test_an_expired_copy_is_used_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scene() -> None:
        caching = {"max_age": "10s", "stale_on_error": True, "revalidate_after_origin_unavailable": "1h"}
        stage = Stage(Router().match("/a", caching=caching))  # type: ignore[arg-type]
        await stage.get("/a")
        stage.now += 100
        if isinstance(failure, int):
            stage.answers("/a", status=failure)
        else:
            stage.answers("/a").error = failure
        got = await stage.get("/a")
        assert (got.status, got.body, got.story.cache) == (200, b"body", "stale-error")
        stage.now += 3600
        assert (await stage.get("/a")).status == (failure if isinstance(failure, int) else 502)

    play(scene)


def test_an_origin_that_failed_is_left_alone_for_a_while() -> None:
    async def scene() -> None:
        stage = Stage(
            Router().match(
                "/a",
                caching={"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30},
            )
        )
        await stage.get("/a")
        stage.now += 11
        stage.answers("/a").error = OriginError("unreachable", "refused")
        for seconds in (0, 20, 20):
            stage.now += seconds
            assert (await stage.get("/a")).story.cache == "stale-error"
        assert len(stage.origin.asked) == 3

    play(scene)


def test_many_misses_of_one_url_are_one_origin_request() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        answer = stage.answers("/pages/1", b"first ", b"second")
        answer.gate, answer.body_gate = asyncio.Event(), asyncio.Event()
        clients = [asyncio.create_task(stage.ask("/pages/1")) for _ in range(1000)]
        await asyncio.sleep(0)
        answer.gate.set()
        await asyncio.sleep(0)
        late = asyncio.create_task(stage.ask("/pages/1"))
        await asyncio.sleep(0)
        answer.body_gate.set()
        got = await asyncio.gather(*clients, late)
        assert {client.body for client in got} == {b"first second"}
        assert sorted({client.story.cache for client in got}) == ["joined", "miss"]
        assert len(stage.origin.asked) == 1

    play(scene)


def test_uncacheable_answers_are_not_waited_for_one_by_one() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        answer = stage.answers("/pages/1", cache_control="private")
        answer.gate = asyncio.Event()
        clients = [asyncio.create_task(stage.ask("/pages/1")) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(stage.origin.asked) == 1
        answer.gate.set()
        await asyncio.gather(*clients)
        assert len(stage.origin.asked) == 20
        answer.gate = asyncio.Event()
        more = [asyncio.create_task(stage.ask("/pages/1")) for _ in range(20)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(stage.origin.asked) == 40, "a key that is known to be uncacheable waits for nobody"
        answer.gate.set()
        await asyncio.gather(*more)
        assert len(stage.edge.cache) == 0

    play(scene)


def test_followers_whose_variant_is_another_go_on_their_own() -> None:
    def origin(asked: OriginRequest) -> Answer:
        language = asked.headers.get("accept-language", "")
        return Answer(200, {"vary": "accept-language"}, (language.encode(),), gate=gates[0])

    async def scene() -> None:
        gates.append(asyncio.Event())
        stage = Stage(PAGES)
        stage.origin.answers["/pages/1"] = origin
        asking = [stage.ask("/pages/1", accept_language=language) for language in ("de", "en", "de", "en")]
        clients = [asyncio.create_task(coroutine) for coroutine in asking]
        await asyncio.sleep(0)
        gates[0].set()
        got = await asyncio.gather(*clients)
        assert [client.body for client in got] == [b"de", b"en", b"de", b"en"]
        assert len(stage.origin.asked) == 2
        assert (await stage.get("/pages/1", accept_language="en")).story.cache == "hit"

    gates: list[asyncio.Event] = []
    play(scene)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"set_cookie": "a=1"}, "not kept: set-cookie"),
        ({"cache_control": "private"}, "not kept: private"),
        ({"cache_control": "no-store"}, "not kept: no-store"),
        ({"vary": "*"}, "not kept: vary: *"),
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
        await stage.get("/pages/1?b=2&a=1&edgio%5Fprefetch=1")
        assert stage.origin.targets[1] == "GET /pages/1?b=2&a=1&edgio%5Fprefetch=1"

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


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "no connection")])
def test_head_gets_the_expired_copy_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/a", caching={"max_age": "10s", "stale_on_error": True}))
        stage.answers("/a", etag='"1"')
        await stage.get("/a")
        answer = stage.answers("/a", status=failure if isinstance(failure, int) else 200)
        answer.error = None if isinstance(failure, int) else failure
        stage.now += 129
        got = await stage.ask("/a", "HEAD")
        assert (got.status, got.headers["etag"], got.story.cache) == (200, '"1"', "stale-error")
        stage.now += 1
        assert (await stage.ask("/a", "HEAD")).status in (502, 503)
        assert stage.origin.targets == ["GET /a", "HEAD /a", "HEAD /a"]

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


def test_a_post_is_sent_on_and_removes_the_copies_of_its_url() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        await stage.get("/pages/2")
        stage.answers("/pages/1", location="/pages/2")
        assert (await stage.ask("/pages/1", "POST", b"x=1")).story.cache == "pass"
        assert len(stage.edge.cache) == 0
        assert (await stage.ask("/pages/1?edgio_prefetch=1", "POST", b"x=1")).status == 412

    play(scene)


def test_a_failed_post_removes_nothing() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        stage.answers("/pages/1", status=500)
        await stage.ask("/pages/1", "POST", b"x=1")
        assert len(stage.edge.cache) == 1

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


def test_a_prefetched_post_answers_the_post() -> None:
    async def scene() -> None:
        stage = Stage(SEARCH)
        url = "/search?pref_edgio_body=%7B%22a%22%3A1%7D&pref_edgio_method=post&edgio_dt_pf=1"
        assert (await stage.get(url)).story.cache == "miss"
        (asked,) = stage.origin.asked
        assert (asked.method, asked.target, asked.body) == ("POST", "/search", b'{"a":1}')
        assert asked.headers["content-type"] == "application/json"
        assert (await stage.ask("/search", "POST", b'{"a":1}')).story.cache == "hit"

    play(scene)


def test_no_link_can_post_where_no_rule_enables_it() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1?pref_edgio_method=post")
        assert stage.origin.targets == ["GET /pages/1?pref_edgio_method=post"]

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


def test_a_body_that_breaks_off_is_not_kept() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", b"half").cut = True
        for _ in range(2):
            with pytest.raises(OriginError):
                await stage.ask("/pages/1")
        await stage.edge.idle()
        assert (len(stage.edge.cache), len(stage.origin.asked)) == (0, 2)

    play(scene)


def test_a_body_that_is_too_large_passes_and_is_not_kept() -> None:
    async def scene() -> None:
        stage = Stage(PAGES, limits=Limits(object_bytes=50, buffered_bytes=20))
        stage.answers("/pages/1", *[b"0123456789"] * 20)
        for got in (await stage.get("/pages/1"), await stage.get("/pages/1", range="bytes=0-1")):
            assert (got.status, len(got.body)) == (200, 200)
        stage.answers("/pages/2", b"x" * 60, content_length="60")
        assert (await stage.get("/pages/2")).story.reason == "not kept: larger than 50 bytes"
        assert len(stage.edge.cache) == 0

    play(scene)


def test_a_fetch_goes_on_for_the_cache_when_its_client_leaves() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        answer = stage.answers("/pages/1")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(stage.ask("/pages/1"))
        await asyncio.sleep(0)
        client.cancel()
        await asyncio.gather(client, return_exceptions=True)
        answer.gate.set()
        await stage.edge.idle()
        assert (await stage.get("/pages/1")).story.cache == "hit"

    play(scene)


def test_an_answer_for_a_client_that_left_is_closed() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        answer = stage.answers("/pages/1", cache_control="private")
        answer.gate = asyncio.Event()
        client = asyncio.create_task(stage.ask("/pages/1"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        client.cancel()
        await asyncio.gather(client, return_exceptions=True)
        answer.gate.set()
        await stage.edge.idle()
        assert stage.origin.closed == 1

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


def test_the_edge_follows_redirects_where_a_rule_says_so() -> None:
    async def scene() -> None:
        stage = Stage(Router().always(url={"follow_redirects": True}))
        stage.answers("/a", status=302, location="/b?x=1")
        stage.answers("/b?x=1", b"there")
        stage.answers("/out", status=302, location="https://evil.example/")
        assert (await stage.get("/a")).body == b"there"
        assert (await stage.get("/out")).status == 404
        assert stage.origin.targets == ["GET /a", "GET /b?x=1", "GET /out"]

    play(scene)


def test_requests_of_one_url_are_shared_while_the_edge_stops() -> None:
    async def scene() -> None:
        stage = Stage(PAGES, limits=Limits(shutdown_seconds=0.01))
        answer = stage.answers("/pages/1")
        answer.gate = asyncio.Event()
        response = asyncio.create_task(stage.edge.handle(request("/pages/1")))
        await asyncio.sleep(0)
        await stage.edge.close()
        got, story = await response
        assert (got.status, story.reason) == (502, "the edge is stopping")
        assert b"stopping" in await body_of(got)

    play(scene)
