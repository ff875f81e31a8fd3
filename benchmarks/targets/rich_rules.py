"""Rich rules: each with a pattern, a method, three caching features and a response header."""

from __future__ import annotations

from typing import Final, Literal

from prefetchrouter import Router

HOST: Final = "www.shop.example"

Shape = Literal["spread", "shared"]
"""Whether each rule has its own first segment, or all have the same: the easy and the hard case."""

SHAPES: Final[dict[Shape, str]] = {"spread": "/s{}/{}/{}", "shared": "/shop/s{}/{}/{}"}


def rich_rules(count: int, shape: Shape = "spread") -> Router:
    """Return that many rules, no two of which set the same: the costly case for an engine.

    Example:
        >>> len(rich_rules(10).rules)
        10
    """
    router = Router()
    for number in range(count):
        router.match(
            {"path": SHAPES[shape].format(number, ":category", ":id"), "method": "GET"},
            caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
            headers={"set_response_headers": {"x-shop": f"s{number}"}},
        )
    return router


def page_of(count: int, shape: Shape = "spread") -> str:
    """Return the path of a page under the middle one of that many rules."""
    return SHAPES[shape].format(count // 2, "shoes", 7)
