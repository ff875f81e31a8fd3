"""Where a followed redirect leads is judged by the rules for that address (rule E31)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from edge.harness import Harness, run_scenario
from prefetchrouter import Router

HOUR: dict[str, Any] = {"caching": {"max_age": "1h"}, "url": {"follow_redirects": True}}
WAYS = {"at once": ("/go", "/there"), "in two steps": ("/go", "/between", "/there")}


def site(target: str, **features: Any) -> Router:
    """Rules that store everything and follow redirects, and others for one address."""
    return Router().always(**HOUR).match(target, **features)


def stage_of(router: Router, way: tuple[str, ...]) -> Harness:
    """Return an edge before an origin that leads from address to address."""
    harness = Harness(router)
    for start, end in itertools.pairwise(way):
        harness.answers(start, status=302, location=end)
    harness.answers(way[-1], b"the page")
    return harness


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("denied", ["/there", "/:all*"])
def test_what_is_denied_is_not_served_by_another_address(way: tuple[str, ...], denied: str) -> None:
    async def scenario() -> None:
        router = Router().always(**HOUR).match(denied, access={"deny_access": True})
        harness = stage_of(router.match("/go", access={"deny_access": False}), way)
        for _ in range(2):
            got = await harness.get("/go")
            assert (got.status, got.body) == (403, b"Forbidden\n")
        assert "GET /there" not in harness.origin.targets

    run_scenario(scenario)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_only_a_rule_on_the_response_denies_is_not_served_either(way: tuple[str, ...]) -> None:
    async def scenario() -> None:
        rules = Router().always(**HOUR)
        denies = Router().catch(200, access={"deny_access": True})
        harness = stage_of(rules.match("/there", denies), way)
        assert (await harness.get("/go")).status == 403
        assert (await harness.get("/go")).trace.cache != "hit"

    run_scenario(scenario)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    "features",
    [
        {"caching": {"bypass_cache": True}},
        {"caching": {"max_age": "0s"}},
        {"caching": {"cache_key": {"include_cookies": ["user"]}}},
        {"caching": {"cache_key": {"include_headers": ["accept-language"]}}},
    ],
)
def test_what_its_own_rules_do_not_store_is_stored_under_no_address(
    way: tuple[str, ...], features: dict[str, Any]
) -> None:
    async def scenario() -> None:
        harness = stage_of(site("/there", **features), way)
        for user in ("ann", "bob"):
            harness.answers("/there", user.encode())
            got = await harness.get("/go", cookie=f"user={user}", accept_language=user)
            assert (got.status, got.body) == (200, user.encode())

    run_scenario(scenario)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_shorter_time_counts(way: tuple[str, ...]) -> None:
    async def scenario() -> None:
        harness = stage_of(site("/there", caching={"max_age": "1m"}), way)
        await harness.get("/go")
        assert (await harness.get("/go")).trace.ttl == 60
        harness = stage_of(Router().match("/go", **HOUR).match("/between", **HOUR), way)
        await harness.get("/go")
        assert (await harness.get("/go")).trace.ttl == 3600  # rules that say nothing forbid nothing

    run_scenario(scenario)


def test_a_redirect_or_a_body_of_the_rules_for_the_address_is_what_the_client_gets() -> None:
    async def scenario() -> None:
        harness = stage_of(site("/there", url={"url_redirect": {"destination": "/login"}}), WAYS["at once"])
        got = await harness.get("/go")
        assert (got.status, got.headers["location"]) == (302, "/login")
        harness = stage_of(
            site("/there", response={"set_response_body": "gone", "set_done": True}), WAYS["at once"]
        )
        assert (await harness.get("/go")).body == b"gone"
        assert harness.origin.targets == ["GET /go"]

    run_scenario(scenario)


def test_a_prefetch_asks_no_origin_for_an_address_whose_rules_do_not_let_it() -> None:
    async def scenario() -> None:
        router = Router().always(**HOUR).match("/go", response={"allow_prefetching_uncached_content": True})
        harness = stage_of(router, WAYS["at once"])
        assert (await harness.get("/go?edgio_prefetch=1")).status == 412
        assert harness.origin.targets == ["GET /go"]

    run_scenario(scenario)


def test_the_origin_is_the_one_that_the_rules_for_the_address_name() -> None:
    async def scenario() -> None:
        router = (
            Router()
            .always(**HOUR, origin={"set_origin": "web"})
            .match("/there", origin={"set_origin": "api"})
        )
        harness = stage_of(router, WAYS["at once"])
        assert (await harness.get("/go")).status == 200
        assert harness.origin.names == ["web", "api"]

    run_scenario(scenario)
