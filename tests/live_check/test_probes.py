"""The requests that a check sends, and what it cannot ask."""

from __future__ import annotations

from typing import Any

import pytest

from live_check.edges import URL, checked, found, rule_set
from prefetchrouter import Property, Router, raw
from prefetchrouter.live_check import LiveSite, probes
from prefetchrouter.rules.rule_set import RuleSet

PAGES: dict[str, Any] = {"caching": {"max_age": "1h", "service_worker_max_age": "10m"}}


def sent(router: Router, property: Property | None = None, **how: Any) -> list[str]:
    rules = rule_set(router, property)
    every = probes(rules, LiveSite.of(URL, rules), token="new", **how)
    return [f"{probe.kind}: {probe.request.method} {probe.request.url}" for probe in every]


def unchecked(router: Router, property: Property | None = None) -> list[str]:
    return [each.reason for each in checked(rule_set(router, property)).unchecked]


def test_a_prefetchable_page_is_requested_and_prefetched() -> None:
    """Each prefetch has a separate URL, for which nothing can be stored."""
    assert sent(Router().match("/pages/:id", **PAGES)) == [
        "page: GET https://localhost/pages/x",
        "prefetch: GET https://localhost/pages/x?deploy-check=new&edgio_prefetch=1",
        "foreign prefetch: GET https://localhost/pages/x?deploy-check=new-2",
    ]


def test_a_redirect_is_requested_and_prefetched() -> None:
    assert sent(Router().match("/old", lambda route: route.redirect("/new"))) == [
        "page: GET https://localhost/old",
        "redirected prefetch: GET https://localhost/old?edgio_prefetch=1",
    ]


def test_pages_with_the_same_rules_are_prefetched_once() -> None:
    """Whatever rules there are, a site is not flooded."""
    kinds = [
        line.partition(":")[0] for line in sent(Router().match("/a/:id", **PAGES), paths=["/a/1", "/a/2"])
    ]
    assert kinds == ["page", "page", "page", "prefetch", "foreign prefetch"]


def test_pages_whose_key_has_no_query_are_not_prefetched() -> None:
    """Any URL may be stored for them, so that a hit would be right."""
    keyed: Any = {**PAGES["caching"], "cache_key": {"exclude_all_query_params": True}}
    assert [line.partition(":")[0] for line in sent(Router().match("/a", caching=keyed))] == ["page"]


def test_pages_that_may_be_fetched_by_a_prefetch_are_not_prefetched() -> None:
    allowed = Router().match("/a", **PAGES, response={"allow_prefetching_uncached_content": True})
    assert [line.partition(":")[0] for line in sent(allowed)] == ["page"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])
def test_only_safe_methods_are_sent(method: str) -> None:
    router = Router().match({"path": "/a", "method": method}, comment="changes something")
    assert sent(router) == []
    assert unchecked(router) == [f"it needs a {method}, and only GET and HEAD are sent"]


def test_what_only_the_edge_knows_is_not_compared() -> None:
    header = {"headers": {"set_response_headers": {"x-a": "b"}}}
    router = Router().match({"path": "/a", "location": {"country": "DE"}}, **header)  # type: ignore[arg-type]
    assert unchecked(router) == ["it needs location.country, which only the edge knows"]
    mobile = Router().match("/b", Router().match({"device": {"is_mobile": "true"}}, **header))  # type: ignore[arg-type]
    assert unchecked(mobile)[-1] == "it needs device.is_mobile, which only the edge knows"
    random = Router().match(raw({"<": [{"random": 99}, 50]}), **header)  # type: ignore[arg-type]
    assert found(checked(random, Router())) == []


def test_a_page_that_depends_on_what_only_the_edge_knows_is_not_compared() -> None:
    """A rule on the country applies to it for some visitors: the check cannot know for whom."""
    router = (
        Router()
        .match("/a", headers={"set_response_headers": {"x-a": "b"}})
        .match({"location": {"country": "DE"}}, headers={"set_response_headers": {"x-a": "c"}})
    )
    assert sent(router) == []
    assert unchecked(router)[0] == "it depends on location.country, which only the edge knows"


def test_rules_for_another_scheme_or_site_are_not_checked() -> None:
    http = Router().match({"path": "/a", "scheme": "HTTP"}, comment="plain")
    assert unchecked(http) == ["it is for http"]
    other = Router().match({"path": "/a", "headers": {"host": "other.example"}}, comment="other")
    assert [
        line for line in sent(other) if "other.example" in line.partition("://")[2].partition("/")[0]
    ] == []


def test_a_rule_that_another_hides_is_not_checked() -> None:
    router = Router().if_("/a", comment="first").elif_("/a", comment="never")
    assert unchecked(router) == ["no request was found that it applies to"]


def test_an_invalid_path_is_left_out() -> None:
    assert sent(Router(), paths=["/a/../b"]) == []
    assert sent(Router(), paths=["/a", "/a", "/%61"]) == ["page: GET https://localhost/a"]


def test_nothing_is_sent_for_no_rules() -> None:
    assert list(probes(RuleSet(rules=()), LiveSite.of(URL, RuleSet(rules=())))) == []
