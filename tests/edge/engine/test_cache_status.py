"""Cache-Status: each outcome in the words of RFC 9211; secrets only when asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from edge.harness import Harness, run_scenario
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.structured_fields import is_list

EXHAUSTED = {"max_age": "10s", "stale_while_revalidate": "10s"}


def harness(caching: dict[str, Any] | None = None, mode: str = "on", **features: Any) -> Harness:
    """A harness with one rule for /a."""
    if caching is not None:
        features["caching"] = caching
    return Harness(Router().match("/a", **features) if features else Router(), cache_status=mode)


async def said(harness: Harness, target: str = "/a", method: str = "GET", **headers: str) -> str | None:
    got = await harness.ask(target, method, None, **headers)
    await harness.edge.idle()
    return got.headers.get("cache-status")


def test_each_outcome_has_its_words() -> None:
    async def scenario() -> None:
        hour = harness({"max_age": "1h"})
        assert await said(hour) == "prefetchrouter;fwd=uri-miss;ttl=3600;stored"
        hour.now += 1.5
        assert await said(hour) == "prefetchrouter;hit;ttl=3598"
        assert await said(hour, method="HEAD") == "prefetchrouter;hit;ttl=3598"
        assert await said(hour, "/a?x=1", "HEAD") == "prefetchrouter;fwd=uri-miss"
        assert await said(hour, method="DELETE") == "prefetchrouter;fwd=method"
        assert await said(hour, authorization="Basic eDp5") == "prefetchrouter;fwd=bypass"
        assert await said(hour, if_match='"a"') == "prefetchrouter;fwd=bypass"
        assert await said(harness({"bypass_cache": True})) == "prefetchrouter;fwd=bypass"
        assert await said(harness()) == "prefetchrouter;fwd=uri-miss"

    run_scenario(scenario)


def test_hits_of_one_second_share_their_headers_and_no_other_hits_do() -> None:
    async def headers(harness: Harness, **asked: str) -> HeaderFields:
        request = EdgeRequest(
            "GET", "https", "shop.example", "/a", headers=HeaderFields({"host": "shop.example", **asked})
        )
        response, _ = await harness.edge.handle(request)
        await harness.edge.idle()
        return response.headers

    async def scenario() -> None:
        hour = harness({"max_age": "1h"}, headers={"debug_header": True})
        await headers(hour)
        first = await headers(hour)
        assert await headers(hour) is first
        detailed = await headers(hour, **{"x-ec-debug": "cache-status"})
        assert "key=" in detailed["cache-status"]
        assert await headers(hour) == first
        hour.now += 1
        later = await headers(hour)
        assert (first["cache-status"], first["age"]) == ("prefetchrouter;hit;ttl=3600", "0")
        assert (later["cache-status"], later["age"]) == ("prefetchrouter;hit;ttl=3599", "1")

    run_scenario(scenario)


def test_variants_and_requests_that_want_the_origin() -> None:
    async def scenario() -> None:
        varied = harness({"max_age": "1h", "honor_no_cache_request_header": True})
        varied.answers("/a", vary="accept-language")
        assert await said(varied, accept_language="de") == "prefetchrouter;fwd=uri-miss;ttl=3600;stored"
        assert await said(varied, accept_language="en") == "prefetchrouter;fwd=vary-miss;ttl=3600;stored"
        fetched = await said(varied, accept_language="en", cache_control="no-cache")
        assert fetched == "prefetchrouter;fwd=request;ttl=3600;stored"

    run_scenario(scenario)


def test_stale_responses() -> None:
    async def scenario() -> None:
        stale = harness(EXHAUSTED)
        stale.answers("/a", etag='"a"')
        await said(stale)
        stale.now += 15
        assert await said(stale) == "prefetchrouter;hit;ttl=-5"
        stale.now += 100
        assert await said(stale) == "prefetchrouter;fwd=stale;ttl=10;stored"
        stale.answers("/a", status=304, etag='"a"')
        stale.now += 100
        assert await said(stale) == "prefetchrouter;fwd=stale;fwd-status=304;ttl=10;stored"

    run_scenario(scenario)


def test_a_stale_response_when_the_origin_fails() -> None:
    async def scenario() -> None:
        caching = {"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30}
        failing = harness(caching)
        await said(failing)
        failing.now += 15
        failing.answers("/a", status=503)
        assert await said(failing) == "prefetchrouter;fwd=stale;fwd-status=503;ttl=-5"
        failing.answers("/a").error = OriginError("unreachable", "gone")
        assert await said(failing) == "prefetchrouter;fwd=stale;ttl=-5"
        assert await said(failing) == "prefetchrouter;hit;ttl=-5"

    run_scenario(scenario)


def test_requests_that_wait_for_another() -> None:
    async def scenario() -> None:
        shared = harness({"max_age": "1h"})
        gate = shared.answers("/a").gate = asyncio.Event()
        waiting = [asyncio.create_task(said(shared)) for _ in range(2)]
        await asyncio.sleep(0)
        gate.set()
        told = await asyncio.gather(*waiting)
        assert told == [
            "prefetchrouter;fwd=uri-miss;ttl=3600;stored",
            "prefetchrouter;fwd=uri-miss;ttl=3600;stored;collapsed",
        ]

    run_scenario(scenario)


def test_a_status_that_a_rule_writes_over_is_reported() -> None:
    async def scenario() -> None:
        changed = harness({"max_age": "1h"}, response={"set_status_code": 201})
        assert await said(changed) == "prefetchrouter;fwd=uri-miss;fwd-status=200;ttl=3600;stored"

    run_scenario(scenario)


def test_what_the_edge_makes_itself_has_none() -> None:
    """RFC 9211 section 2: only responses from a cache or from further on have it."""

    async def scenario() -> None:
        caching = {"max_age": "1h", "service_worker_max_age": "1h"}
        pages = harness(caching)
        assert await said(pages, "/a?edgio_prefetch=1") is None
        assert await said(pages, sec_purpose="prefetch") is None
        assert await said(pages, cache_control="only-if-cached") is None
        assert await said(harness(access={"deny_access": True})) is None
        redirect = {"url_redirect": {"code": 301, "destination": "/b"}}
        assert await said(harness(url=redirect)) is None
        failing = harness()
        failing.answers("/a").error = OriginError("unreachable", "gone")
        assert await said(failing) is None

    run_scenario(scenario)


def test_parts_and_304_have_it_too() -> None:
    async def scenario() -> None:
        parts = harness({"max_age": "1h"})
        parts.answers("/a", etag='"a"')
        await said(parts)
        assert await said(parts, range="bytes=0-1") == "prefetchrouter;hit;ttl=3600"
        assert await said(parts, if_none_match='"a"') == "prefetchrouter;hit;ttl=3600"

    run_scenario(scenario)


@pytest.mark.parametrize(
    ("mode", "rule", "asked", "told"),
    [
        ("on", False, "", False),
        ("on", False, "cache-status", False),
        ("on", True, "", False),
        ("on", True, "x-ec-cache", False),
        ("on", True, "x-ec-cache, Cache-Status", True),
        ("debug", False, "", True),
    ],
)
def test_key_and_rule_are_reported_only_when_asked_for(mode: str, rule: bool, asked: str, told: bool) -> None:
    """A key may hold a cookie."""

    async def scenario() -> None:
        caching = {"max_age": "1h", "cache_key": {"include_cookies": ["who"]}}
        keyed = harness(caching, mode, **({"headers": {"debug_header": True}} if rule else {}))
        line = str(keyed.edge.rules.rules[0].source).rpartition("/")[2]
        text = await said(keyed, cookie='who=se"cret', x_ec_debug=asked) or ""
        assert ("cret" in text, line in text) == (told, told)
        assert is_list(text)

    run_scenario(scenario)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Other; hit; ttl=9", "Other; hit; ttl=9, prefetchrouter;fwd=uri-miss;ttl=3600;stored"),
        (
            '"A cache"; fwd=miss, B; hit',
            '"A cache"; fwd=miss, B; hit, prefetchrouter;fwd=uri-miss;ttl=3600;stored',
        ),
        ("&", "prefetchrouter;fwd=uri-miss;ttl=3600;stored"),
        ("", "prefetchrouter;fwd=uri-miss;ttl=3600;stored"),
    ],
)
def test_what_the_origin_said_stays_in_front(before: str, after: str) -> None:
    async def scenario() -> None:
        chain = harness({"max_age": "1h"})
        chain.answers("/a", cache_status=before)
        assert await said(chain) == after
        if is_list(before) and before:
            assert await said(chain) == f"{before}, prefetchrouter;hit;ttl=3600"

    run_scenario(scenario)


def test_it_can_be_off() -> None:
    async def scenario() -> None:
        assert await said(harness({"max_age": "1h"}, "off")) is None
        plain = Harness(RuleSet(rules=Router().rules))
        assert await said(plain) is None

    run_scenario(scenario)


def test_a_request_that_was_not_forwarded_has_no_reason_to_be() -> None:
    """Not even in the trace, which logs and pages read."""

    async def scenario() -> None:
        pages = harness({"max_age": "1h", "service_worker_max_age": "1h"})
        refused = await pages.ask("/a?edgio_prefetch=1")
        assert (refused.trace.cache, refused.trace.forward) == ("refused", None)
        assert (await pages.ask("/a", cache_control="only-if-cached")).trace.forward is None
        passed = await pages.ask("/a?edgio_prefetch=1", "DELETE")
        assert (passed.trace.cache, passed.trace.forward) == ("refused", None)
        caching = {"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30}
        failing = harness(caching)
        await said(failing)
        failing.now += 15
        failing.answers("/a").error = OriginError("unreachable", "gone")
        assert (await failing.ask("/a")).trace.forward == "stale"
        assert (await failing.ask("/a")).trace.forward is None

    run_scenario(scenario)
