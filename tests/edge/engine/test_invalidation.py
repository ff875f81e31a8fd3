"""What a request that is not safe has changed."""

from __future__ import annotations

import re

import pytest

from edge.harness import PAGES, Harness, run_scenario
from prefetchrouter import Router, not_
from prefetchrouter.regex import bounded

KEPT = Router().always(caching={"max_age": "1h"})


@pytest.mark.parametrize(
    ("location", "gone"),
    [
        ("/b", True),
        ("b", True),
        ("https://shop.example/b#part", True),
        ("/%62", True),
        ("https://shop.example/b?x=1", False),
        ("https://other.example/b", False),
        ("https://shop.example.evil/b", False),
        ("http://shop.example/b", False),
    ],
)
@pytest.mark.parametrize("name", ["location", "content_location"])
def test_the_places_that_an_answer_names(name: str, location: str, gone: bool) -> None:
    async def scenario() -> None:
        harness = Harness(KEPT)
        for path in ("/a", "/b"):
            await harness.get(path)
        harness.answers("/a", status=201, **{name: location})
        await harness.ask("/a", "POST", b"1")
        harness.answers("/a")
        assert (await harness.get("/a")).trace.cache == "miss"
        assert (await harness.get("/b")).trace.cache == ("miss" if gone else "hit")

    run_scenario(scenario)


@pytest.mark.parametrize(
    "location", ["/x\x7f", "//[x", "https://shop.example/%zz", "/\xe9?\xfc", "/a b", "/\ud800"]
)
def test_an_invalid_location_does_no_harm(location: str) -> None:
    async def scenario() -> None:
        harness = Harness(KEPT)
        await harness.get("/a")
        harness.answers("/a", status=201, location=location)
        assert (await harness.ask("/a", "POST", b"1")).status == 201
        harness.answers("/a")
        assert (await harness.get("/a")).trace.cache == "miss"

    run_scenario(scenario)


def test_a_post_is_sent_on_and_removes_the_copies_of_its_url() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1")
        await harness.get("/pages/2")
        harness.answers("/pages/1", location="/pages/2")
        assert (await harness.ask("/pages/1", "POST", b"x=1")).trace.cache == "pass"
        assert len(harness.edge.cache) == 0
        assert (await harness.ask("/pages/1?edgio_prefetch=1", "POST", b"x=1")).status == 412

    run_scenario(scenario)


def test_a_failed_post_removes_nothing() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1")
        harness.answers("/pages/1", status=500)
        await harness.ask("/pages/1", "POST", b"x=1")
        assert len(harness.edge.cache) == 1

    run_scenario(scenario)


LONG = "/" + "-" * 3_000
SLOW = re.compile("^/(?!x)(.*)-(.*)-(.*)!$")
"""No engine matches this in bounded time, so that a request for `LONG` gets 400 where it is evaluated."""


def test_a_regular_expression_that_is_too_costly_does_not_change_the_response_to_a_post() -> None:
    """The rules for GET cannot be evaluated for the URL; the origin has accepted the POST all the same."""

    async def scenario() -> None:
        slow = Router().match(SLOW, comment="slow")
        rules = Router().always(caching={"max_age": "1h"})
        harness = Harness(
            rules.match({"method": "GET", "cookies": {"user": not_(re.compile(".+"))}}, slow),
        )
        assert (await harness.get(LONG)).status == 400
        assert (await harness.get(LONG, cookie="user=1")).trace.cache == "miss"
        assert (await harness.get(LONG, cookie="user=1")).trace.cache == "hit"
        harness.answers(LONG, b"changed", status=201, location=LONG[:-1])
        changed = await harness.ask(LONG, "POST", b"1")
        assert (changed.status, changed.body) == (201, b"changed")
        harness.answers(LONG)
        assert (await harness.get(LONG, cookie="user=1")).trace.cache == "miss"

    with bounded():
        run_scenario(scenario)
