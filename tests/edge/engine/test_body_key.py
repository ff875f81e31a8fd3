"""What decides what an origin reads in a request with a body is part of its cache key."""

from __future__ import annotations

import itertools

import pytest

from edge.harness import Harness, run_scenario
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
def test_bodies_that_mean_something_else_have_separate_responses(method: str, name: str) -> None:
    async def scenario() -> None:
        harness = Harness(ASKS)
        kinds: tuple[dict[str, str], ...] = ({}, {name: "a"}, {name: "b"}, {name: "A"})
        for number, headers in enumerate(kinds):
            harness.answers("/query", b"%d" % number)
            assert (await harness.ask("/query", method, b"x=1", **headers)).body == b"%d" % number
            await harness.edge.idle()
        for number, headers in enumerate(kinds):
            got = await harness.ask("/query", method, b"x=1", **headers)
            assert (got.trace.cache, got.body) == ("hit", b"%d" % number)

    run_scenario(scenario)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(("body", "own"), [("b%3D2", "text/plain;charset=UTF-8"), ("{}", "application/json")])
def test_a_link_fills_only_what_a_request_of_its_type_gets(method: str, body: str, own: str) -> None:
    async def scenario() -> None:
        harness = Harness(ASKS)
        harness.answers("/query", b"by the link")
        assert (await harness.get(LINK.format(method, body))).body == b"by the link"
        harness.answers("/query", b"asked")
        sent = body.replace("%3D", "=").encode()
        types = ("application/json", "application/x-www-form-urlencoded", "text/plain;charset=UTF-8")
        for content_type in types:
            got = await harness.ask("/query", method, sent, content_type=content_type)
            assert got.body == (b"by the link" if content_type == own else b"asked")
        assert (await harness.ask("/query", method, sent)).body == b"asked"

    run_scenario(scenario)


def test_no_header_of_a_link_says_what_its_body_means() -> None:
    async def scenario() -> None:
        harness = Harness(ASKS)
        headers = {
            "content_encoding": "gzip",
            "content_language": "de",
            "content_type": "a/b",
            "soapaction": "x",
        }
        await harness.get(LINK.format("POST", "b"), **headers)
        sent = harness.origin.asked[0].headers
        assert sent["content-type"] == "text/plain;charset=UTF-8"
        assert not {"content-encoding", "content-language", "soapaction"} & set(sent)

    run_scenario(scenario)


def test_methods_and_bodies_are_distinguished() -> None:
    async def scenario() -> None:
        harness = Harness(ASKS)
        for method, body in itertools.product(("POST", "PUT"), (b"", b"a", b"b")):
            harness.answers("/query", method.encode() + body)
            await harness.ask("/query", method, body)
            await harness.edge.idle()
        for method, body in itertools.product(("POST", "PUT"), (b"", b"a", b"b")):
            got = await harness.ask("/query", method, body)
            assert (got.trace.cache, got.body) == ("hit", method.encode() + body)

    run_scenario(scenario)


def test_what_rules_deny_of_a_link_is_denied_whatever_it_stands_for() -> None:
    async def scenario() -> None:
        caching: CachingDict = {"max_age": "1h", "enable_caching_for_methods": ["POST"]}
        harness = Harness(
            Router().match("/query", caching=caching).get("/query", access={"deny_access": True})
        )
        assert (await harness.get(LINK.format("POST", "a"))).status == 403
        assert harness.origin.asked == []

    run_scenario(scenario)
