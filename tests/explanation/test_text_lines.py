"""The lines that the table of mechanisms names."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.text import explanation_text


def row(router: Router, title: str) -> str:
    """Return the row of a mechanism."""
    page = explanation_text(explain(router, Request("/a"), edge_age=840, click=600))
    return next(line for line in page.splitlines() if line.strip().startswith(title))


@pytest.mark.parametrize(
    "title", ["link prefetch, Firefox", "link prefetch, Chromium", "service worker store"]
)
def test_what_a_rule_decides_names_its_line(title: str) -> None:
    """The lifetime in browsers, or in the worker."""
    router = Router().match(
        "/a", caching={"max_age": "1h", "client_max_age": "15m", "service_worker_max_age": "5m"}
    )
    assert row(router, title).endswith(f"set at {router.rules[0].source}")


def test_what_no_rule_decides_names_no_line() -> None:
    """Browsers keep some prefetches five minutes, whatever rules say."""
    router = Router().match("/a", caching={"max_age": "1h", "client_max_age": "15m"})
    assert "set at" not in row(router, "Speculation Rules")
