"""Policies side by side, longer lifetimes, and the report."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from navigation.log_samples import FORMATS, shop_visits
from prefetchrouter import Router
from prefetchrouter.navigation.learned_site import RuleSite
from prefetchrouter.navigation.learning import learn_visits
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.reading import TrafficReader
from prefetchrouter.navigation.visits import visits_of
from prefetchrouter.simulation import Simulation, SiteFacts, simulate, split
from prefetchrouter.simulation.frontier_picture import frontier_svg
from prefetchrouter.simulation.path_globs import PathGlob
from prefetchrouter.simulation.simulation_text import (
    COLUMNS,
    simulation_data,
    simulation_markdown,
    simulation_text,
)

RULES = (
    Router()
    .get("/", caching={"max_age": "1h", "service_worker_max_age": "5m"})
    .get("/products/:id", caching={"max_age": "1m", "service_worker_max_age": "5m"})
    .get("/help", caching={"max_age": "1h", "service_worker_max_age": "5m"})
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    log = tmp_path_factory.mktemp("logs") / "access.log"
    log.write_text("\n".join(FORMATS["combined"](shop_visits(200))) + "\n")
    return simulated(log, SiteFacts(RULES))


def simulated(log: Path, facts: SiteFacts) -> Simulation:
    site = RuleSite(RULES)
    reader = TrafficReader(site, ["shop.example"])
    reader.read(log, None)
    traffic = reader.traffic()
    earlier, later = split(visits_of(traffic))
    navigation = learn_visits(list(earlier), traffic, site, LearnSettings()).navigation
    return simulate(earlier, later, facts, navigation)


def test_without_prefetching_nothing_is_instant(shop: Simulation) -> None:
    assert (shop.rows[0].name, shop.rows[0].outcome.instant, shop.rows[0].outcome.prefetches) == (
        "no prefetch", 0, 0,
    )  # fmt: skip


def test_what_was_learned_prefetches_less_than_every_link(shop: Simulation) -> None:
    assert 0 < shop.proposal.outcome.prefetches <= shop.today.outcome.prefetches
    assert 0 < shop.proposal.outcome.instant <= shop.today.outcome.instant


def test_rules_that_would_gain_are_named_by_their_lines_the_best_first(shop: Simulation) -> None:
    lines = {SiteFacts(RULES).of(page).line for page in ("/", "/products/7", "/help")}
    assert {gain.line for gain in shop.gains} <= lines
    gained = [(gain.more_instant, gain.fewer_origin_requests) for gain in shop.gains]
    assert gained == sorted(gained, reverse=True)
    assert all(instant > 0 or requests > 0 for instant, requests in gained)
    assert gained


def test_the_frontier_rises(shop: Simulation) -> None:
    costs = [point.per_view for point in shop.frontier]
    assert costs == sorted(costs)


def test_each_report_has_every_policy(shop: Simulation) -> None:
    text, markdown = simulation_text([("routes.py", shop)]), simulation_markdown([("routes.py", shop)])
    for row in shop.rows:
        assert row.name in text
    assert markdown.startswith(f"| rules | {' | '.join(COLUMNS)} |")
    assert [policy["name"] for policy in simulation_data([("a", shop)])[0]["policies"]] == [
        row.name for row in shop.rows
    ]


def test_the_picture_is_valid_and_shows_both_marks(shop: Simulation) -> None:
    picture = ET.fromstring(frontier_svg(shop))
    shapes = [element.tag.rpartition("}")[2] for element in picture.iter()]
    assert shapes.count("circle") == 1
    assert shapes.count("polyline") == 1
    assert frontier_svg(shop) == frontier_svg(shop)


def test_a_lifetime_of_the_command_replaces_that_of_the_rules() -> None:
    facts = SiteFacts(RULES, {PathGlob("/products/*"): 86400.0})
    assert facts.of("/products/7").max_age == 86400
    assert facts.of("/products/7").line == "--max-age /products/*"
    assert facts.of("/").max_age == 3600


def test_without_rules_a_lifetime_makes_pages_prefetchable() -> None:
    facts = SiteFacts(max_age={PathGlob("/blog/*"): 60.0})
    assert facts.of("/blog/a")[:3] == (60.0, 60.0, True)
    assert not facts.of("/cart").is_prefetchable


def test_one_line_is_lengthened_and_no_other() -> None:
    facts = SiteFacts(RULES)
    line = facts.of("/products/7").line
    longer = facts.lengthened(2.0, line)
    assert (longer.of("/products/7").max_age, longer.of("/").max_age) == (120, 3600)
    assert facts.of("/products/7").max_age == 60


def test_many_stars_in_a_path_cost_no_time() -> None:
    assert not PathGlob("/" + "*" * 200 + "x").matches("/" + "a" * 5000)
