"""What the cache says that it takes is what it takes: counted by Python, within a tenth."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from itertools import count

import pytest

from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.engine import edge as edge_module
from prefetchrouter.edge.engine.edge import Edge, shares
from prefetchrouter.edge.engine.plan import BYTES_OF_A_DECISION, Planner
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginRequest, OriginResponse
from prefetchrouter.edge.origins.http1 import answer_fields
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields

RULES = RuleSet(
    rules=Router()
    .match(
        "/:path*",
        caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
        headers={"set_response_headers": {"x-shop": "1"}},
    )
    .rules
)
USUAL = [
    (b"Server", b"nginx"),
    (b"Date", b"Mon, 05 Jan 2026 10:00:00 GMT"),
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Cache-Control", b"max-age=60"),
]


class Shop:
    """An origin in memory, whose answers share nothing that real ones do not share."""

    def __init__(self, size: int, fields: int, vary: str) -> None:
        self.size = size
        self.fields = fields
        self.vary = vary
        self.number = count()

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        number = next(self.number)
        own = [
            (b"x-%d" % field, b"%d of %d, and more of it" % (field, number)) for field in range(self.fields)
        ]
        own += [(b"vary", self.vary.encode())] if self.vary else []
        return OriginResponse(200, answer_fields([*USUAL, *own]), bytes([number % 256]) * self.size)


async def asked(edge: Edge, number: int, variants: int) -> None:
    headers = HeaderFields({"host": "shop.example", "accept-language": f"language {number % variants}"})
    path = f"/pages/{number // variants}"
    response, _ = await edge.handle(EdgeRequest("GET", "https", "shop.example", path, "", headers))
    assert isinstance(response.body, bytes)


def traced(work: Callable[[], object]) -> int:
    """Return by how much memory grew while something was done."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = work()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        del kept
        return grown
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("again", [False, True], ids=["stored", "used"])
@pytest.mark.parametrize(
    "copies, size, fields, variants",
    [(4_000, 1, 1, 1), (4_000, 1024, 3, 1), (300, 102_400, 3, 1), (2_000, 1, 20, 1), (4_000, 1, 1, 25)],
    ids=["1 byte", "1 KiB", "100 KiB", "many headers", "many variants"],
)
def test_stored_responses_take_what_is_counted(
    copies: int, size: int, fields: int, variants: int, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_module, "MOST_DECISIONS", 32)
    shop = Shop(size, fields, "accept-language" if variants > 1 else "")
    edge = Edge(RULES, shop, limits=Limits(cache_bytes=2**30), cache_status="on")

    async def fill() -> None:
        for number in (*range(copies), *(range(copies) if again else ())):
            await asked(edge, number, variants)

    async def warm_up() -> None:
        """Fill what is bounded and no part of a copy: known texts, the last headers with an age."""
        other = Edge(RULES, Shop(1, 1, ""), limits=Limits(cache_bytes=0))
        for number in range(4_200):
            await asked(other, -number, 1)

    asyncio.run(warm_up())
    asyncio.run(asked(edge, 10**9, 1))
    before = edge.cache.size
    grown = traced(lambda: asyncio.run(fill()))
    assert len(edge.cache) == copies + 1
    assert grown == pytest.approx(edge.cache.size - before, rel=0.1)


def test_decisions_take_no_more_than_is_left_for_them() -> None:
    planner = Planner(RULES, most=1_000)

    def decide() -> None:
        for number in range(1_000):
            plan = planner.plan(EdgeRequest("GET", "https", "shop.example", f"/pages/{number}"))
            assert plan.shared.decision.cache_key
            assert plan.may_fetch

    planner.plan(EdgeRequest("GET", "https", "shop.example", "/"))
    assert BYTES_OF_A_DECISION / 3 < traced(decide) / 1_000 <= BYTES_OF_A_DECISION


@pytest.mark.parametrize("size", [0, 1, 10_000, 2**20, 2**26, 2**28, 2**33])
def test_both_together_take_the_limit(size: int) -> None:
    remembered, left = shares(size)
    assert 1 <= remembered <= 8192
    assert left + remembered * BYTES_OF_A_DECISION == pytest.approx(size, abs=BYTES_OF_A_DECISION)
    assert left >= size * 7 / 8
