"""What becomes of an origin's answer."""

from __future__ import annotations

import asyncio

from edge.harness import Answer, Harness, run_scenario
from edge.waiting import settled
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.origin_client import OriginRequest

RULES = Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"})


def test_a_304_that_ends_the_copy_is_told_to_the_client() -> None:
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


def test_a_304_that_is_one_clients_own_is_no_answer_to_others() -> None:
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


def test_a_304_that_nobody_asked_for_says_nothing_about_a_copy() -> None:
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


def test_what_is_asked_for_by_rules_of_before_is_not_kept_under_those_of_now() -> None:
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
