"""No link is in a `where` that the rules do not make prefetchable; and which links are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import (
    CachingDict,
    HeadersDict,
    Property,
    Request,
    Router,
    RuleSet,
    build,
    evaluate,
    exact,
)
from speculation.link_reader import passes
from strategies.effort import times
from strategies.paths import urls
from strategies.rule_sets import hidden_tests, listed_tests, part_tests, rule_lists

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}


def rules_of(rules: Any) -> list[dict[str, Any]]:
    """The speculation rules of both lists."""
    text = build(rules, targets="speculation", unsupported="ignore")["speculation-rules.json"]
    return [rule for listed in json.loads(text).values() for rule in listed]


def covered(rules: Any, url: str) -> bool:
    """Whether browsers may speculate on a link."""
    path, _, query = url.partition("?")
    return any(passes(rule["where"], path, query) for rule in rules_of(rules))


def is_written_by_browsers(request: Request) -> bool:
    """Whether a link can have this URL: browsers resolve dot segments and turn backslashes."""
    return request.path.startswith("/") and not re.search(r"/\.{1,2}(/|$)|\\", request.path)


@given(
    rule_lists(listed_tests | part_tests | hidden_tests, hidden=True),
    st.lists(urls(), min_size=1, max_size=8),
)
@times(3)
def test_no_link_is_covered_that_is_not_prefetchable(rules: Any, links: list[str]) -> None:
    full = RuleSet.from_json(rules, "raw")
    made = rules_of(full)
    for link in links:
        request = Request(f"https://www.example.com{link}" if link.startswith("/") else link)
        if not is_written_by_browsers(request):
            continue
        where = any(passes(rule["where"], request.path, request.query) for rule in made)
        assert not where or evaluate(full, request).prefetchable, link


TABLE = [
    (Router().match("/pages/:id", caching=AGES), "/pages/1", True),
    (Router().match("/pages/:id", caching=AGES), "/pages/1/", True),
    (Router().match("/pages/:id", caching=AGES), "/pages/1?a=b", True),
    (Router().match("/pages/:id", caching=AGES), "/pages/caf%C3%A9", True),
    (Router().match("/pages/:id", caching=AGES), "/pages/logout", False),
    (Router().match("/pages/:id", caching=AGES), "/pages/1?next=/sign-out", False),
    (Router().match("/pages/:id", caching=AGES), "/pages/a%2Fb", False),
    (Router().match("/pages/:id", caching=AGES), "//pages/1", False),
    (Router().match("/pages/:id", caching=AGES), "/pages/1;v=2", False),
    (Router().match("/Pages/:id?", caching=AGES), "/Pages", True),
    (Router().match("/docs/:rest*", caching=AGES), "/docs/a/b", True),
    (Router().match("/docs/:rest+", caching=AGES), "/docs", False),
    (Router().match(exact("/a:b"), caching=AGES), "/a:b", True),
    (Router().match(re.compile(r"^/v\d+/"), caching=AGES), "/v12/x", True),
    (Router().match(re.compile(r"(?i)^/v\d+/"), caching=AGES), "/V12/x", True),
    (Router().match({"path": "/c", "query": {"item": "0"}}, caching=AGES), "/c?item=0&b", True),
    (Router().match({"path": "/c", "query": {"item": "0"}}, caching=AGES), "/c?item=1&item=0", False),
    (Router().match({"path": "/c", "query": {"item": "0"}}, caching=AGES), "/c?item=%30", False),
    (Router().match("/:x*", caching=AGES).match("/b/:x*", caching={"bypass_cache": True}), "/a", True),
    (Router().match("/:x*", caching=AGES).match("/b/:x*", caching={"bypass_cache": True}), "/B/1", False),
    (Router().match("/:x*", caching=AGES).match("/b", caching={"service_worker_max_age": "0s"}), "/b", False),
    (Router().match("/b/:x*", caching={"bypass_cache": True}).match("/b/c", caching=AGES), "/b/c", False),
    (
        Router().match({"method": "POST"}, caching={"bypass_cache": True}).match("/b", caching=AGES),
        "/b",
        True,
    ),
    (Router().if_("/a", caching={"bypass_cache": True}).else_(caching=AGES), "/a", False),
    (Router().if_("/a", caching={"bypass_cache": True}).else_(caching=AGES), "/b", True),
]


@pytest.mark.parametrize(("router", "link", "wanted"), TABLE)
def test_links_of_rules(router: Router, link: str, wanted: bool) -> None:
    assert covered(router, link) is wanted
    assert evaluate(router, Request(link)).prefetchable or not wanted


def test_links_to_other_sites_are_never_covered() -> None:
    """A pattern with a path is one of the page's own origin; each rule has such a pattern."""
    for rule in rules_of(Router().always(caching=AGES)):
        assert {"href_matches": {"pathname": "/*"}} in rule["where"]["and"]


