"""Tests of rules: evaluate a request, and assert on the result.

    from prefetchrouter.testing import get

    def test_pages_are_prefetched() -> None:
        page = get("/pages/1")
        assert page.is_prefetchable()
        assert page.ttl == "1h"

With pytest there is nothing to configure: `get` uses the nearest ``routes.py``, a failing test
prints the explanation, and ``--rule-cov`` lists the rules that no test reached. See `docs/testing.md`.
"""

from __future__ import annotations

from prefetchrouter.public import attach

__getattr__, __dir__ = attach(__name__)
