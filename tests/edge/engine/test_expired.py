"""Expired copies: checked with the origin, and used where it fails."""

from __future__ import annotations

import pytest

from edge.harness import PAGES, Answer, Harness, run_scenario
from prefetchrouter import Router
from prefetchrouter.edge.origin_client import OriginError, OriginRequest


def test_an_expired_copy_is_checked_with_the_origin() -> None:
    def origin(asked: OriginRequest) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(304, {"etag": '"1"', "x-new": "yes"}, ())
        return Answer(200, {"etag": '"1"', "x-new": "no"})

    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.origin.answers["/pages/1"] = origin
        await harness.get("/pages/1")
        harness.now += 4000
        got = await harness.get("/pages/1")
        assert (got.status, got.body, got.trace.cache) == (200, b"body", "revalidated")
        assert (got.headers["x-new"], got.headers["age"]) == ("yes", "0")
        assert (await harness.get("/pages/1")).trace.cache == "hit"
        assert len(harness.origin.asked) == 2

    run_scenario(scenario)


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "refused")])
def test_an_expired_copy_is_used_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scenario() -> None:
        caching = {"max_age": "10s", "stale_on_error": True, "revalidate_after_origin_unavailable": "1h"}
        harness = Harness(Router().match("/a", caching=caching))  # type: ignore[arg-type]
        await harness.get("/a")
        harness.now += 100
        if isinstance(failure, int):
            harness.answers("/a", status=failure)
        else:
            harness.answers("/a").error = failure
        got = await harness.get("/a")
        assert (got.status, got.body, got.trace.cache) == (200, b"body", "stale-error")
        harness.now += 3600
        assert (await harness.get("/a")).status == (failure if isinstance(failure, int) else 502)

    run_scenario(scenario)


def test_an_origin_that_failed_is_left_alone_for_a_while() -> None:
    async def scenario() -> None:
        harness = Harness(
            Router().match(
                "/a",
                caching={"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30},
            )
        )
        await harness.get("/a")
        harness.now += 11
        harness.answers("/a").error = OriginError("unreachable", "refused")
        for seconds in (0, 20, 20):
            harness.now += seconds
            assert (await harness.get("/a")).trace.cache == "stale-error"
        assert len(harness.origin.asked) == 3

    run_scenario(scenario)


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "no connection")])
def test_head_gets_the_expired_copy_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "10s", "stale_on_error": True}))
        harness.answers("/a", etag='"1"')
        await harness.get("/a")
        answer = harness.answers("/a", status=failure if isinstance(failure, int) else 200)
        answer.error = None if isinstance(failure, int) else failure
        harness.now += 129
        got = await harness.ask("/a", "HEAD")
        assert (got.status, got.headers["etag"], got.trace.cache) == (200, '"1"', "stale-error")
        harness.now += 1
        assert (await harness.ask("/a", "HEAD")).status in (502, 503)
        assert harness.origin.targets == ["GET /a", "HEAD /a", "HEAD /a"]

    run_scenario(scenario)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "no connection")])
def test_the_window_of_stale_if_error_counts_when_the_failure_is_known(
    method: str, failure: int | OriginError
) -> None:
    """An origin that fails slowly may fail after the window has ended; the same for GET and HEAD."""

    async def scenario() -> None:
        harness = Harness(Router().match("/a", caching={"max_age": "10s", "stale_on_error": True}))
        await harness.get("/a")

        def slow(asked: OriginRequest) -> Answer:
            harness.now += 2
            if isinstance(failure, int):
                return Answer(failure)
            return Answer(error=failure)

        harness.origin.answers["/a"] = slow
        harness.now += 127
        assert (await harness.ask("/a", method)).status == 200
        assert (await harness.ask("/a", method)).status in (502, 503)

    run_scenario(scenario)
