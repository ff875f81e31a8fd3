"""What decides what an origin reads in a request with a body is part of its cache key."""

from __future__ import annotations

import itertools

import pytest

from edge.stage import Stage, play
from prefetchrouter import Router
from prefetchrouter.rules.typed.sections import CachingDict

ASKS = Router().match("/query", caching={"max_age": "1h", "enable_caching_for_methods": ["POST", "PUT"]})
LINK = "/query?pref_edgio_method={}&pref_edgio_body={}"


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "name",
    [
        "content_type",
        "content_encoding",
        "content_language",
        "content_location",
        "content_range",
        "soapaction",
    ],
)
def test_bodies_that_mean_something_else_have_responses_of_their_own(method: str, name: str) -> None:
    async def scene() -> None:
        stage = Stage(ASKS)
        kinds: tuple[dict[str, str], ...] = ({}, {name: "a"}, {name: "b"}, {name: "A"})
        for number, headers in enumerate(kinds):
            stage.answers("/query", b"%d" % number)
            assert (await stage.ask("/query", method, b"x=1", **headers)).body == b"%d" % number
            await stage.edge.idle()
        for number, headers in enumerate(kinds):
            got = await stage.ask("/query", method, b"x=1", **headers)
            assert (got.story.cache, got.body) == ("hit", b"%d" % number)

    play(scene)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(("body", "own"), [("b%3D2", "text/plain;charset=UTF-8"), ("{}", "application/json")])
def test_a_link_fills_only_what_a_request_of_its_type_gets(method: str, body: str, own: str) -> None:
    async def scene() -> None:
        stage = Stage(ASKS)
        stage.answers("/query", b"by the link")
        assert (await stage.get(LINK.format(method, body))).body == b"by the link"
        stage.answers("/query", b"asked")
        sent = body.replace("%3D", "=").encode()
        types = ("application/json", "application/x-www-form-urlencoded", "text/plain;charset=UTF-8")
        for content_type in types:
            got = await stage.ask("/query", method, sent, content_type=content_type)
            assert got.body == (b"by the link" if content_type == own else b"asked")
        assert (await stage.ask("/query", method, sent)).body == b"asked"

    play(scene)


def test_no_header_of_a_link_says_what_its_body_means() -> None:
    async def scene() -> None:
        stage = Stage(ASKS)
        headers = {
            "content_encoding": "gzip",
            "content_language": "de",
            "content_type": "a/b",
            "soapaction": "x",
        }
        await stage.get(LINK.format("POST", "b"), **headers)
        sent = stage.origin.asked[0].headers
        assert sent["content-type"] == "text/plain;charset=UTF-8"
        assert not {"content-encoding", "content-language", "soapaction"} & set(sent)

    play(scene)


def test_methods_and_bodies_are_told_apart() -> None:
    async def scene() -> None:
        stage = Stage(ASKS)
        for method, body in itertools.product(("POST", "PUT"), (b"", b"a", b"b")):
            stage.answers("/query", method.encode() + body)
            await stage.ask("/query", method, body)
            await stage.edge.idle()
        for method, body in itertools.product(("POST", "PUT"), (b"", b"a", b"b")):
            got = await stage.ask("/query", method, body)
            assert (got.story.cache, got.body) == ("hit", method.encode() + body)

    play(scene)


def test_what_rules_deny_of_a_link_is_denied_whatever_it_stands_for() -> None:
    async def scene() -> None:
        caching: CachingDict = {"max_age": "1h", "enable_caching_for_methods": ["POST"]}
        stage = Stage(Router().match("/query", caching=caching).get("/query", access={"deny_access": True}))
        assert (await stage.get(LINK.format("POST", "a"))).status == 403
        assert stage.origin.asked == []

    play(scene)
