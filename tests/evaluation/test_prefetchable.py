"""Whether browsers may prefetch a URL, and the first reason why not."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.rules.typed import CachingDict

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
    """The service worker has a store of its own."""
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
def test_the_first_reason_is_told(caching: Any, expected: str | None) -> None:
    """What is missing, or which value forbids it."""
    assert reason(Router().always(caching=caching), Request("/")) == expected


def test_only_get_is_prefetched() -> None:
    """Whatever the rules say of other methods."""
    assert (
        reason(Router().always(caching=BOTH), Request("/", "POST"))
        == "the method is POST: only GET is prefetched"
    )


def test_a_url_without_rules_is_not_prefetched() -> None:
    """Nobody said that it may be."""
    assert reason(Router().match("/a", caching=BOTH), Request("/b")) == "no rule matches"


def test_a_reason_names_the_line_of_the_value() -> None:
    """So that one can go there."""
    router = Router().always(caching=BOTH).always(caching={"bypass_cache": True})

    found = evaluate(router, Request("/")).not_prefetchable_because

    assert found == f"caching.bypass_cache is true ({router.rules[1].source})"


def test_a_hidden_rule_leaves_a_doubt() -> None:
    """The rules allow it, but no browser learns of it."""
    router = Router().match("/a", caching=BOTH, comment="cache-manifest-ignore")

    decision = evaluate(router, Request("/a"))

    assert decision.prefetchable
    assert not decision.manifest.prefetchable
    assert decision.prefetch_doubts == ("the manifest does not show it: there no rule matches",)


def test_refusals_redirects_and_plain_http_leave_doubts() -> None:
    """A prefetch of these would not help a visitor."""
    router = Router().always(caching=BOTH)
    router.match("/old", lambda route: route.redirect("/new"))
    router.match("/secret", access={"deny_access": True})

    assert evaluate(router, Request("/")).prefetch_doubts == ()
    assert evaluate(router, Request("/old")).prefetch_doubts == ("it is a redirect to /new",)
    assert evaluate(router, Request("/secret")).prefetch_doubts == (
        f"access.deny_access is true ({router.rules[2].source})",
    )
    assert evaluate(router, Request("http://shop.example/")).prefetch_doubts == (
        "it is asked by HTTP: service workers need HTTPS, or localhost",
    )


def test_the_manifests_decision_knows_nothing_but_the_url() -> None:
    """A test of a cookie is not shown, so the rule speaks for more visitors there."""
    router = Router().match({"path": "/a", "cookies": {"session": "1"}}, caching=BOTH)

    decision = evaluate(router, Request("/a"))

    assert not decision.prefetchable
    assert decision.manifest.prefetchable
