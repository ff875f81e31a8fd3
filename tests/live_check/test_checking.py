"""A check of an edge: it finds where one has other rules than those it is checked by, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from edge.harness import Answer
from live_check.edges import SHOP, checked, found, rule_set
from prefetchrouter import Property, Router, raw
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.live_check import LiveResponse, LiveSite, check
from strategies.effort import times
from strategies.programs import Program, programs, run

PAGES: dict[str, Any] = {"caching": {"max_age": "1h", "service_worker_max_age": "10m"}}

RULES = {
    "redirect": Router().match("/old/:id", lambda route: route.redirect("/new/:id", 301)),
    "absolute redirect": Router().match("/old", lambda route: route.redirect("https://other.example/a?b=1")),
    "denied": Router().match("/admin/:rest*", access={"deny_access": True}),
    "synthetic": Router().match("/robots.txt", lambda route: route.send("User-agent: *", 200)),
    "status": Router().match("/gone", response={"set_status_code": 410}),
    "set": Router().match("/a", headers={"set_response_headers": {"x-frame-options": "DENY"}}),
    "append": Router().match("/a", headers={"set_response_headers": {"+vary": "x-tier"}}),
    "add": Router().match("/a", headers={"add_response_headers": {"link": "</a.css>; rel=preload"}}),
    "remove": Router().match("/a", headers={"remove_response_headers": ["x-powered-by"]}),
    "remove early": Router().match("/a", headers={"remove_origin_response_headers": ["x-powered-by"]}),
    "template": Router().match("/a/:id", headers={"set_response_headers": {"x-path": "%{path}"}}),
    "client caching": Router().match("/a", caching={"client_max_age": "5m"}),
    "no client caching": Router().match("/a", caching={"bypass_client_cache": True}),
    "prefetchable": Router().match("/pages/:id", **PAGES),
    "by query and cookie": Router().match(
        {"path": "/a", "query": {"q": "1"}, "cookies": {"who": "ann"}, "headers": {"x-a": "b"}},
        headers={"set_response_headers": {"x-b": "c"}},
    ),
    "late": Router().match("/a", Router().catch(404, headers={"set_response_headers": {"x-late": "1"}})),
}

ORIGIN = {"content-type": "text/html", "x-powered-by": "PHP", "vary": "accept"}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("status", [200, 404])
def test_an_edge_with_the_same_rules_has_no_differences(name: str, status: int) -> None:
    report = checked(RULES[name], answer=Answer(status, ORIGIN))
    assert found(report) == []
    assert report.requests > 0
    assert not report


WRONG: dict[str, tuple[str, Router, str, str, str]] = {
    "no redirect": ("redirect", Router(), "status", "301 to /new/x", "200"),
    "another status": (
        "redirect",
        Router().match("/old/:id", lambda route: route.redirect("/new/:id", 302)),
        "status", "301 to /new/x", "302 to /new/x",
    ),
    "another place": (
        "redirect",
        Router().match("/old/:id", lambda route: route.redirect("/newer/:id", 301)),
        "redirect", "/new/x", "/newer/x",
    ),
    "not denied": ("denied", Router(), "status", "403", "200"),
    "no body": (
        "synthetic",
        Router().match("/robots.txt", lambda route: route.send("User-agent: me", 200)),
        "body", "User-agent: *", "User-agent: me",
    ),
    "no status": ("status", Router(), "status", "410", "200"),
    "no header": ("set", Router(), "header x-frame-options", "DENY", "no such header"),
    "another header": (
        "set",
        Router().match("/a", headers={"set_response_headers": {"x-frame-options": "SAMEORIGIN"}}),
        "header x-frame-options", "DENY", "SAMEORIGIN",
    ),
    "not appended": ("append", Router(), "header vary", "x-tier", "accept"),
    "not added": ("add", Router(), "header link", "</a.css>; rel=preload", "no such header"),
    "not removed": ("remove", Router(), "header x-powered-by", "no such header", "PHP"),
    "not removed early": ("remove early", Router(), "header x-powered-by", "no such header", "PHP"),
    "no text of a template": ("template", Router(), "header x-path", "/a/x", "no such header"),
    "not cached by clients": (
        "client caching", Router(), "header cache-control", "max-age=300", "no such header",
    ),
    "no header of the worker": (
        "prefetchable",
        Router().match("/pages/:id", caching={"max_age": "1h"}),
        "header x-sw-cache-control", "max-age=600", "no such header",
    ),
    "no response": ("set", Router(), "header x-frame-options", "DENY", "no such header"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_edge_with_other_rules_is_found_out(name: str) -> None:
    """Each with the line of the rule that it does not obey."""
    rules, served, aspect, expected, actual = WRONG[name]
    report = checked(RULES[rules], served, answer=Answer(200, ORIGIN))
    assert (aspect, expected, actual) in found(report)
    assert report
    assert all(each.source is not None for each in report.differences)


def test_a_prefetch_that_reaches_the_origin_is_found_out() -> None:
    """A plain cache forwards it; so does a platform that ignores the parameter."""
    rules = RULES["prefetchable"]
    served = Router().match("/pages/:id", **PAGES, response={"allow_prefetching_uncached_content": True})
    report = checked(rules, served)
    assert found(report) == [
        ("prefetch", "412, since nothing is stored for it", "200"),
        ("prefetch", "503, since nothing is stored for it", "200"),
    ]
    assert report.prefetches == 2


def test_where_the_site_allows_foreign_prefetches_none_is_sent() -> None:
    rules = rule_set(RULES["prefetchable"], Property(foreign_prefetch="allow"))
    report = checked(rules)
    assert (report.prefetches, found(report)) == (1, [])


TO_THE_SITE = "https://www.shop.example/new/x?edgio_prefetch=1"


class Broken:
    """An edge that responds to everything with the same."""

    def __init__(self, response: LiveResponse | str) -> None:
        self.response = response

    def aspects(self, router: Router, **how: Any) -> list[tuple[str, str, str]]:
        rules = rule_set(router, SHOP)
        site = LiveSite.of("http://localhost", rules)
        return found(check(rules, site, lambda request: self.response, token="test", **how))


def test_a_refusal_with_headers_that_let_it_be_stored_is_found_out() -> None:
    headers = {"cache-control": "max-age=60", "x-sw-cache-control": "max-age=600"}
    edge = Broken(LiveResponse(412, HeaderFields(headers)))
    aspects = [aspect for aspect, *_ in edge.aspects(RULES["prefetchable"])]
    assert "header cache-control of the refusal" in aspects
    assert "header x-sw-cache-control of the refusal" in aspects


def test_a_redirect_that_loses_the_parameter_of_a_prefetch_is_found_out() -> None:
    """The next request would reach the origin."""
    edge = Broken(LiveResponse(301, HeaderFields({"location": "/new/x"})))
    assert edge.aspects(RULES["redirect"]) == [
        ("redirect of a prefetch", "a Location with edgio_prefetch=1", "/new/x")
    ]
    edge = Broken(LiveResponse(301, HeaderFields({"location": TO_THE_SITE})))
    assert [aspect for aspect, *_ in edge.aspects(RULES["redirect"])] == ["redirect"]


def test_an_edge_whose_origin_fails_is_not_taken_for_a_right_one() -> None:
    for status in (502, 503, 504):
        edge = Broken(LiveResponse(status, HeaderFields({"x-frame-options": "DENY"})))
        assert edge.aspects(RULES["set"]) == [("status", "a response of the origin", str(status))]


def test_a_request_without_a_response_is_a_difference() -> None:
    edge = Broken("nothing came within 10 s")
    assert edge.aspects(RULES["set"]) == [("response", "a response", "nothing came within 10 s")]


@pytest.mark.parametrize("most", [1, 3])
def test_the_number_of_requests_is_bounded(most: int) -> None:
    router = Router()
    for number in range(10):
        router = router.match(f"/pages/{number}", **PAGES)
    report = checked(router, most=most)
    assert report.requests == most
    assert report.left_out > 0


def test_further_paths_are_compared_by_all_rules() -> None:
    """Those of real pages: their status may be another than that of a path that is made up."""
    rules = Router().catch(404, headers={"set_response_headers": {"x-late": "1"}}).match("/a", comment="a")
    report = checked(rules, Router(), paths=["/missing", "/b?c=1"], answer=Answer(404))
    assert [each.request.url for each in report.differences] == [
        "https://localhost/missing", "https://localhost/b?c=1", "https://localhost/x/y", "https://localhost/a",
    ]  # fmt: skip


def test_what_rules_leave_to_chance_once_there_is_a_response_is_not_compared() -> None:
    """The check cannot know the number that the edge drew."""
    by_chance = Router().if_(raw({"<": [{"random": 99}, 50]}), comment="a")
    by_chance.else_(caching={"bypass_client_cache": True})
    rules = Router().match({"path": "/a", "response": {"status_code": re.compile("^4")}}, by_chance)
    for _ in range(20):
        report = checked(rules, answer=Answer(404, ORIGIN))
        assert found(report) == []
    assert {each.reason for each in report.unchecked} == {"it depends on the status of the origin's response"}


@times(5)
@given(programs())
def test_no_rules_are_found_to_differ_from_themselves(program: Program) -> None:
    """Random rules, served by the embedded edge: whatever they hold, each request is as they say."""
    router = run(program)
    report = checked(router, most=60)
    assert found(report) == []
