"""What a request that is not safe has changed."""

from __future__ import annotations

import pytest

from edge.stage import PAGES, Stage, play
from prefetchrouter import Router

KEPT = Router().always(caching={"max_age": "1h"})


@pytest.mark.parametrize(
    ("location", "gone"),
    [
        ("/b", True),
        ("b", True),
        ("https://shop.example/b#part", True),
        ("/%62", True),
        ("https://shop.example/b?x=1", False),
        ("https://other.example/b", False),
        ("https://shop.example.evil/b", False),
        ("http://shop.example/b", False),
    ],
)
@pytest.mark.parametrize("name", ["location", "content_location"])
def test_the_places_that_an_answer_names(name: str, location: str, gone: bool) -> None:
    async def scene() -> None:
        stage = Stage(KEPT)
        for path in ("/a", "/b"):
            await stage.get(path)
        stage.answers("/a", status=201, **{name: location})
        await stage.ask("/a", "POST", b"1")
        stage.answers("/a")
        assert (await stage.get("/a")).story.cache == "miss"
        assert (await stage.get("/b")).story.cache == ("miss" if gone else "hit")

    play(scene)


@pytest.mark.parametrize(
    "location", ["/x\x7f", "//[x", "https://shop.example/%zz", "/\xe9?\xfc", "/a b", "/\ud800"]
)
def test_a_place_that_is_none_does_no_harm(location: str) -> None:
    async def scene() -> None:
        stage = Stage(KEPT)
        await stage.get("/a")
        stage.answers("/a", status=201, location=location)
        assert (await stage.ask("/a", "POST", b"1")).status == 201
        stage.answers("/a")
        assert (await stage.get("/a")).story.cache == "miss"

    play(scene)


def test_a_post_is_sent_on_and_removes_the_copies_of_its_url() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        await stage.get("/pages/2")
        stage.answers("/pages/1", location="/pages/2")
        assert (await stage.ask("/pages/1", "POST", b"x=1")).story.cache == "pass"
        assert len(stage.edge.cache) == 0
        assert (await stage.ask("/pages/1?edgio_prefetch=1", "POST", b"x=1")).status == 412

    play(scene)


def test_a_failed_post_removes_nothing() -> None:
    async def scene() -> None:
        stage = Stage(PAGES)
        await stage.get("/pages/1")
        stage.answers("/pages/1", status=500)
        await stage.ask("/pages/1", "POST", b"x=1")
        assert len(stage.edge.cache) == 1

    play(scene)
