"""What an origin is sent, and because of what; redirects that are followed on the way."""

from __future__ import annotations

import pytest

from edge.harness import PAGES, Harness, run_scenario
from prefetchrouter import Router, RuleSet

FOLLOWS = Router().always(
    url={"follow_redirects": True}, origin={"origin_failover_codes": [503], "read_idle_timeout": 7}
)


@pytest.mark.parametrize(
    ("location", "second"),
    [
        ("c", "/dir/c"),
        ("./c?x=1", "/dir/c?x=1"),
        ("../c", "/c"),
        ("?y=2", "/dir/b?y=2"),
        ("/c#part", "/c"),
        ("//shop.example/c", "/c"),
        ("https://SHOP.example/c", "/c"),
        ("https://shop.example", "/"),
        ("/c?edgio_prefetch=1&x=1", "/c?x=1"),
    ],
)
def test_a_location_is_read_from_where_it_came(location: str, second: str) -> None:
    """The second redirect is relative to where the first one led, not to what the client asked."""

    async def scenario() -> None:
        harness = Harness(FOLLOWS)
        harness.answers("/a", status=302, location="/dir/b")
        harness.answers("/dir/b", status=301, location=location)
        harness.answers(second, b"there")
        assert (await harness.get("/a")).body == b"there"
        assert harness.origin.targets == ["GET /a", "GET /dir/b", f"GET {second}"]

    run_scenario(scenario)


def test_a_location_is_relative_to_the_rewritten_path_which_the_origin_knows() -> None:
    async def scenario() -> None:
        url = {"follow_redirects": True, "url_rewrite": [{"source": "^/a$", "destination": "/app/a"}]}
        harness = Harness(RuleSet.from_json([{"url": url}], "raw"))
        harness.answers("/app/a", status=302, location="b")
        await harness.get("/a")
        assert harness.origin.targets == ["GET /app/a", "GET /app/b"]

    run_scenario(scenario)


@pytest.mark.parametrize(
    "location", ["https://evil.example/", "//evil.example/b", "//[x", "https://shop.example:444/"]
)
def test_other_hosts_are_not_asked(location: str) -> None:
    async def scenario() -> None:
        harness = Harness(FOLLOWS)
        harness.answers("/a", status=302, location=location)
        assert (await harness.get("/a")).status == 404
        assert harness.origin.targets == ["GET /a"]
        assert harness.origin.closed == 1

    run_scenario(scenario)


def test_the_next_request_is_a_get_without_a_body_and_else_as_the_first() -> None:
    async def scenario() -> None:
        harness = Harness(FOLLOWS)
        harness.answers("/a", status=307, location="/b")
        await harness.ask(
            "/a", "POST", b"x=1", content_type="text/plain", content_length="3", accept="text/html"
        )
        first, second = harness.origin.asked
        assert (second.method, second.body) == ("GET", None)
        assert (second.timeout, second.failover) == (first.timeout, first.failover) == (7.0, frozenset({503}))
        assert second.headers["accept"] == "text/html"
        assert not {"content-type", "content-length"} & set(second.headers)

    run_scenario(scenario)


def test_a_circle_ends_with_the_redirect() -> None:
    async def scenario() -> None:
        harness = Harness(FOLLOWS)
        harness.answers("/a", status=302, location="/a")
        got = await harness.get("/a")
        assert (got.status, got.headers["location"]) == (302, "/a")
        assert len(harness.origin.asked) == 6

    run_scenario(scenario)


def test_a_rule_on_the_response_can_follow_too() -> None:
    async def scenario() -> None:
        harness = Harness(Router().catch(302, url={"follow_redirects": True}))
        harness.answers("/a", status=302, location="/b")
        harness.answers("/c", status=301, location="/b")
        assert (await harness.get("/a")).status == 200
        assert (await harness.get("/c")).status == 301

    run_scenario(scenario)


@pytest.mark.parametrize("query, method", [("", "GET"), ("?b=1", "POST")])
def test_an_origin_request_knows_its_cause(query: str, method: str) -> None:
    """One that the cache holds, and one that goes past it."""

    async def scenario() -> None:
        harness = Harness(PAGES)
        got = await harness.ask(f"/pages/1{query}", method)
        assert [asked.cause for asked in harness.origin.asked] == [got.trace]
        assert harness.origin.asked[0].cause is got.trace

    run_scenario(scenario)


def test_the_edge_follows_redirects_where_a_rule_says_so() -> None:
    async def scenario() -> None:
        harness = Harness(Router().always(url={"follow_redirects": True}))
        harness.answers("/a", status=302, location="/b?x=1")
        harness.answers("/b?x=1", b"there")
        harness.answers("/out", status=302, location="https://evil.example/")
        assert (await harness.get("/a")).body == b"there"
        assert (await harness.get("/out")).status == 404
        assert harness.origin.targets == ["GET /a", "GET /b?x=1", "GET /out"]

    run_scenario(scenario)
