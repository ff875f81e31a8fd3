"""Prefetches for the browser's own cache, which needs no service worker (rule E39)."""

from __future__ import annotations

from typing import Any

import pytest

from edge.harness import Harness, run_scenario
from prefetchrouter import Router

KEPT: Any = {"max_age": "1h", "service_worker_max_age": "10m"}
RULES = Router().match("/:path*", caching=KEPT)
PREFETCH = "?edgio_dt_pf=1&edgio_prefetch_http=1"


def test_the_lifetime_counts_from_the_prefetch() -> None:
    """A response that the edge has stored for long is as good as a new one."""

    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", expires="0", pragma="no-cache")
        await harness.get("/a")
        await harness.edge.idle()
        harness.now += 1800
        found = await harness.get(f"/a{PREFETCH}")
        assert found.headers["cache-control"] == "max-age=600"
        assert not {"age", "expires", "pragma"} & set(found.headers)
        assert found.headers["no-vary-search"].startswith('params=("edgio_dt_pf"')

    run_scenario(scenario)


@pytest.mark.parametrize(
    "headers", [{"set_cookie": "a=1"}, {"vary": "Cookie"}, {"vary": "*"}, {"cache_control": "no-store"}]
)
def test_what_is_not_for_all_gets_no_lifetime(headers: Any) -> None:
    """A click asks for it again."""

    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", **headers)
        found = await harness.get(f"/a{PREFETCH}")
        assert "max-age" not in found.headers.get("cache-control", "")
        assert "no-vary-search" not in found.headers

    run_scenario(scenario)
