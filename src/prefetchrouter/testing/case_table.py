"""`cases`: a table of requests and expected properties, as one parametrized test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from prefetchrouter.errors import CaseError, did_you_mean, shown
from prefetchrouter.testing.answer import Answer
from prefetchrouter.testing.request_methods import request


class Expected(TypedDict, total=False):
    """The expected properties of a request; only given ones are compared."""

    prefetchable: bool
    cached: bool
    denied: bool
    ttl: str | int | None
    stale_while_revalidate: str | int | None
    service_worker_ttl: str | int | None
    origin: str | None
    path: str
    status: int | None
    redirect: str | None
    headers: Mapping[str, str | None]


_READ: dict[str, Callable[[Answer], Any]] = {
    "prefetchable": lambda answer: bool(answer.is_prefetchable()),
    "cached": lambda answer: bool(answer.is_cached()),
    "denied": lambda answer: answer.decision.denied,
    "ttl": lambda answer: answer.ttl,
    "stale_while_revalidate": lambda answer: answer.stale_while_revalidate,
    "service_worker_ttl": lambda answer: answer.service_worker_ttl,
    "origin": lambda answer: answer.decision.origin,
    "path": lambda answer: answer.path,
    "status": lambda answer: answer.status,
    "redirect": lambda answer: answer.decision.redirect.location if answer.decision.redirect else None,
}


def cases(table: Mapping[str, Expected]) -> Callable[[str, Expected], None]:
    """Return a test that evaluates each request of a table, and compares its properties.

    Args:
        table: ``"/pages/1"`` or ``"POST /cart"``, each with its expected properties.

    Raises:
        CaseError: A key is unknown.

    Example:
        >>> test_pages = cases({"/pages/1": {"prefetchable": True, "ttl": "1h"}, "POST /cart": {"ttl": None}})
    """
    import pytest

    for name, expected in table.items():
        for key in expected:
            if key not in _READ and key != "headers":
                raise CaseError.of(
                    "case",
                    f"{shown(name)}: {shown(key)} cannot be expected",
                    expected="one of " + ", ".join(Expected.__annotations__),
                    hint=did_you_mean(key, Expected.__annotations__),
                )

    @pytest.mark.parametrize("line, expected", list(table.items()), ids=list(table))
    def test(line: str, expected: Expected) -> None:
        __tracebackhide__ = True
        method, _, url = line.rpartition(" ")
        answer = request(url, method or "GET")
        assert _got(answer, expected) == dict(expected)

    return test


def _got(answer: Answer, expected: Expected) -> dict[str, Any]:
    """Return of an answer what is expected, so that the two can be compared at once."""
    got: dict[str, Any] = {key: _READ[key](answer) for key in expected if key != "headers"}
    if "headers" in expected:
        got["headers"] = {name: answer.header(name) for name in expected["headers"]}
    return got
