"""Expired copies: checked with the origin, and used where it fails."""

from __future__ import annotations

import pytest

from edge.stage import PAGES, Answer, Stage, play
from prefetchrouter import Router
from prefetchrouter.edge.message import OriginError, OriginRequest


def test_an_expired_copy_is_checked_with_the_origin() -> None:
    def origin(asked: OriginRequest) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(304, {"etag": '"1"', "x-new": "yes"}, ())
        return Answer(200, {"etag": '"1"', "x-new": "no"})

    async def scene() -> None:
        stage = Stage(PAGES)
        stage.origin.answers["/pages/1"] = origin
        await stage.get("/pages/1")
        stage.now += 4000
        got = await stage.get("/pages/1")
        assert (got.status, got.body, got.story.cache) == (200, b"body", "revalidated")
        assert (got.headers["x-new"], got.headers["age"]) == ("yes", "0")
        assert (await stage.get("/pages/1")).story.cache == "hit"
        assert len(stage.origin.asked) == 2

    play(scene)


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "refused")])
def test_an_expired_copy_is_used_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scene() -> None:
        caching = {"max_age": "10s", "stale_on_error": True, "revalidate_after_origin_unavailable": "1h"}
        stage = Stage(Router().match("/a", caching=caching))  # type: ignore[arg-type]
        await stage.get("/a")
        stage.now += 100
        if isinstance(failure, int):
            stage.answers("/a", status=failure)
        else:
            stage.answers("/a").error = failure
        got = await stage.get("/a")
        assert (got.status, got.body, got.story.cache) == (200, b"body", "stale-error")
        stage.now += 3600
        assert (await stage.get("/a")).status == (failure if isinstance(failure, int) else 502)

    play(scene)


def test_an_origin_that_failed_is_left_alone_for_a_while() -> None:
    async def scene() -> None:
        stage = Stage(
            Router().match(
                "/a",
                caching={"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 30},
            )
        )
        await stage.get("/a")
        stage.now += 11
        stage.answers("/a").error = OriginError("unreachable", "refused")
        for seconds in (0, 20, 20):
            stage.now += seconds
            assert (await stage.get("/a")).story.cache == "stale-error"
        assert len(stage.origin.asked) == 3

    play(scene)


@pytest.mark.parametrize("failure", [503, OriginError("unreachable", "no connection")])
def test_head_gets_the_expired_copy_when_the_origin_fails(failure: int | OriginError) -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/a", caching={"max_age": "10s", "stale_on_error": True}))
        stage.answers("/a", etag='"1"')
        await stage.get("/a")
        answer = stage.answers("/a", status=failure if isinstance(failure, int) else 200)
        answer.error = None if isinstance(failure, int) else failure
        stage.now += 129
        got = await stage.ask("/a", "HEAD")
        assert (got.status, got.headers["etag"], got.story.cache) == (200, '"1"', "stale-error")
        stage.now += 1
        assert (await stage.ask("/a", "HEAD")).status in (502, 503)
        assert stage.origin.targets == ["GET /a", "HEAD /a", "HEAD /a"]

    play(scene)
