"""The paths for which a browser has to ask the service worker."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router
from prefetchrouter.browser_view.static_routes import MOST_PATTERNS, static_routes

KEPT: Any = {"max_age": "1h", "service_worker_max_age": "1h"}


@pytest.mark.parametrize(
    ("pattern", "routes"),
    [
        ("/", ["/", "/{/}?"]),
        ("/about", ["/about{/}?"]),
        ("/Pages/:id", ["/pages/:p1{/}?"]),
        ("/a/:path*", ["/a{/*}?"]),
        ("/item-:id", ["/item-*{/}?"]),
        ("/café", ["/caf*{/}?"]),
        ("/a\\+b", ["/a*b{/}?"]),
        ("/(a|b)/:id", ["/a/:p1{/}?", "/b/:p1{/}?"]),
        ("/:path*", ["/*"]),
    ],
)
def test_a_pattern_as_a_route(pattern: str, routes: list[str]) -> None:
    """One that matches at least the same paths."""
    assert static_routes(Router().match(pattern, caching=KEPT).rules) == routes


def test_rules_that_store_nothing_in_the_worker_are_left_out() -> None:
    """No URL is prefetchable without a lifetime there."""
    assert static_routes(Router().match("/a", caching={"max_age": "1h"}).rules) == []


def test_a_rule_for_every_path_is_one_route() -> None:
    """Whatever the others say."""
    router = Router().match("/a", caching=KEPT).always(caching=KEPT)
    assert static_routes(router.rules) == ["/*"]


def test_very_many_rules_are_one_route() -> None:
    """A browser tries the patterns for each request."""
    router = Router()
    for number in range(MOST_PATTERNS + 1):
        router.match(f"/page-{number}", caching=KEPT)
    assert static_routes(router.rules) == ["/*"]
