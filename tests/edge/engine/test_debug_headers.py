"""Headers that explain caching, for those who ask where a rule lets them."""

from __future__ import annotations

from edge.harness import Harness, run_scenario
from prefetchrouter import Router

ALL = "x-ec-cache, X-EC-Check-Cacheable, x-ec-cache-key, x-ec-cache-state, x-ec-cache-remote, x-other"


def test_a_request_gets_the_headers_that_it_asks_for() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "60s"}, headers={"debug_header": True}))
        await harness.get("/a")
        harness.now += 10
        told = dict((await harness.get("/a", x_ec_debug=ALL)).headers)
        assert {name: text for name, text in told.items() if name.startswith("x-")} == {
            "x-ec-cache": "TCP_HIT",
            "x-ec-cache-remote": "TCP_HIT",
            "x-ec-check-cacheable": "YES",
            "x-ec-cache-key": "shop.example/a",
            "x-ec-cache-state": "max-age=60; cache-age=10; remaining-ttl=50",
        }
        refused = await harness.get("/b?edgio_prefetch=1", x_ec_debug=ALL)
        assert "x-ec-cache" not in refused.headers

    run_scenario(scenario)


def test_no_one_gets_them_where_no_rule_says_so() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "60s"}))
        assert "x-ec-cache" not in (await harness.get("/a", x_ec_debug=ALL)).headers

    run_scenario(scenario)
