"""Why nothing is stored: each way in which a stored response is missing has its own reason."""

from __future__ import annotations

import pytest

from edge.harness import PAGES, Harness, pages, run_scenario
from prefetchrouter import RuleSet
from prefetchrouter.edge.cache.miss_reasons import MissReasons
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.http.message import Response

PREFETCH = "/pages/1?edgio_prefetch=1"


def test_a_refused_prefetch_says_why() -> None:
    """And the page of the request has the response that was not stored."""

    async def scenario() -> None:
        harness = Harness(PAGES)
        got = await harness.get(PREFETCH)
        assert (got.status, got.trace.reason) == (412, "not requested yet")
        harness.answers("/pages/1", set_cookie="a=b")
        await harness.get("/pages/1")
        got = await harness.get(PREFETCH)
        assert (got.status, got.trace.reason) == (412, "not stored: set-cookie")
        assert got.trace.origin_response == Response(200, {"set-cookie": "a=b"})
        harness.answers("/pages/1")
        await harness.get("/pages/1")
        assert (await harness.get(PREFETCH)).trace.prefetch == "hit"
        harness.now += 3600 + 180
        assert (await harness.get(PREFETCH)).trace.reason == "expired 3 min ago"

    run_scenario(scenario)


def test_purging_and_new_rules_are_reasons() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1")
        harness.edge.purge()
        assert (await harness.get(PREFETCH)).trace.reason == "purged"
        await harness.get("/pages/1")
        harness.edge.use(RuleSet(rules=pages().rules))
        assert (await harness.get(PREFETCH)).trace.reason == "the rules have changed since"
        await harness.get("/pages/1")
        harness.edge.forget(("shop.example/pages/1",))
        assert (await harness.get(PREFETCH)).trace.reason == "purged"
        await harness.get("/pages/1")
        await harness.ask("/pages/1", "DELETE")
        assert (await harness.get(PREFETCH)).trace.reason == "invalidated by an unsafe request to its URL"

    run_scenario(scenario)


def test_a_full_cache_is_a_reason() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES, limits=Limits(cache_bytes=4000))
        for number in range(1, 9):
            harness.answers(f"/pages/{number}", b"x" * 1000)
            await harness.get(f"/pages/{number}")
        assert (await harness.get(PREFETCH)).trace.reason == "evicted: the cache was full"
        harness.answers("/pages/9", b"x" * 5000)
        await harness.get("/pages/9")
        got = await harness.get("/pages/9?edgio_prefetch=1")
        assert got.trace.reason == "larger than the whole cache"

    run_scenario(scenario)


def test_an_origin_that_fails_is_a_reason() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1").error = OriginError("unreachable", "nobody is there")
        await harness.get("/pages/1")
        assert (await harness.get(PREFETCH)).trace.reason == "the origin gave no response: nobody is there"
        harness.answers("/pages/2").cut = True
        with pytest.raises(OriginError):
            await harness.get("/pages/2")
        await harness.edge.idle()
        assert (await harness.get("/pages/2?edgio_prefetch=1")).trace.reason == "its body broke off"

    run_scenario(scenario)


def test_other_variants_are_a_reason() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", vary="cookie")
        await harness.get("/pages/1", cookie="a=b")
        got = await harness.get(PREFETCH, cookie="a=c")
        assert got.trace.reason == "stored for other requests only, by Vary: cookie"
        assert (await harness.get(PREFETCH, cookie="a=b")).trace.prefetch == "hit"

    run_scenario(scenario)


@pytest.mark.parametrize("status", [404, 410, 301, 500])
def test_a_prefetched_status_that_no_worker_stores_is_not_a_hit(status: int) -> None:
    async def scenario() -> None:
        harness = Harness(pages().match("/pages/:id", caching={"max_age": {str(status): "1h"}}))
        harness.answers("/pages/1", status=status, location="/pages/2")
        await harness.get("/pages/1")
        got = await harness.get(PREFETCH)
        assert (got.status, got.trace.cache, got.trace.prefetch) == (status, "hit", "unusable")

    run_scenario(scenario)


def test_rules_on_the_response_are_reported() -> None:
    """When it is fetched, when it is passed on, and when a stored response answers."""

    async def scenario() -> None:
        router = pages().catch(404, caching={"max_age": {"404": "1m"}})
        catch = str(router.rules[-1].source)
        harness = Harness(router)
        harness.answers("/pages/1", status=404)
        for target in ("/pages/1", "/pages/1", PREFETCH):
            got = await harness.get(target)
            assert got.trace.response_rules == (catch,)
            assert got.trace.all_rules[-1] == catch
            assert catch not in got.trace.rules
        harness.answers("/pages/2", status=404, set_cookie="a=b")
        assert (await harness.get("/pages/2")).trace.response_rules == (catch,)

    run_scenario(scenario)


def test_what_is_remembered_is_bounded() -> None:
    reasons = MissReasons(most=10)
    large = Response(200, {"x": "y" * 100_000})
    for number in range(1000):
        reasons.record((f"shop.example/{number}",), "set-cookie", large)
    assert len(reasons) == 10
    assert reasons.reason_for(("shop.example/999",)) == ("set-cookie", None)
    assert reasons.reason_for(("shop.example/1",)).reason == "not requested lately"
    reasons.forget(("shop.example/999",))
    assert len(reasons) == 9
