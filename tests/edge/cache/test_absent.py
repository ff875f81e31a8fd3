"""Why nothing is stored: each way in which a stored response is missing has its own reason."""

from __future__ import annotations

import pytest

from edge.stage import PAGES, Stage, pages, play
from prefetchrouter import RuleSet
from prefetchrouter.edge.cache.absent import Absences
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginError
from prefetchrouter.http.message import Response

PREFETCH = "/pages/1?edgio_prefetch=1"


def test_a_refused_prefetch_says_why() -> None:
    """And the page of the request has the response that was not stored."""

    async def scene() -> None:
        stage = Stage(PAGES)
        got = await stage.get(PREFETCH)
        assert (got.status, got.story.reason) == (412, "not requested yet")
        stage.answers("/pages/1", set_cookie="a=b")
        await stage.get("/pages/1")
        got = await stage.get(PREFETCH)
        assert (got.status, got.story.reason) == (412, "not stored: set-cookie")
        assert got.story.answer == Response(200, {"set-cookie": "a=b"})
        stage.answers("/pages/1")
        await stage.get("/pages/1")
        assert (await stage.get(PREFETCH)).story.prefetch == "hit"
        stage.now += 3600 + 180
        assert (await stage.get(PREFETCH)).story.reason == "expired 3 min ago"

    play(scene)


def test_purging_and_new_rules_are_reasons() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        stage.edge.purge()
        assert (await stage.get(PREFETCH)).story.reason == "purged"
        await stage.get("/pages/1")
        stage.edge.use(RuleSet(rules=pages().rules))
        assert (await stage.get(PREFETCH)).story.reason == "the rules have changed since"
        await stage.get("/pages/1")
        stage.edge.forget(("shop.example/pages/1",))
        assert (await stage.get(PREFETCH)).story.reason == "purged"
        await stage.get("/pages/1")
        await stage.ask("/pages/1", "DELETE")
        assert (await stage.get(PREFETCH)).story.reason == "an unsafe request to its URL has removed it"

    play(scene)


def test_a_full_cache_is_a_reason() -> None:
    async def scene() -> None:
        stage = Stage(PAGES, limits=Limits(cache_bytes=4000))
        for number in range(1, 9):
            stage.answers(f"/pages/{number}", b"x" * 1000)
            await stage.get(f"/pages/{number}")
        assert (await stage.get(PREFETCH)).story.reason == "evicted: the cache was full"
        stage.answers("/pages/9", b"x" * 5000)
        await stage.get("/pages/9")
        got = await stage.get("/pages/9?edgio_prefetch=1")
        assert got.story.reason == "larger than the whole cache"

    play(scene)


def test_an_origin_that_fails_is_a_reason() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1").error = OriginError("unreachable", "nobody is there")
        await stage.get("/pages/1")
        assert (await stage.get(PREFETCH)).story.reason == "the origin gave no answer: nobody is there"
        stage.answers("/pages/2").cut = True
        with pytest.raises(OriginError):
            await stage.get("/pages/2")
        await stage.edge.idle()
        assert (await stage.get("/pages/2?edgio_prefetch=1")).story.reason == "its body broke off"

    play(scene)


def test_other_variants_are_a_reason() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        stage.answers("/pages/1", vary="cookie")
        await stage.get("/pages/1", cookie="a=b")
        got = await stage.get(PREFETCH, cookie="a=c")
        assert got.story.reason == "stored for other requests only, by Vary: cookie"
        assert (await stage.get(PREFETCH, cookie="a=b")).story.prefetch == "hit"

    play(scene)


@pytest.mark.parametrize("status", [404, 410, 301, 500])
def test_a_prefetched_status_that_no_worker_stores_is_no_hit(status: int) -> None:
    async def scene() -> None:
        stage = Stage(pages().match("/pages/:id", caching={"max_age": {str(status): "1h"}}))
        stage.answers("/pages/1", status=status, location="/pages/2")
        await stage.get("/pages/1")
        got = await stage.get(PREFETCH)
        assert (got.status, got.story.cache, got.story.prefetch) == (status, "hit", "unusable")

    play(scene)


def test_rules_on_the_response_are_told() -> None:
    """When it is fetched, when it is passed on, and when a stored response answers."""

    async def scene() -> None:
        router = pages().catch(404, caching={"max_age": {"404": "1m"}})
        catch = str(router.rules[-1].source)
        stage = Stage(router)
        stage.answers("/pages/1", status=404)
        for target in ("/pages/1", "/pages/1", PREFETCH):
            got = await stage.get(target)
            assert got.story.late_rules == (catch,)
            assert got.story.all_rules[-1] == catch
            assert catch not in got.story.rules
        stage.answers("/pages/2", status=404, set_cookie="a=b")
        assert (await stage.get("/pages/2")).story.late_rules == (catch,)

    play(scene)


def test_what_is_remembered_is_bounded() -> None:
    absences = Absences(most=10)
    large = Response(200, {"x": "y" * 100_000})
    for number in range(1000):
        absences.note((f"shop.example/{number}",), "set-cookie", large)
    assert len(absences) == 10
    assert absences.why(("shop.example/999",)) == ("set-cookie", None)
    assert absences.why(("shop.example/1",)).reason == "not requested lately"
    absences.forget(("shop.example/999",))
    assert len(absences) == 9