def test_path_parameters_are_covered_where_the_edge_takes_them() -> None:
    rules = Router().match("/pages/:id", caching=AGES)
    kept = RuleSet(rules=rules.rules, property=Property(path_parameters="keep"))
    assert covered(kept, "/pages/1;v=2")


def test_a_condition_that_no_link_shows_is_named_with_its_line() -> None:
    rules = Router().match({"path": "/a", "cookies": {"s": "1"}}, caching=AGES).match("/b", caching=AGES)
    [found] = build(rules, targets="speculation").warnings
    assert (found.code, found.severity) == ("speculation-left-out", "warning")
    assert 'a link does not show the cookie "s"' in found.message
    assert found.source is not None
    assert not covered(rules, "/a")
    assert covered(rules, "/b")


def test_a_hidden_rule_takes_links_out_without_a_trace_of_its_path() -> None:
    rules = Router().match("/:page*", caching=AGES).match("/b/:id", caching=AGES)
    hidden = rules.match("/secret/:x", caching={"bypass_cache": True}, comment="cache-manifest-ignore")
    text = build(hidden, targets="speculation", unsupported="ignore")["speculation-rules.json"]
    assert "secret" not in text.lower()
    assert not covered(hidden, "/secret/1")
    assert covered(hidden, "/b/1")


def test_the_last_eagerness_counts() -> None:
    rules = (
        Router()
        .always(speculation={"eagerness": "conservative"})
        .match("/a/:id", caching=AGES, speculation={"eagerness": "immediate", "prerender": True})
        .match("/b/:id", caching=AGES)
    )
    found = json.loads(build(rules, targets="speculation")["speculation-rules.json"])
    assert [rule["eagerness"] for rule in found["prerender"]] == ["immediate"]
    assert [rule["eagerness"] for rule in found["prefetch"]] == ["immediate", "conservative"]


IGNORED: HeadersDict = {"set_response_headers": {"No-Vary-Search": 'params=("utm")'}}


@pytest.mark.parametrize(
    ("rules", "hints"),
    [
        (Router().match("/a/:id", caching=AGES, headers=IGNORED), ['params=("utm")']),
        (Router().always(headers=IGNORED).match("/a/:id", caching=AGES), ['params=("utm")']),
        (Router().match("/a/:id", caching=AGES).match("/a/b", headers=IGNORED), [None]),
        (Router().match("/a/:id", caching=AGES), [None]),
        (
            Router().match("/a", caching=AGES).match("/b", caching=AGES, headers=IGNORED),
            [None, 'params=("utm")'],
        ),
        (
            Router()
            .match("/a/:id", caching=AGES, headers=IGNORED)
            .match("/a/:id", headers={"set_response_headers": {"no-vary-search": "%{req_path}"}}),
            [None],
        ),
    ],
)  # fmt: skip
def test_a_hint_of_no_vary_search_is_given_where_every_response_has_it(
    rules: Router, hints: list[str | None]
) -> None:
    assert [rule.get("expects_no_vary_search") for rule in rules_of(rules)] == hints
