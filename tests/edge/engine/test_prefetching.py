"""Prefetches: the cache alone answers them, and a redirect that does leads to another one."""

from __future__ import annotations

import pytest

from edge.harness import PAGES, Harness, pages, run_scenario
from prefetchrouter import Router

PREFETCH = "edgio_dt_pf=1&edgio_prefetch=1"


@pytest.mark.parametrize(
    ("location", "carried"),
    [
        ("/new", f"/new?{PREFETCH}"),
        ("/new?a=1#part", f"/new?a=1&{PREFETCH}#part"),
        ("new?edgio_x=1", f"new?{PREFETCH}"),
        ("https://shop.example/new", f"https://shop.example/new?{PREFETCH}"),
        ("https://shop.example", f"https://shop.example?{PREFETCH}"),
        ("https://other.example/new", "https://other.example/new"),
        ("//other.example/new", "//other.example/new"),
        ("https://shop.example.evil/", "https://shop.example.evil/"),
        ("http://shop.example/new", f"http://shop.example/new?{PREFETCH}"),
        ("HTTPS://Shop.Example:443/new", f"HTTPS://Shop.Example:443/new?{PREFETCH}"),
        ("https://shop.example:8443/new", "https://shop.example:8443/new"),
        ("https://a@shop.example/new", f"https://a@shop.example/new?{PREFETCH}"),
        ("ftp://shop.example/new", "ftp://shop.example/new"),
        ("https://%5B/", "https://%5B/"),
    ],
)
def test_the_parameters_of_prefetching_are_carried_on(location: str, carried: str) -> None:
    async def scenario() -> None:
        harness = Harness(
            Router().match("/old", url={"url_redirect": {"code": 301, "destination": location}})
        )
        assert (await harness.get(f"/old?{PREFETCH}")).headers["location"] == carried
        assert (await harness.get("/old?edgio_dt_pf=1")).headers["location"] == location
        assert (await harness.get("/old")).headers["location"] == location

    run_scenario(scenario)


def test_a_kept_redirect_of_the_origin_carries_them_on_too() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/old", caching={"max_age": {"301": "1h"}}))
        harness.answers("/old", status=301, location="/new")
        await harness.get("/old")
        assert (await harness.get(f"/old?{PREFETCH}")).headers["location"] == f"/new?{PREFETCH}"
        assert (await harness.get("/old")).headers["location"] == "/new"
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_what_is_not_a_redirect_keeps_its_location() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/made", caching={"max_age": {"201": "1h"}}))
        harness.answers("/made", status=201, location="/new")
        await harness.get("/made")
        assert (await harness.get(f"/made?{PREFETCH}")).headers["location"] == "/new"

    run_scenario(scenario)


def test_a_prefetch_is_answered_by_the_cache_alone() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        refused = await harness.get("/pages/1?edgio_prefetch=1")
        assert (refused.status, refused.body) == (412, b"")
        assert dict(refused.headers) == {"cache-control": "no-store"}
        assert (refused.trace.cache, refused.trace.prefetch) == ("refused", "refused")
        assert harness.origin.asked == []
        await harness.get("/pages/1")
        hit = await harness.get("/pages/1?edgio_dt_pf=1&edgio_prefetch=1")
        assert (hit.status, hit.trace.prefetch) == (200, "hit")
        assert harness.origin.targets == ["GET /pages/1"]

    run_scenario(scenario)


def test_a_prefetch_of_a_stale_copy_asks_no_origin() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"}))
        await harness.get("/a")
        harness.now += 15
        stale = await harness.get("/a?edgio_prefetch=1")
        assert (stale.status, stale.trace.cache, stale.trace.prefetch) == (200, "stale", "hit")
        assert len(harness.origin.asked) == 1
        harness.now += 20
        gone = await harness.get("/a?edgio_prefetch=1")
        assert (gone.status, gone.trace.reason) == (412, "expired 5 s ago")
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_a_prefetch_that_may_go_to_the_origin_begins_no_refresh() -> None:
    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s"})
        harness = Harness(rules.always(response={"allow_prefetching_uncached_content": True}))
        await harness.get("/a?edgio_prefetch=1")
        harness.now += 15
        assert (await harness.get("/a?edgio_prefetch=1")).trace.cache == "stale"
        assert len(harness.origin.asked) == 1
        harness.now += 20
        assert (await harness.get("/a?edgio_prefetch=1")).trace.prefetch == "fetched"
        assert len(harness.origin.asked) == 2

    run_scenario(scenario)


def test_uncached_content_may_be_prefetched_where_a_rule_says_so() -> None:
    async def scenario() -> None:
        rules = pages().always(response={"allow_prefetching_uncached_content": True})
        harness = Harness(rules)
        got = await harness.get("/pages/1?x=1&edgio_prefetch=1")
        assert (got.status, got.trace.cache, got.trace.prefetch) == (200, "miss", "fetched")
        assert harness.origin.targets == ["GET /pages/1?x=1"]

    run_scenario(scenario)
