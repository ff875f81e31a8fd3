"""`explain` names the speculation rules of a link, the line of a tag, what a login drops, and one browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import CachingDict, Request, Response, Router, RuleSet, explain
from prefetchrouter.browser_support import BrowserVersion, support_data
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.freshness.mechanism_table import MECHANISMS, mechanisms_in
from prefetchrouter.speculation import covering, speculations_of
from speculation.link_reader import passes
from speculation.test_where import is_written_by_browsers, rules_of
from strategies.effort import times
from strategies.paths import urls
from strategies.rule_sets import listed_tests, part_tests, rule_lists

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
SHOP = (
    Router()
    .speculation_rules()
    .match("/pages/:id", caching=AGES)
    .match("/new/:id", caching=AGES, speculation={"prerender": True, "eagerness": "eager"})
    .match({"path": "/gold", "cookies": {"tier": "gold"}}, caching=AGES)
    .session_change({"path": "/login", "method": "POST"})
)


def text_of(request: Request, **options: Any) -> str:
    return explanation_text(explain(SHOP, request, **options))


def test_the_rule_that_covers_a_link_is_named() -> None:
    found = explain(SHOP, Request("/new/1")).speculated
    assert [(rule.action, rule.eagerness) for rule in found.covered_by] == [
        ("prefetch", "eager"),
        ("prerender", "eager"),
    ]
    assert f'covered by  {found.covered_by[1].source}: prerender, eager, tag "' in text_of(Request("/new/1"))


def test_a_link_that_no_rule_covers_has_the_reason() -> None:
    found = explain(SHOP, Request("/gold", cookies={"tier": "gold"})).speculated
    assert found.covered_by == ()
    assert 'a link does not show the cookie "tier"' in found.left_out[0]


def test_without_speculation_rules_there_is_no_section() -> None:
    rules = Router().match("/pages/:id", caching=AGES)
    assert "Speculation Rules\n" not in explanation_text(explain(rules, Request("/pages/1")))


@pytest.mark.parametrize("others", ['"wordpress"', "null", '"routes.py:9999"', "%&"])
def test_a_tag_leads_to_its_line_and_others_to_none(others: str) -> None:
    [rule] = explain(SHOP, Request("/pages/1")).speculated.covered_by
    own = explanation_data(explain(SHOP, Request("/pages/1")))["speculation"]["covered_by"][0]["tag"]
    header = {"Sec-Speculation-Tags": f'"{own}", {others}'}
    found = explain(SHOP, Request("/pages/1", headers=header)).speculated.sent_by
    if others == "%&":
        assert found == ()
    else:
        assert found == ((own, rule.source), (others.strip('"'), None))


def test_a_login_says_what_each_browser_drops() -> None:
    login = Request("/login", method="POST")
    found = dict(explain(SHOP, login).speculated.dropped)
    since = support_data().rows["clear-prefetch-cache"].support["chrome"].since
    assert found["Speculation Rules"] == found["prerender, Chromium"] == f"dropped by Chrome {since}"
    assert found["link prefetch, Chromium"] == found["service worker store"] == "stays"
    safari = dict(explain(SHOP, login, browser="safari@27.3").speculated.dropped)
    assert safari["Speculation Rules"] == "stays: Safari does not support it"
    assert dict(explain(SHOP, login, browser="chrome").speculated.dropped)["Speculation Rules"] == "dropped"


def test_a_star_drops_everything() -> None:
    rules = Router().match("/out", headers={"set_response_headers": {"clear-site-data": '"*"'}})
    found = dict(explain(rules, Request("/out")).speculated.dropped)
    assert not [fate for fate in found.values() if fate == "stays"]


@pytest.mark.parametrize(
    ("browser", "click", "script"),
    [
        ("safari@27.2", "from service worker store", 'with data-worker="auto" too: No-Vary-Search, Safari'),
        ("firefox@153", "from service worker store", "too: No-Vary-Search, from Firefox 154"),
        ("firefox@154", "from service worker store", "by the HTTP cache, without any worker"),
        ("chrome@156", "from service worker store", "by the HTTP cache, without any worker"),
    ],
)
def test_a_browser_says_what_a_click_uses(browser: str, click: str, script: str) -> None:
    found = explain(SHOP, Request("/pages/1"), browser=browser).in_browser_version
    assert found is not None
    facts = dict(found.facts)
    assert click in facts["click"]
    assert script in facts["page script"]


@pytest.mark.parametrize(
    ("browser", "path", "says"),
    [
        ("safari@27.2", "/pages/1", "ignores the Speculation Rules: from Safari 27.3"),
        ("safari@27.3", "/pages/1", "prefetch, moderate"),
        ("safari@27.3", "/new/1", "no prerender: Safari does not support it"),
        ("firefox", "/pages/1", "ignores the Speculation Rules: only in preview builds of Firefox"),
        ("chrome", "/other", "no speculation rule covers this link"),
    ],
)
def test_a_browser_says_what_it_does_by_itself(browser: str, path: str, says: str) -> None:
    found = explain(SHOP, Request(path), browser=browser).in_browser_version
    assert found is not None
    assert says in dict(found.facts)["by itself"]


@pytest.mark.parametrize(
    "browser", [f"{name}@{v}" for name in support_data().browsers for v in (1, 50, 130, 999)]
)
def test_each_mechanism_of_an_engine_is_there_or_missing_with_a_reason(browser: str) -> None:
    version = BrowserVersion.parse(browser)
    found = explain(SHOP, Request("/pages/1"), browser=version).in_browser_version
    assert found is not None
    here = {MECHANISMS[name].title for name in mechanisms_in(version)}
    assert here.isdisjoint(title for title, _ in found.missing)
    assert all(why for _, why in found.missing)
    assert found.browser.is_newer_than_known or not browser.endswith("999")


@given(rule_lists(listed_tests | part_tests, hidden=False), st.lists(urls(), min_size=1, max_size=6))
@times(1)
def test_what_covers_a_link_is_what_the_file_says(rules: Any, links: list[str]) -> None:
    """Against an independent reading of the built file."""
    full = RuleSet.from_json(rules, "raw")
    made, written = speculations_of(full).found, rules_of(full)
    for link in links:
        request = Request(link)
        if not is_written_by_browsers(request):
            continue
        ours = len(covering(made, request.path, request.query))
        assert ours == sum(passes(rule["where"], request.path, request.query) for rule in written)


def test_sections_are_in_the_data() -> None:
    data = explanation_data(explain(SHOP, Request("/new/1"), browser="chrome"))
    assert data["browser"]["name"] == "chrome"
    assert [rule["action"] for rule in data["speculation"]["covered_by"]] == ["prefetch", "prerender"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", data["browser"]["data"])


@pytest.mark.parametrize(
    ("vary", "marks_logins", "warns"),
    [
        ("Cookie", False, True),
        ("accept, cookie", False, True),
        ("Accept", False, False),
        ("Cookie", True, False),
    ],
)
def test_a_page_that_cookies_change_outlives_a_login_that_no_rule_marks(
    vary: str, marks_logins: bool, warns: bool
) -> None:
    rules = Router().speculation_rules().match("/pages/:id", caching=AGES)
    if marks_logins:
        rules = rules.session_change({"path": "/login", "method": "POST"})
    request = Request("/pages/1", response=Response(200, {"vary": vary}))
    found = explain(rules, request)
    assert found.speculated.outlives_login is warns
    assert ("after a login" in explanation_text(found)) is warns


@pytest.mark.parametrize(
    ("browser", "adds"), [(None, 2), ("chrome", 2), ("safari@27.3", 1), ("safari@27.2", 0), ("firefox", 0)]
)
def test_only_what_a_browser_has_adds_to_the_age(browser: str | None, adds: int) -> None:
    text = explanation_text(explain(SHOP, Request("/pages/1"), browser=browser))
    assert ("Speculation Rules add up to" in text) + ("a prerender adds" in text) == adds
