"""The score of a link is how likely it is opened where it is on a page, and cached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter import CachingDict, Router, build
from prefetchrouter.navigation import Navigation, for_pages
from prefetchrouter.navigation.learned_site import PlainSite, RuleSite
from prefetchrouter.navigation.likely_links import likely_links
from prefetchrouter.navigation.navigation_parts import PageCounts
from prefetchrouter.navigation.transitions import Link

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
RULES = (
    Router()
    .get(["/", "/a", "/b", "/c"], caching=AGES)
    .get("/secret", caching=AGES, comment="cache-manifest-ignore")
)
PAGES = {page: PageCounts(views, 9, 1.0) for page, views in (("/", 100), ("/a", 300), ("/secret", 900))}


def test_pages_count_by_their_views() -> None:
    links = {"/": (Link("/b", 0.5, 20),), "/a": (Link("/b", 0.1, 20), Link("/c", 0.4, 50))}
    found = likely_links(Navigation(pages=PAGES, links=links), PlainSite())
    assert list(found.items()) == [("/c", 0.4), ("/b", 0.2)]


def test_what_the_edge_seldom_has_counts_less() -> None:
    pages = {**PAGES, "/b": PageCounts(5, 5, 0.5)}
    known = Navigation(pages=pages, links={"/": (Link("/b", 0.5, 20),)})
    assert likely_links(known, PlainSite()) == {"/b": 0.25}


@pytest.mark.parametrize(("threshold", "found"), [(0.0, {"/b": 0.2}), (0.2, {"/b": 0.2}), (0.21, {})])
def test_the_threshold_of_the_budget_holds(threshold: float, found: dict[str, float]) -> None:
    known = Navigation(pages=PAGES, links={"/": (Link("/b", 0.2, 20),)}, threshold=threshold)
    assert likely_links(known, PlainSite()) == found


def test_what_rules_hide_or_forbid_is_neither_listed_nor_counted() -> None:
    links = {
        "/": (Link("/secret", 0.9, 20), Link("/cart", 0.9, 20), Link("/b", 0.2, 9)),
        "/secret": (Link("/b", 0.9, 20), Link("/c", 0.9, 20)),
    }
    known = Navigation(pages=PAGES, links=links)
    assert likely_links(known, RuleSite(RULES)) == {"/b": 0.2}


def test_a_build_has_them_in_its_speculation_rules(tmp_path: Path) -> None:
    known = Navigation(pages=PAGES, links={"/": (Link("/b", 0.5, 20), Link("/cart", 0.9, 20))})
    built = build(RULES, targets="speculation", navigation=for_pages(known, RULES), unsupported="ignore")
    rules = json.loads(built["speculation-rules.json"])["prefetch"]
    assert [rule["eagerness"] for rule in rules].count("immediate") == 1
    assert "cart" not in built["speculation-rules.json"]
    text = build(RULES.speculation_rules(), site=True, navigation=for_pages(known, RULES))
    assert '"immediate"' in text["site/__edgio__/speculation-rules.json"]
