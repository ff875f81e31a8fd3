"""Rules of `docs/edge-rules.md` on requests and copies, each from a request to its answer."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import Answer, Harness, run_scenario
from edge.waiting import settled
from prefetchrouter import Router
from prefetchrouter.edge.origin_client import OriginError

HOUR = Router().always(caching={"max_age": "1h"})
NONE = Router()


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("edgio_prefetch=1", True),
        ("a=1&edgio_prefetch=1", True),
        ("edgio_prefetch=0&edgio_prefetch=1", True),
        ("edgio_prefetch=1&edgio_prefetch=0", True),
        ("edgio_prefetch=0", False),
        ("edgio_prefetch=11", False),
        ("edgio_prefetch", False),
        ("edgio_prefetch=", False),
        ("Edgio_prefetch=1", False),
        ("edgio%5Fprefetch=1", True),
        ("edgio_prefetch=%31", True),
        ("x=edgio_prefetch=1", False),
        ("xedgio_prefetch=1", False),
        ("a=1;edgio_prefetch=1", False),
    ],
)
def test_what_makes_a_prefetch(query: str, refused: bool) -> None:
    """E5: the parameter in exactly these letters once decoded, anywhere in the query."""

    async def scenario() -> None:
        harness = Harness(HOUR)
        got = await harness.get(f"/a?{query}")
        assert (got.status, len(harness.origin.asked)) == ((412, 0) if refused else (200, 1))

    run_scenario(scenario)


def test_a_head_without_a_copy_is_sent_on_and_keeps_nothing() -> None:
    """E8."""

    async def scenario() -> None:
        harness = Harness(HOUR)
        for _ in range(2):
            assert (await harness.ask("/a", "HEAD")).trace.cache == "pass"
        assert harness.origin.targets == ["HEAD /a"] * 2
        assert (await harness.ask("/a?edgio_prefetch=1", "HEAD")).status == 412
        assert (await harness.get("/a")).trace.cache == "miss"

    run_scenario(scenario)


def test_a_head_begins_no_refresh() -> None:
    """E15: what is fetched for it has no body."""

    async def scenario() -> None:
        harness = Harness(Router().always(caching={"max_age": "10s", "stale_while_revalidate": "1h"}))
        await harness.get("/a")
        harness.now += 20
        assert (await harness.ask("/a", "HEAD")).trace.cache == "stale"
        await harness.edge.idle()
        assert harness.origin.targets == ["GET /a"]

    run_scenario(scenario)


@pytest.mark.parametrize("words", [{"cache_control": "no-cache"}, {"pragma": "no-cache", "expires": "0"}])
def test_an_origin_that_wants_to_be_asked_each_time(words: dict[str, str]) -> None:
    """E12."""

    async def scenario() -> None:
        harness = Harness(NONE)
        named = {name.replace("_", "-"): text for name, text in words.items()}
        harness.origin.answers["/a"] = Answer(headers={"etag": '"1"', **named})
        await harness.get("/a")
        harness.origin.answers["/a"] = Answer(304, {"etag": '"1"', **named}, ())
        for _ in range(2):
            got = await harness.get("/a")
            assert (got.status, got.body, got.trace.cache) == (200, b"body", "revalidated")
        assert (await harness.get("/a?edgio_prefetch=1")).status == 412
        assert [asked.headers.get("if-none-match") for asked in harness.origin.asked] == [None, '"1"', '"1"']

    run_scenario(scenario)


def test_the_age_of_a_copy_and_its_date() -> None:
    """E14."""

    async def scenario() -> None:
        harness = Harness(HOUR)
        date = "Fri, 15 Jan 2027 07:59:00 GMT"
        harness.answers("/old", age="100", date=date)
        harness.answers("/dated", date=date)
        for seconds in (0, 50):
            harness.now += seconds
            for path, age, told in (
                ("/old", 100, date),
                ("/dated", 60, date),
                ("/new", 0, "Fri, 15 Jan 2027 08:00:00 GMT"),
            ):
                got = await harness.get(path)
                assert (got.headers["age"], got.headers["date"]) == (str(age + seconds), told)

    run_scenario(scenario)


@pytest.mark.parametrize("word", ["must-revalidate", "proxy-revalidate", "s-maxage=10", "no-cache"])
@pytest.mark.parametrize("ruled", [True, False])
def test_an_origin_that_forbids_expired_copies(word: str, ruled: bool) -> None:
    """E15, E17: with `no-cache` nothing is kept under a rule's time; else such a time allows a refresh."""

    async def scenario() -> None:
        caching = {"stale_while_revalidate": "1h", "stale_on_error": True}
        router = Router().always(caching=caching)  # type: ignore[arg-type]
        harness = Harness(router.always(caching={"max_age": "10s"}) if ruled else router)
        harness.answers("/a", etag='"1"', cache_control=f"max-age=10, {word}")
        first = (await harness.get("/a")).trace.cache
        harness.now += 20
        harness.origin.answers["/a"] = Answer(error=OriginError("unreachable", "nobody is there"))
        got = await harness.get("/a")
        if ruled and word == "no-cache":
            assert (first, got.status) == ("pass", 502)
        else:
            assert (first, got.trace.cache) == ("miss", "stale" if ruled else "error")
        harness.now += 7200
        assert (await harness.get("/a")).status == 502

    run_scenario(scenario)


@pytest.mark.parametrize(("seconds", "asked"), [(9.9, 2), (10.0, 1)])
def test_after_ten_seconds_they_wait_for_each_other_again(seconds: float, asked: int) -> None:
    """E19."""

    async def scenario() -> None:
        harness = Harness(HOUR)
        harness.answers("/a", set_cookie="user=1")
        await harness.get("/a")
        harness.now += seconds
        gate = harness.answers("/a").gate = asyncio.Event()
        waiting = [asyncio.create_task(harness.ask("/a")) for _ in range(2)]
        await settled()
        assert len(harness.origin.asked) == 1 + asked
        gate.set()
        assert [(await task).body for task in waiting] == [b"body", b"body"]
        await harness.edge.idle()

    run_scenario(scenario)


@pytest.mark.parametrize(
    "words",
    [
        {"cache_control": "max-age=0"},
        {"cache_control": "no-cache"},
        {"pragma": "no-cache"},
        {"cache_control": "min-fresh=9999"},
        {"cache_control": "no-store"},
        {"cache_control": "no-transform, stale-if-error=5"},
    ],
)
def test_other_directives_of_a_request_change_nothing(words: dict[str, str]) -> None:
    """E22: a fresh copy is used."""

    async def scenario() -> None:
        harness = Harness(HOUR)
        await harness.get("/a")
        assert (await harness.ask("/a", **words)).trace.cache == "hit"  # type: ignore[arg-type]

    run_scenario(scenario)


def test_a_client_that_takes_expired_copies_gets_none() -> None:
    """E22: `max-stale` counts for nothing."""

    async def scenario() -> None:
        harness = Harness(Router().always(caching={"max_age": "10s"}))
        await harness.get("/a")
        harness.now += 20
        assert (await harness.ask("/a", cache_control="max-stale")).trace.cache == "miss"

    run_scenario(scenario)
