"""What becomes of an origin's answer."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import Answer, Harness, run_scenario
from edge.waiting import settled
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest

RULES = Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"})


def test_a_304_that_ends_the_copy_is_reported_to_the_client() -> None:
    def origin(asked: OriginRequest) -> Answer:
        status = 304 if "if-none-match" in asked.headers else 200
        control = "no-store" if status == 304 else "max-age=10"
        return Answer(status, {"etag": '"1"', "cache-control": control}, () if status == 304 else (b"body",))

    async def scenario() -> None:
        harness = Harness(Router())
        harness.origin.answers["/a"] = origin
        await harness.get("/a")
        harness.now += 15
        last = await harness.get("/a")
        assert (last.status, last.body, last.trace.cache) == (200, b"body", "revalidated")
        assert (last.headers["cache-control"], last.headers["age"]) == ("no-store", "0")
        assert (await harness.get("/a")).trace.cache == "miss"
        assert ["if-none-match" in asked.headers for asked in harness.origin.asked] == [False, True, False]

    run_scenario(scenario)


def test_a_304_that_belongs_to_one_client_does_not_answer_others() -> None:
    gate = asyncio.Event()
    users = iter("abc")

    def origin(asked: OriginRequest) -> Answer:
        own = {"etag": '"1"', "set-cookie": f"user={next(users)}"}
        status = 304 if "if-none-match" in asked.headers else 200
        return Answer(status, own, (), gate)

    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "10s"}))
        harness.answers("/a", b"body", etag='"1"')
        await harness.get("/a")
        harness.now += 15
        harness.origin.answers["/a"] = origin
        waiting = [asyncio.create_task(harness.ask("/a")) for _ in range(3)]
        await settled()
        assert len(harness.origin.asked) == 2
        gate.set()
        answers = await asyncio.gather(*waiting)
        assert sorted(got.headers["set-cookie"] for got in answers) == ["user=a", "user=b", "user=c"]
        await harness.edge.idle()
        assert len(harness.origin.asked) == harness.origin.closed == 4

    run_scenario(scenario)


def test_an_answer_that_is_not_kept_ends_the_copy_before_it() -> None:
    async def scenario() -> None:
        harness = Harness(RULES)
        await harness.get("/a")
        harness.now += 15
        harness.answers("/a", b"mine", set_cookie="a=1")
        assert (await harness.get("/a")).trace.cache == "stale"
        assert (await harness.get("/a")).body == b"mine"

    run_scenario(scenario)


def test_a_client_that_wants_nothing_kept_changes_no_copy() -> None:
    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", b"old", etag='"1"')
        await harness.get("/a")
        harness.now += 15
        harness.answers("/a", b"new")
        assert (await harness.get("/a", cache_control="no-store")).body == b"old"
        assert len(harness.origin.asked) == 1
        harness.now += 20
        assert (await harness.get("/a", cache_control="no-store")).body == b"new"
        assert (await harness.get("/a", cache_control="no-store")).trace.cache == "pass"
        assert [asked.headers.get("if-none-match") for asked in harness.origin.asked] == [None, '"1"', '"1"']

    run_scenario(scenario)


def test_a_304_that_no_one_asked_for_says_nothing_about_a_copy() -> None:
    """Its 304 is about something else; asked again without conditions, the origin says 304 again."""

    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", b"old", etag='"1"')
        await harness.get("/a")
        harness.now += 40
        harness.answers("/a", b"", status=304, etag='"2"')
        got = await harness.get("/a")
        assert (got.status, got.trace.cache) == (304, "pass")
        assert ["if-none-match" in asked.headers for asked in harness.origin.asked] == [False, True, False]
        harness.answers("/a", b"new", etag='"2"')
        assert (await harness.get("/a")).body == b"new"
        assert len(harness.origin.asked) == harness.origin.closed + 1  # whoever reads the 304 closes it

    run_scenario(scenario)


def test_what_old_rules_request_is_not_kept_under_new_ones() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "1h"}))
        gate = asyncio.Event()
        harness.answers("/a", b"own", set_cookie="user=1").gate = gate
        waiting = [asyncio.create_task(harness.ask("/a")) for _ in range(2)]
        await settled()
        assert len(harness.origin.asked) == 1
        harness.edge.use(RuleSet(rules=Router().match("/a", caching={"max_age": "1s"}).rules))
        harness.origin.answers["/a"] = Answer(body=(b"all",))  # the second client now asks on its own
        gate.set()
        assert sorted([(await task).body for task in waiting]) == [b"all", b"own"]
        await harness.edge.idle()
        assert len(harness.edge.cache) == 0

    run_scenario(scenario)


@pytest.mark.parametrize("limits", [Limits(object_bytes=50), Limits(cache_bytes=8 * 1024)])
@pytest.mark.parametrize("seconds", [15, 100])
def test_a_newer_response_that_is_too_large_ends_the_stored_one(limits: Limits, seconds: int) -> None:
    """Larger than one may be, or than the whole cache: the outdated one is not used any more (E10)."""

    async def scenario() -> None:
        harness = Harness(RULES, limits=limits)
        harness.answers("/a", b"old")
        await harness.get("/a")
        harness.now += seconds
        harness.answers("/a", *[b"0123456789"] * 1000)
        await harness.get("/a")
        assert len(harness.edge.cache) == 0
        assert (await harness.get("/a", cache_control="only-if-cached")).status == 504

    run_scenario(scenario)


@pytest.mark.parametrize("failure", [Answer(503), Answer(body=(b"x" * 60,), status=500), Answer(cut=True)])
def test_a_failure_ends_no_stored_response(failure: Answer) -> None:
    async def scenario() -> None:
        harness = Harness(RULES, limits=Limits(object_bytes=50))
        await harness.get("/a")
        harness.now += 15
        harness.origin.answers["/a"] = failure
        assert (await harness.get("/a")).trace.cache == "stale"
        assert (await harness.get("/a")).trace.cache == "stale"

    run_scenario(scenario)


def test_a_304_ends_hit_for_miss() -> None:
    """It updates the stored response, which answers the requests that would have been coalesced (E19)."""

    def origin(asked: OriginRequest) -> Answer:
        if "if-none-match" in asked.headers:
            return Answer(304, {"etag": '"1"'}, (), gate)
        return Answer(200, {"etag": '"1"', "cache-control": "max-age=10"})

    async def scenario() -> None:
        harness = Harness(Router())
        harness.origin.answers["/a"] = origin
        await harness.get("/a")
        harness.now += 15
        harness.edge._hit_for_miss.mark(("shop.example/a",))
        gate.set()
        assert (await harness.get("/a")).trace.cache == "revalidated"
        gate.clear()
        harness.now += 1
        harness.edge.purge()
        harness.origin.answers["/a"] = Answer(gate=gate)
        waiting = [asyncio.create_task(harness.ask("/a")) for _ in range(5)]
        await settled()
        assert len(harness.origin.asked) == 3
        gate.set()
        await asyncio.gather(*waiting)

    gate = asyncio.Event()
    run_scenario(scenario)


def test_requests_do_not_wait_for_the_connection_of_a_broken_body_to_close() -> None:
    """Closing may take a while: a request that comes meanwhile starts another fetch."""

    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", b"half").cut = True
        fetch, closing = harness.origin.fetch, asyncio.Event()

        async def fetch_and_close_slowly(name: str | None, request: OriginRequest) -> object:
            response = await fetch(name, request)
            close = response.close

            async def slowly() -> None:
                await closing.wait()
                await close()

            response.close = slowly  # type: ignore[method-assign]
            return response

        harness.origin.fetch = fetch_and_close_slowly  # type: ignore[method-assign, assignment]
        with pytest.raises(OriginError):
            await harness.ask("/a")
        harness.answers("/a", b"whole")
        assert (await harness.ask("/a")).body == b"whole"
        closing.set()
        await harness.edge.idle()

    run_scenario(scenario)
