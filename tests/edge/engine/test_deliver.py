"""What goes back to the client."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from edge.harness import Harness, body_of, request, run_scenario
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.engine import edge


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_get_and_head_ask_whether_something_changed(method: str) -> None:
    async def scenario() -> None:
        harness = Harness(Router())
        harness.answers("/a", b"done", etag='"1"', last_modified="Fri, 15 Jan 2027 08:00:00 GMT")
        later = "Fri, 15 Jan 2027 09:00:00 GMT"
        assert (await harness.ask("/a", method, b"x", if_modified_since=later)).body == b"done"
        assert (await harness.ask("/a", method, b"x", if_none_match='"1"')).status == 200
        assert (await harness.ask("/a", "GET", if_none_match='"1"')).status == 304

    run_scenario(scenario)


def test_a_post_from_a_copy_is_the_whole_answer_whatever_is_asked() -> None:
    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "1h", "enable_caching_for_methods": ["POST"]})
        harness = Harness(rules)
        harness.answers("/a", b"done", etag='"1"')
        await harness.ask("/a", "POST", b"x")
        await harness.edge.idle()
        again = await harness.ask("/a", "POST", b"x", if_none_match='"1"', range="bytes=0-1")
        assert (again.status, again.body, again.trace.cache) == (200, b"done", "hit")

    run_scenario(scenario)


def on_404(features: dict[str, Any], *others: dict[str, Any]) -> RuleSet:
    """Rules that hold for every request, and one for answers with 404."""
    late = {"if": [{"===": [{"response": "status_code"}, "404"]}, features]}
    return RuleSet.from_json([*others, late], "raw")


KEPT = {"caching": {"max_age": {"200": "1h", "404": "1h"}}}


@pytest.mark.parametrize("always", [KEPT, {}])
def test_a_refusal_that_hangs_on_the_response_shows_nothing_of_it(always: dict[str, Any]) -> None:
    async def scenario() -> None:
        shown = {"headers": {"set_response_headers": {"x-a": "1"}}}
        harness = Harness(on_404({"access": {"deny_access": True}}, always, shown))
        harness.answers("/a", b"secret", status=404, etag='"1"', x_secret="2")
        for _ in range(2):
            got = await harness.get("/a", if_none_match='"1"', range="bytes=0-2")
            assert (got.status, got.body) == (403, b"Forbidden\n")
            assert dict(got.headers) == {"x-a": "1", "content-type": "text/plain"}

    run_scenario(scenario)


@pytest.mark.parametrize(("always", "cache"), [(KEPT, ["miss", "hit"]), ({}, ["pass", "pass"])])
@pytest.mark.parametrize(
    ("text", "body"), [({}, b""), ({"set_response_body": "none: %{status}"}, b"none: 404")]
)
def test_a_response_that_rules_make_after_the_origins_shows_nothing_of_it(
    always: dict[str, Any], cache: list[str], text: dict[str, str], body: bytes
) -> None:
    async def scenario() -> None:
        harness = Harness(on_404({"response": {"set_done": True, "set_status_code": 410, **text}}, always))
        harness.answers("/a", b"secret", status=404, etag='"1"')
        for how in cache:
            got = await harness.get("/a")
            assert (got.status, got.body, dict(got.headers), got.trace.cache) == (410, body, {}, how)

    run_scenario(scenario)


def test_a_412_is_never_stored_by_the_service_worker() -> None:
    """To the browser part a 412 is a miss, whoever says it."""

    async def scenario() -> None:
        router = Router().always(caching={"service_worker_max_age": "1h"})
        harness = Harness(router.match("/made", response={"set_done": True, "set_status_code": 412}))
        harness.answers("/a", status=412, etag='"1"')
        for path in ("/a", "/made"):
            got = await harness.get(path)
            assert (got.status, "x-sw-cache-control" in got.headers) == (412, False)

    run_scenario(scenario)


def test_no_age_is_reported_where_a_rule_says_so_not_even_an_old_one_of_the_origin() -> None:
    async def scenario() -> None:
        harness = Harness(Router().always(caching={"max_age": "1h"}, headers={"age_response_header": False}))
        harness.answers("/a", age="100")
        for _ in range(2):
            assert "age" not in (await harness.get("/a")).headers

    run_scenario(scenario)


def test_rules_on_the_response_count_for_copies_as_well() -> None:
    """Ranges that lie behind the end, empty copies and early refreshes are so decided."""

    async def scenario() -> None:
        caching = {
            "max_age": {"404": "1m"},
            "prevalidate_cached_content": "10s",
            "refresh_zero_byte_cache_files": True,
        }
        harness = Harness(on_404({"caching": caching}))
        harness.answers("/early", b"x", status=404)
        harness.answers("/empty", b"", status=404)
        for path in ("/early", "/empty"):
            await harness.get(path)
        assert (await harness.get("/empty")).trace.cache == "miss"
        harness.now += 55
        assert (await harness.get("/early")).trace.cache == "hit"
        assert harness.origin.targets.count("GET /early") == 2
        router = Router().always(caching={"max_age": "1h"})
        harness = Harness(router.catch(200, caching={"ignore_unsatisfiable_ranges": True}))
        for _ in range(2):
            assert (await harness.get("/a", range="bytes=99-")).status == 200

    run_scenario(scenario)


def test_a_body_that_is_not_compressed_is_not_waited_for() -> None:
    async def scenario() -> None:
        packed = {"compress_content_types": ["text/css"]}
        harness = Harness(RuleSet.from_json([{"caching": {"max_age": "1h"}, "response": packed}], "raw"))
        video = harness.answers("/a.mp4", b"first", content_type="video/mp4")
        video.body_gate = asyncio.Event()
        response, _ = await harness.edge.handle(request("/a.mp4", accept_encoding="gzip"))
        assert not isinstance(response.body, bytes)
        assert await anext(response.body) == b"first"
        video.body_gate.set()
        assert await body_of(response) == b""

    run_scenario(scenario)


def test_what_is_shown_of_a_copy_is_forgotten_with_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that many different visitors ask for takes no memory for each of them."""
    monkeypatch.setattr(edge, "MOST_DECISIONS", 4)

    async def scenario() -> None:
        router = Router().always(caching={"max_age": "1h"})
        harness = Harness(
            router.match({"headers": {"x-user": "1"}}, headers={"set_response_headers": {"x": "1"}})
        )
        for number in range(12):
            await harness.get("/a", x_user=str(number))
        ((copy,),) = [shelf.responses for shelf in harness.edge.cache._by_key.values()]
        assert 1 <= len(copy.views) <= 4

    run_scenario(scenario)


@pytest.mark.parametrize("text", ["101", "100", "099", "000", "1", "x", ""])
@pytest.mark.parametrize("done", [True, False])
def test_an_invalid_status_is_not_sent_whatever_a_visitor_writes(text: str, done: bool) -> None:
    """After a status below 200 a client would wait for another answer, or speak another protocol."""

    async def scenario() -> None:
        response = {"set_status_code": "%{arg_status}", "set_done": done}
        harness = Harness(RuleSet.from_json([{"response": response}], "raw"))
        assert (await harness.get(f"/a?status={text}")).status == 200

    run_scenario(scenario)
