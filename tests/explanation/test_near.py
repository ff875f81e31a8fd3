"""Rules that nearly applied: what kept a page from being prefetched."""

from __future__ import annotations

import pytest

from prefetchrouter import Hostname, Property, Request, Router, RuleSet, evaluate
from prefetchrouter.explanation.near import near_misses
from prefetchrouter.rules.typed.sections import CachingDict

PREFETCHED: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}


def whens(router: Router, request: Request) -> list[str]:
    return [miss.when for miss in near_misses(router.rules, evaluate(router, request))]


@pytest.mark.parametrize(
    "criteria, request_, when",
    [
        (
            {"path": "/a", "headers": {"x-tier": "gold"}},
            Request("/a"),
            "header x-tier is gold (here it is missing)",
        ),
        (
            {"path": "/a", "headers": {"x-tier": "gold"}},
            Request("/a", headers={"x-tier": "iron"}),
            'header x-tier is gold (here it is "iron")',
        ),
        ({"path": "/a", "cookies": {"b": "1"}}, Request("/a"), "cookie b is 1 (here it is missing)"),
        ({"path": "/a", "query": {"q": "1"}}, Request("/a?q=2"), 'query q is 1 (here it is "2")'),
        ({"cookies": {"b": "1"}}, Request("/a"), "cookie b is 1 (here it is missing)"),
    ],
)
def test_what_is_not_true_is_reported_with_the_requests_own_value(
    criteria: dict[str, object], request_: Request, when: str
) -> None:
    """The path matches, something else does not."""
    assert whens(Router().match(criteria, caching=PREFETCHED), request_) == [when]  # type: ignore[arg-type]


def test_all_that_is_not_true_is_reported() -> None:
    """One of the two would not be enough."""
    router = Router().match({"path": "/a", "headers": {"x": "1"}, "cookies": {"y": "2"}}, caching=PREFETCHED)
    assert whens(router, Request("/a")) == [
        "header x is 1 (here it is missing) and cookie y is 2 (here it is missing)"
    ]


@pytest.mark.parametrize(
    "path, near",
    [("/page/1", True), ("/pages", True), ("/pages/1/2", True), ("/blog/1", False), ("/", False)],
)
def test_without_any_path_that_matches_the_most_similar_pattern_is_reported(path: str, near: bool) -> None:
    """A misspelled path is the usual reason; without anything alike, nothing is proposed."""
    router = Router().get("/pages/:id", caching=PREFETCHED).get("/about", caching=PREFETCHED)
    expected = [f'path matches /pages/:id (here it is "{path}")'] if near else []
    assert whens(router, Request(path)) == expected


def test_only_rules_that_would_help_are_reported() -> None:
    """A rule that sets something else is of no use here."""
    router = Router().match({"path": "/a", "cookies": {"b": "1"}}, headers={"server_timing_header": True})
    assert whens(router, Request("/a")) == []


def test_what_waits_for_a_response_is_not_reported() -> None:
    """A prefetched page is not an error page, and the rule would hide the pattern that is most alike."""
    router = Router().get("/pages/:id", caching=PREFETCHED).catch(503, caching={"max_age": "1s"})
    assert whens(router, Request("/pages")) == ['path matches /pages/:id (here it is "/pages")']


def test_a_prefetchable_page_has_no_near_misses() -> None:
    """There is nothing to explain."""
    router = (
        Router()
        .get("/a", caching=PREFETCHED)
        .match({"path": "/a", "cookies": {"b": "1"}}, caching=PREFETCHED)
    )
    assert whens(router, Request("/a")) == []


def test_at_most_three_are_reported() -> None:
    """More would hide the answer."""
    router = Router()
    for number in range(9):
        router.match({"path": "/a", "cookies": {f"b{number}": "1"}}, caching=PREFETCHED)
    assert len(whens(router, Request("/a"))) == 3


def test_the_host_of_the_site_counts_where_the_request_names_none() -> None:
    """A condition on it holds, so it is not the reason."""
    router = Router().match({"headers": {"x-t": "1", "host": "shop.example"}}, caching=PREFETCHED)
    site = RuleSet(rules=router.rules, property=Property(hostnames=[Hostname(hostname="shop.example")]))
    found = near_misses(site.rules, evaluate(site, Request("/a")))
    assert [miss.when for miss in found] == ["header x-t is 1 (here it is missing)"]
