"""Whether browsers may prefetch a URL, and the first reason why not."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.rules.typed.sections import CachingDict

BOTH: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}


def test_a_url_is_prefetchable_with_both_ages() -> None:
    """They may come from two rules."""
    router = Router().match("/a", caching={"max_age": "1h"}).always(caching={"service_worker_max_age": "1s"})

    decision = evaluate(router, Request("/a"))

    assert decision.prefetchable
    assert decision.not_prefetchable_because is None


@pytest.mark.parametrize("max_age", ["0s", {"404": "1m"}, "2w"])
def test_any_max_age_counts(max_age: Any) -> None:
    """That one is set is enough, whatever its length or status."""
    router = Router().always(caching={"max_age": max_age, "service_worker_max_age": "1w"})

    assert evaluate(router, Request("/")).prefetchable


def test_bypassing_the_browsers_cache_does_not_matter() -> None:
    """The service worker has its own store."""
    assert evaluate(Router().always(caching={**BOTH, "bypass_client_cache": True}), Request("/")).prefetchable


def reason(router: Router, request: Request) -> str | None:
    """Return the first reason against, with the line numbers left away."""
    found = evaluate(router, request).not_prefetchable_because
    return found.partition(" (")[0] if found else None


@pytest.mark.parametrize(
    "caching, expected",
    [
        ({"service_worker_max_age": "1h"}, "no matching rule sets caching.max_age"),
        ({"max_age": "1h"}, "no matching rule sets caching.service_worker_max_age"),
        ({**BOTH, "service_worker_max_age": "0s"}, "caching.service_worker_max_age is 0s"),
        ({**BOTH, "bypass_cache": True}, "caching.bypass_cache is true"),
        ({**BOTH, "bypass_cache": False}, None),
    ],
)
def test_the_first_reason_is_reported(caching: Any, expected: str | None) -> None:
    """What is missing, or which value forbids it."""
    assert reason(Router().always(caching=caching), Request("/")) == expected


def test_only_get_is_prefetched() -> None:
    """Whatever the rules say of other methods."""
    assert (
        reason(Router().always(caching=BOTH), Request("/", "POST"))
        == "the method is POST: only GET is prefetched"
    )


def test_a_url_without_rules_is_not_prefetched() -> None:
    """No one said that it may be."""
    assert reason(Router().match("/a", caching=BOTH), Request("/b")) == "no rule matches"


def test_a_reason_names_the_line_of_the_value() -> None:
    """So that one can go there."""
    router = Router().always(caching=BOTH).always(caching={"bypass_cache": True})

    found = evaluate(router, Request("/")).not_prefetchable_because

    assert found == f"caching.bypass_cache is true ({router.rules[1].source})"
