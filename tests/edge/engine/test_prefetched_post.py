"""GET requests that stand for others."""

from __future__ import annotations

from edge.harness import PAGES, Harness, run_scenario
from prefetchrouter import Router

SEARCH = Router().match(
    "/search",
    caching={"max_age": "1m", "enable_caching_for_methods": ["POST"], "cacheable_request_body_size": "1kB"},
)


def test_a_prefetched_post_answers_the_post() -> None:
    async def scenario() -> None:
        harness = Harness(SEARCH)
        url = "/search?pref_edgio_body=%7B%22a%22%3A1%7D&pref_edgio_method=post&edgio_dt_pf=1"
        assert (await harness.get(url)).trace.cache == "miss"
        (asked,) = harness.origin.asked
        assert (asked.method, asked.target, asked.body) == ("POST", "/search", b'{"a":1}')
        assert asked.headers["content-type"] == "application/json"
        assert (
            await harness.ask("/search", "POST", b'{"a":1}', content_type="application/json")
        ).trace.cache == "hit"

    run_scenario(scenario)


def test_no_link_can_post_where_no_rule_enables_it() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1?pref_edgio_method=post")
        assert harness.origin.targets == ["GET /pages/1?pref_edgio_method=post"]

    run_scenario(scenario)
