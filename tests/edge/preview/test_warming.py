"""Pages that a prefetch finds missing are fetched: which, how many, and what happens if that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.preview.warming import Warmer
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields

ROUTER = (
    Router()
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .match("/live", caching={"max_age": "1h", "service_worker_max_age": "1h", "bypass_cache": True})
)


class Origins:
    """An origin that notes what it gets."""

    def __init__(self, **headers: str) -> None:
        self.requests: list[OriginRequest] = []
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        self.error: OriginError | None = None
        self.in_flight = self.most_in_flight = 0

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        self.requests.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        if self.error is not None:
            raise self.error
        return OriginResponse(200, HeaderFields({"content-type": "text/html", **self.headers}), b"a page")


def prefetch(path: str = "/pages/1", query: str = "edgio_prefetch=1", **headers: str) -> EdgeRequest:
    fields = HeaderFields({name.replace("_", "-"): text for name, text in headers.items()})
    return EdgeRequest("GET", "https", "shop.example", path, query, fields)


def scenario(
    run: Callable[[Warmer, Origins], Awaitable[Any]], *, origins: Origins | None = None, **options: Any
) -> Any:
    async def main() -> Any:
        found = origins or Origins()
        edge = Edge(RuleSet(rules=ROUTER.rules), found)
        return await run(Warmer(edge.handle, **options), found)

    return asyncio.run(main())


def test_a_prefetch_of_a_missing_page_is_a_hit_and_the_origin_got_a_plain_request() -> None:
    """As a click would send it, with the visitor's cookies and without anything of the prefetch."""

    async def run(warmer: Warmer, origins: Origins) -> tuple[EdgeResponse, RequestTrace]:
        found = await warmer.handle(
            prefetch(query="a=1&edgio_prefetch=1", cookie="s=1", sec_purpose="prefetch")
        )
        (request,) = origins.requests
        assert request.target == "/pages/1?a=1"
        assert request.headers["cookie"] == "s=1"
        assert "sec-purpose" not in request.headers
        return found

    response, trace = scenario(run)
    assert (response.status, response.body) == (200, b"a page")
    assert (trace.cache, trace.prefetch, trace.is_warmed) == ("hit", "hit", True)


def test_a_prefetch_by_the_browser_is_warmed_too() -> None:
    async def run(warmer: Warmer, origins: Origins) -> tuple[EdgeResponse, RequestTrace]:
        return await warmer.handle(prefetch(query="", sec_purpose="prefetch;prerender"))

    response, trace = scenario(run)
    assert (response.status, trace.foreign, trace.is_warmed) == (200, "prerender", True)


def test_what_cannot_be_stored_is_fetched_once_or_never() -> None:
    """A page that passes the cache never; one that sets a cookie once, and then its reason is known."""

    async def run(warmer: Warmer, origins: Origins) -> None:
        for _ in range(3):
            response, trace = await warmer.handle(prefetch("/live"))
            assert (response.status, trace.is_warmed) == (412, False)
        assert origins.requests == []
        for _ in range(3):
            response, trace = await warmer.handle(prefetch())
            assert (response.status, trace.is_warmed) == (412, False)
            assert trace.reason == "not stored: set-cookie"
        assert len(origins.requests) == 1

    scenario(run, origins=Origins(set_cookie="a=1"))


def test_other_requests_and_stored_pages_cause_no_further_request() -> None:
    async def run(warmer: Warmer, origins: Origins) -> None:
        await warmer.handle(prefetch())
        _, trace = await warmer.handle(prefetch())
        assert (trace.cache, trace.is_warmed, len(origins.requests)) == ("hit", False, 1)
        await warmer.handle(prefetch("/other", ""))
        assert len(origins.requests) == 2

    scenario(run)


def test_only_so_many_are_fetched_in_a_minute() -> None:
    """Then prefetches are refused as in production, until the minute is over."""
    now = [0.0]

    async def run(warmer: Warmer, origins: Origins) -> list[int]:
        statuses = []
        for number in range(4):
            response, _ = await warmer.handle(prefetch(f"/pages/{number}"))
            statuses.append(response.status)
            now[0] += 25
        response, _ = await warmer.handle(prefetch("/pages/2"))
        return [*statuses, response.status, len(origins.requests)]

    assert scenario(run, most=2, clock=lambda: now[0]) == [200, 200, 412, 200, 200, 4]


def test_only_four_are_fetched_at_once() -> None:
    async def run(warmer: Warmer, origins: Origins) -> int:
        await asyncio.gather(*(warmer.handle(prefetch(f"/pages/{number}")) for number in range(20)))
        return origins.most_in_flight

    assert scenario(run) == 4


def test_an_origin_that_fails_leaves_the_refusal() -> None:
    origins = Origins()
    origins.error = OriginError("unreachable", "nothing listens there")

    async def run(warmer: Warmer, found: Origins) -> tuple[EdgeResponse, RequestTrace]:
        return await warmer.handle(prefetch())

    response, trace = scenario(run, origins=origins)
    assert (response.status, trace.cache, trace.is_warmed) == (412, "refused", False)
