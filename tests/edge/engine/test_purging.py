"""Purges by tag and URL, with responses in flight (rule E38)."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import Answer, Harness, request, run_scenario
from edge.waiting import settled
from prefetchrouter import Router
from prefetchrouter.edge.origin_client import OriginRequest

RULES = Router().match(
    "/a",
    caching={
        "max_age": "1h",
        "purge_tags": ["a"],
        "cache_key": {"include_cookies": ["who"]},
        "enable_caching_for_methods": ["POST"],
    },
)
"""Everything that separates stored responses of one URL: a cookie, a body, `Vary`."""


async def filled() -> Harness:
    """Return an edge that stores four responses of one URL, and one of another."""
    harness = Harness(RULES.match("/b", caching={"max_age": "1h"}))
    harness.answers("/a", vary="accept-language")
    await harness.get("/a")
    await harness.get("/a", accept_language="de")
    await harness.get("/a", cookie="who=ann")
    await harness.ask("/a", "POST", b"x=1")
    await harness.get("/b")
    await harness.edge.idle()
    assert len(harness.edge.cache) == 5
    return harness


def test_a_url_has_all_its_stored_responses_removed() -> None:
    async def scenario() -> None:
        harness = await filled()
        assert harness.edge.purge_url(request("/a?x=1")) == 0
        assert harness.edge.purge_url(request("/a")) == 4
        assert [view.key[0] for view in harness.edge.cache.views(harness.now)] == ["shop.example/b"]
        assert (await harness.get("/a?edgio_prefetch=1")).trace.reason == "purged"

    run_scenario(scenario)


def test_a_tag_has_all_its_stored_responses_removed() -> None:
    async def scenario() -> None:
        harness = await filled()
        assert harness.edge.purge_tags(["b"]) == 0
        assert harness.edge.purge_tags(["b", "a"]) == 4
        assert (await harness.get("/a?edgio_prefetch=1")).trace.reason == "purged"
        assert (await harness.get("/b")).trace.cache == "hit"

    run_scenario(scenario)


def test_only_the_variants_with_a_tag_are_removed() -> None:
    async def scenario() -> None:
        german = Router().match(
            {"path": "/a", "headers": {"accept-language": "de"}}, caching={"purge_tags": ["german"]}
        )
        harness = Harness(Router().always(caching={"max_age": "1h"}).always(german))
        harness.answers("/a", vary="accept-language")
        await harness.get("/a", accept_language="de")
        await harness.get("/a", accept_language="en")
        assert harness.edge.purge_tags(["german"]) == 1
        assert (await harness.get("/a", accept_language="en")).trace.cache == "hit"
        assert (await harness.get("/a", accept_language="de")).trace.cache == "miss"

    run_scenario(scenario)


def test_a_response_that_was_validated_has_its_tags_still() -> None:
    def origin(asked: OriginRequest) -> Answer:
        status = 304 if "if-none-match" in asked.headers else 200
        return Answer(status, {"etag": '"1"'}, () if status == 304 else (b"body",))

    async def scenario() -> None:
        harness = Harness(Router().always(caching={"max_age": "10s", "purge_tags": ["a"]}))
        harness.origin.answers["/a"] = origin
        await harness.get("/a")
        harness.now += 15
        assert (await harness.get("/a")).trace.cache == "revalidated"
        assert harness.edge.purge_tags(["a"]) == 1

    run_scenario(scenario)


@pytest.mark.parametrize("how", ["tag", "url", "all"])
def test_a_response_in_flight_is_sent_and_not_stored(how: str) -> None:
    """It may have been made before the content changed."""

    async def scenario() -> None:
        harness = Harness(RULES)
        gate = asyncio.Event()
        harness.answers("/a", b"old").gate = gate
        client = asyncio.create_task(harness.ask("/a"))
        await settled()
        match how:
            case "tag":
                harness.edge.purge_tags(["a"])
            case "url":
                harness.edge.purge_url(request("/a"))
            case _:
                harness.edge.purge()
        gate.set()
        assert (await client).body == b"old"
        await harness.edge.idle()
        assert len(harness.edge.cache) == 0
        harness.answers("/a", b"new")
        assert (await harness.get("/a")).body == b"new"

    run_scenario(scenario)
