"""Rules that the manifest lists without a condition, and that stop the prefetching of others."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Property, Request, Router, RuleSet, not_
from prefetchrouter.analysis.lost import lost_prefetching
from prefetchrouter.browser_view.evaluation import evaluate_in_browser

CACHED: Any = {"max_age": "1h", "service_worker_max_age": "10m"}
NOT_BYPASSED: Any = {**CACHED, "bypass_cache": False}
SESSION = {"session": re.compile(".+")}
SESSION_AT_P: Any = {"path": "/p", "cookies": SESSION}
SESSION_AT_Q: Any = {"path": "/q/:id", "cookies": SESSION}
UNKNOWN: list[Any] = [
    {"cookies": SESSION, "path": not_(re.compile(r"^/(static|img)/"))},
    {"cookies": SESSION, "path": "/p/:sku"},
    {"headers": {"x-tier": "gold"}, "path": re.compile("^/p/")},
    {"headers": {"authorization": re.compile(".")}, "path": ["/p/x", "/p/1", "/p/a", "/p/b", "/p/sku"]},
    {"location": {"country": "DE"}, "path": "/:path*"},
]
STOPPING: list[Any] = [{"bypass_cache": True}, {"service_worker_max_age": "0s"}]


def stopped(router: Router, property: Property | None = None) -> list[str]:
    return [found.message for found in lost_prefetching(RuleSet(rules=router.rules, property=property))]


@pytest.mark.parametrize("stopping", STOPPING, ids=str)
@pytest.mark.parametrize("criteria", UNKNOWN, ids=str)
def test_a_condition_that_the_manifest_drops_is_reported_and_both_cures_work(
    criteria: Any, stopping: Any
) -> None:
    def rules(**more: Any) -> Router:
        return Router().match("/p/:sku", caching=CACHED).match(criteria, caching=stopping, **more)

    (found,) = lost_prefetching(rules())
    assert found.code == "lost-prefetching"
    assert "/p/" in found.message
    assert found.source == rules().rules[1].source or found.source is not None
    cured = rules(comment="cache-manifest-ignore")
    assert stopped(cured) == []
    dropped = Property(unsupported_conditions="drop")
    assert stopped(rules(), dropped) == []
    for made in (RuleSet(rules=cured.rules), RuleSet(rules=rules().rules, property=dropped)):
        assert evaluate_in_browser(made, Request("/p/x")).prefetchable


def test_the_first_pages_are_named_and_the_others_counted() -> None:
    router = Router()
    for number in range(20):
        router.match(f"/s{number}/:id", caching=CACHED)
    router.match({"cookies": SESSION, "path": "/:path*"}, caching={"bypass_cache": True})
    (message,) = stopped(router)
    assert "/s0/" in message
    assert "and pages of 17 more rules" in message


@pytest.mark.parametrize(
    "router",
    [
        Router().match("/p/:id", caching=CACHED).match("/p/1", caching={"bypass_cache": True}),
        Router().match("/p/:id", caching=CACHED).match({"cookies": SESSION}, caching={"bypass_cache": True}),
        Router().match(SESSION_AT_P, caching={"bypass_cache": True}),
        Router().match(SESSION_AT_Q, caching={"bypass_cache": True}).match("/p", caching=CACHED),
        Router().match(SESSION_AT_P, caching={"bypass_cache": True}).match(
            "/p", caching=NOT_BYPASSED
        ),
        Router().match("/p", caching=CACHED).match(SESSION_AT_P, caching={"max_age": "1m"}),
        Router().match("/p", caching=CACHED).match(SESSION_AT_P, access={"deny_access": True}),
    ],
)  # fmt: skip
def test_what_stops_nothing_is_not_reported(router: Router) -> None:
    assert stopped(router) == []


def test_a_branch_that_is_left_out_makes_the_next_one_wider() -> None:
    """By the rules the page is prefetchable; in the manifest the second branch takes it."""
    router = Router().match("/p/:id", caching=CACHED)
    router.if_({"path": "/p/:id", "headers": {"x-bot": not_("1")}}, comment="people").elif_(
        "/p/:id", caching={"bypass_cache": True}
    )
    assert len(stopped(router)) == 1


def test_a_rule_set_without_such_rules_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prefetchrouter.analysis.lost.filter_rules", None)
    router = Router()
    for number in range(100):
        router.match(f"/s{number}/:id", caching=CACHED)
    assert stopped(router) == []


def test_only_so_many_rules_are_tried() -> None:
    router = Router()
    for number in range(600):
        router.match(f"/s{number}/:id", caching=CACHED)
    router.match({"cookies": SESSION, "path": "/:path*"}, caching={"bypass_cache": True})
    (message,) = stopped(router)
    assert "at least 497 more rules" in message
