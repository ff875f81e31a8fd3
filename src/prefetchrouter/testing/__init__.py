"""Tests of rules: ask what a request gets, and assert on it.

    from prefetchrouter.testing import get

    def test_pages_are_prefetched() -> None:
        page = get("/pages/1")
        assert page.is_prefetchable()
        assert page.ttl == "1h"

With pytest there is nothing to configure: `get` asks the ``routes.py`` nearest to the test, a failing test
prints the explanation, and ``--rule-cov`` tells which rules no test reached. See `docs/testing.md`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.testing.answer import Answer, Lifetime, Verdict
    from prefetchrouter.testing.asking import delete, get, head, options, patch, post, put, request
    from prefetchrouter.testing.cases import cases
    from prefetchrouter.testing.coverage import Coverage
    from prefetchrouter.testing.tester import RuleTester

_HOMES = {
    "answer": ("Answer", "Lifetime", "Verdict"),
    "asking": ("delete", "get", "head", "options", "patch", "post", "put", "request"),
    "cases": ("cases",),
    "coverage": ("Coverage",),
    "tester": ("RuleTester",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Coverage",
    "Lifetime",
    "RuleTester",
    "Verdict",
    "cases",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "request",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
