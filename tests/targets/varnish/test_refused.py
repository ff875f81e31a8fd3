"""Refused prefetches never reach an origin: counted, not sampled."""

from __future__ import annotations

import pytest

from prefetchrouter import Router
from targets.varnish.running import Client, Origin, running

pytestmark = pytest.mark.needs("varnishd")
COUNT = 100_000
AT_ONCE = 500


def test_100_000_refused_prefetches_make_no_request_to_the_origin() -> None:
    router = Router().match("/:path*", caching={"max_age": "1h"})
    origin = Origin()
    with running(router, origin) as (port, _), Client(port) as client:
        refused = 0
        for start in range(0, COUNT, AT_ONCE):
            paths = [f"/p/{number % 977}?edgio_prefetch=1" for number in range(start, start + AT_ONCE)]
            refused += sum(status == 412 for status, _, _ in client.get_all(paths))
        assert refused == COUNT
        assert origin.requests == []


def test_nor_are_those_during_a_refresh_or_after_a_redirect() -> None:
    router = (
        Router()
        .match("/old/:id", lambda route: route.redirect("/new/:id"))
        .match("/:path*", caching={"max_age": "1s", "stale_while_revalidate": "1h"})
    )
    origin = Origin(held=frozenset({"/a"}))
    with running(router, origin) as (port, _), Client(port) as client:
        assert client.get("/a")[0] == 200
        while b";ttl=0" in (found := client.get("/a?edgio_prefetch=1")[1]["cache-status"]):
            assert b";hit" in found
        assert client.get("/a")[2] == b"/a"  # begins a refresh, which the origin holds
        seen = client.get_all(["/a?edgio_prefetch=1"] * AT_ONCE)
        assert {status for status, _, _ in seen} == {200}
        assert client.get("/b?edgio_prefetch=1")[0] == 412
        status, headers, _ = client.get("/old/7?edgio_prefetch=1")
        assert (status, headers["location"]) == (302, b"/new/7?edgio_prefetch=1")
        assert {found for found, _, _ in client.get_all([headers["location"].decode()] * AT_ONCE)} == {412}
        origin.release.set()
    assert origin.requests in (["/a", "/a"], ["/a"])
