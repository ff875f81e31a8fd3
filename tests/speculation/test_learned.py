"""What was learned makes browsers prefetch likely links sooner, and never makes a link prefetchable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import CachingDict, Request, Router, RuleSet, build, evaluate
from prefetchrouter.speculation import rules_text, speculations_of
from prefetchrouter.speculation.learned import EAGER, IMMEDIATE, MOST_BYTES, MOST_LINKS, eagerness_of
from prefetchrouter.targets.page_navigation import PageNavigation
from speculation.link_reader import passes
from speculation.test_where import is_written_by_browsers
from strategies.effort import times
from strategies.paths import urls
from strategies.rule_sets import hidden_tests, listed_tests, part_tests, rule_lists

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
PAGES = Router().match("/pages/:id", caching=AGES)


def made(rules: Any, likely: Mapping[str, float]) -> list[dict[str, Any]]:
    """The speculation rules of a build with a navigation."""
    navigation = PageNavigation(likely=likely)
    built = build(rules, targets="speculation", unsupported="ignore", navigation=navigation)
    return [rule for listed in json.loads(built["speculation-rules.json"]).values() for rule in listed]


def eagerness(rules: Any, likely: Mapping[str, float], url: str) -> list[str]:
    """When browsers act on a link, by the rules that cover it."""
    path, _, query = url.partition("?")
    return [rule["eagerness"] for rule in made(rules, likely) if passes(rule["where"], path, query)]


@given(
    rule_lists(listed_tests | part_tests | hidden_tests, hidden=True),
    st.dictionaries(urls(), st.floats(0, 1), min_size=1, max_size=8),
    st.lists(urls(), max_size=4),
)
@times(1)
def test_what_was_learned_makes_no_link_prefetchable(
    rules: Any, likely: dict[str, float], others: list[str]
) -> None:
    full = RuleSet.from_json(rules, "raw")
    before, after = made(full, {}), made(full, likely)
    assert [rule for rule in after if rule in before] == before
    added = [rule for rule in after if rule not in before]
    for url in (*likely, *others):
        request = Request(url)
        if not is_written_by_browsers(request):
            continue
        found = [rule for rule in added if passes(rule["where"], request.path, request.query)]
        assert not found or evaluate(full, request).prefetchable, url
        assert all(rule["eagerness"] in ("immediate", "eager") for rule in found)
        if found:
            assert any(passes(rule["where"], request.path, request.query) for rule in before), url
            assert url in likely
            assert {rule["eagerness"] for rule in found} == {eagerness_of(likely[url])}


@pytest.mark.parametrize(
    ("score", "wanted"),
    [
        (1.0, ["moderate", "immediate"]),
        (IMMEDIATE, ["moderate", "immediate"]),
        (0.29, ["moderate", "eager"]),
        (EAGER, ["moderate", "eager"]),
        (0.09, ["moderate"]),
        (0.0, ["moderate"]),
    ],
)
def test_eagerness_follows_the_score(score: float, wanted: list[str]) -> None:
    assert eagerness(PAGES, {"/pages/1": score}, "/pages/1") == wanted
    assert eagerness(PAGES, {"/pages/1": score}, "/pages/2") == ["moderate"]


def test_only_the_learned_query_counts() -> None:
    likely = {"/pages/1?b=2": 0.9}
    assert eagerness(PAGES, likely, "/pages/1?b=2") == ["moderate", "immediate"]
    assert eagerness(PAGES, likely, "/pages/1") == ["moderate"]
    assert eagerness(PAGES, {"/pages/1": 0.9}, "/pages/1?b=2") == ["moderate"]


@pytest.mark.parametrize("written", ["conservative", "moderate", "eager"])
def test_what_a_rule_says_of_eagerness_stays(written: Any) -> None:
    rules = Router().match("/pages/:id", caching=AGES, speculation={"eagerness": written})
    assert eagerness(rules, {"/pages/1": 0.9}, "/pages/1") == [written]


def test_a_prerender_is_not_made_sooner() -> None:
    rules = Router().match("/pages/:id", caching=AGES, speculation={"prerender": True})
    assert eagerness(rules, {"/pages/1": 0.9}, "/pages/1") == ["moderate", "moderate"]  # of both kinds


@pytest.mark.parametrize(
    "url", ["/pages/caf%C3%A9", "/pages/a b", "/pages/(1)", "/other", "/pages/logout", ""]
)
def test_what_is_not_covered_or_not_plain_is_left_as_it_is(url: str) -> None:
    assert made(PAGES, {url: 0.9}) == made(PAGES, {})


def test_the_file_grows_by_a_bounded_amount() -> None:
    likely = {f"/pages/{'long-name-' * 3}{number}": 0.9 - number / 10_000 for number in range(5000)}
    before = len(rules_text(speculations_of(PAGES).found))
    found = speculations_of(PAGES, likely).found
    assert before < len(rules_text(found)) <= before + MOST_BYTES
    short = {f"/pages/{number}": 0.9 for number in range(MOST_LINKS + 50)}
    assert eagerness(PAGES, short, f"/pages/{MOST_LINKS - 1}") == ["moderate", "immediate"]
    assert eagerness(PAGES, short, f"/pages/{MOST_LINKS + 1}") == ["moderate"]


def test_pages_with_the_script_of_the_page_are_left_to_it() -> None:
    for rule in made(PAGES, {"/pages/1": 0.9}):
        selectors = [part["not"].get("selector_matches") for part in rule["where"]["and"] if "not" in part]
        assert "html:has(script[src*='/__edgio__/prefetch/']) *" in selectors


def test_many_rules_and_links_give_the_same_bytes_each_time() -> None:
    rules = Router()
    for number in range(30):
        rules = rules.match(f"/shop{number}/:id", caching=AGES)
    likely = {f"/shop{number % 30}/{number}": 0.5 for number in range(100)}
    texts = {json.dumps(made(rules, likely)) for _ in range(2)}
    assert len(texts) == 1
