"""What an origin is asked, and because of what; redirects that are followed on the way."""

from __future__ import annotations

import pytest

from edge.stage import PAGES, Stage, play
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

    async def scene() -> None:
        stage = Stage(FOLLOWS)
        stage.answers("/a", status=302, location="/dir/b")
        stage.answers("/dir/b", status=301, location=location)
        stage.answers(second, b"there")
        assert (await stage.get("/a")).body == b"there"
        assert stage.origin.targets == ["GET /a", "GET /dir/b", f"GET {second}"]

    play(scene)


def test_a_location_is_relative_to_the_rewritten_path_which_the_origin_knows() -> None:
    async def scene() -> None:
        url = {"follow_redirects": True, "url_rewrite": [{"source": "^/a$", "destination": "/app/a"}]}
        stage = Stage(RuleSet.from_json([{"url": url}], "raw"))
        stage.answers("/app/a", status=302, location="b")
        await stage.get("/a")
        assert stage.origin.targets == ["GET /app/a", "GET /app/b"]

    play(scene)


@pytest.mark.parametrize(
    "location", ["https://evil.example/", "//evil.example/b", "//[x", "https://shop.example:444/"]
)
def test_other_hosts_are_not_asked(location: str) -> None:
    async def scene() -> None:
        stage = Stage(FOLLOWS)
        stage.answers("/a", status=302, location=location)
        assert (await stage.get("/a")).status == 404
        assert stage.origin.targets == ["GET /a"]
        assert stage.origin.closed == 1

    play(scene)


def test_the_next_request_is_a_get_without_a_body_and_else_as_the_first() -> None:
    async def scene() -> None:
        stage = Stage(FOLLOWS)
        stage.answers("/a", status=307, location="/b")
        await stage.ask(
            "/a", "POST", b"x=1", content_type="text/plain", content_length="3", accept="text/html"
        )
        first, second = stage.origin.asked
        assert (second.method, second.body) == ("GET", None)
        assert (second.timeout, second.failover) == (first.timeout, first.failover) == (7.0, frozenset({503}))
        assert second.headers["accept"] == "text/html"
        assert not {"content-type", "content-length"} & set(second.headers)

    play(scene)


def test_a_circle_ends_with_the_redirect() -> None:
    async def scene() -> None:
        stage = Stage(FOLLOWS)
        stage.answers("/a", status=302, location="/a")
        got = await stage.get("/a")
        assert (got.status, got.headers["location"]) == (302, "/a")
        assert len(stage.origin.asked) == 6

    play(scene)


def test_a_rule_on_the_response_can_follow_too() -> None:
    async def scene() -> None:
        stage = Stage(Router().catch(302, url={"follow_redirects": True}))
        stage.answers("/a", status=302, location="/b")
        stage.answers("/c", status=301, location="/b")
        assert (await stage.get("/a")).status == 200
        assert (await stage.get("/c")).status == 301

    play(scene)


@pytest.mark.parametrize("query, method", [("", "GET"), ("?b=1", "POST")])
def test_an_origin_request_knows_what_is_told_of_its_cause(query: str, method: str) -> None:
    """One that the cache holds, and one that goes past it."""

    async def scene() -> None:
        stage = Stage(PAGES)
        got = await stage.ask(f"/pages/1{query}", method)
        assert [asked.cause for asked in stage.origin.asked] == [got.story]
        assert stage.origin.asked[0].cause is got.story

    play(scene)


def test_the_edge_follows_redirects_where_a_rule_says_so() -> None:
    async def scene() -> None:
        stage = Stage(Router().always(url={"follow_redirects": True}))
        stage.answers("/a", status=302, location="/b?x=1")
        stage.answers("/b?x=1", b"there")
        stage.answers("/out", status=302, location="https://evil.example/")
        assert (await stage.get("/a")).body == b"there"
        assert (await stage.get("/out")).status == 404
        assert stage.origin.targets == ["GET /a", "GET /b?x=1", "GET /out"]

    play(scene)
