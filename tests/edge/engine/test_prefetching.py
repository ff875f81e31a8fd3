"""A redirect that answers a prefetch leads to another prefetch."""

from __future__ import annotations

import pytest

from edge.stage import Stage, play
from prefetchrouter import Router

PREFETCH = "edgio_dt_pf=1&edgio_prefetch=1"


@pytest.mark.parametrize(
    ("location", "carried"),
    [
        ("/new", f"/new?{PREFETCH}"),
        ("/new?a=1#part", f"/new?a=1&{PREFETCH}#part"),
        ("new?edgio_x=1", f"new?{PREFETCH}"),
        ("https://shop.example/new", f"https://shop.example/new?{PREFETCH}"),
        ("https://shop.example", f"https://shop.example?{PREFETCH}"),
        ("https://other.example/new", "https://other.example/new"),
        ("//other.example/new", "//other.example/new"),
        ("https://shop.example.evil/", "https://shop.example.evil/"),
        ("http://shop.example/new", "http://shop.example/new"),
        ("https://[/", "https://[/"),
    ],
)
def test_the_parameters_of_prefetching_are_carried_on(location: str, carried: str) -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/old", url={"url_redirect": {"code": 301, "destination": location}}))
        assert (await stage.get(f"/old?{PREFETCH}")).headers["location"] == carried
        assert (await stage.get("/old?edgio_dt_pf=1")).headers["location"] == location
        assert (await stage.get("/old")).headers["location"] == location

    play(scene)


def test_a_kept_redirect_of_the_origin_carries_them_on_too() -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/old", caching={"max_age": {"301": "1h"}}))
        stage.answers("/old", status=301, location="/new")
        await stage.get("/old")
        assert (await stage.get(f"/old?{PREFETCH}")).headers["location"] == f"/new?{PREFETCH}"
        assert (await stage.get("/old")).headers["location"] == "/new"
        assert len(stage.origin.asked) == 1

    play(scene)


def test_what_is_no_redirect_keeps_its_location() -> None:
    async def scene() -> None:
        stage = Stage(Router().match("/made", caching={"max_age": {"201": "1h"}}))
        stage.answers("/made", status=201, location="/new")
        await stage.get("/made")
        assert (await stage.get(f"/made?{PREFETCH}")).headers["location"] == "/new"

    play(scene)
