"""URLs of logs get the name of the rule that pages give them."""

from __future__ import annotations

import re

from prefetchrouter import CachingDict, Router
from prefetchrouter.measurement.rule_names import NamesOfBeacons, NamesOfRules

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "5m"}


def test_a_url_has_the_path_of_the_rule_that_decides_last() -> None:
    """As `ruleOf` of the page decides, so that counts of pages and bytes of logs are of one rule."""
    router = (
        Router()
        .get("/products/:id", caching=AGES)
        .get(["/", "/help"], caching=AGES)
        .get("/blog/:rest*", caching=AGES)
        .get("/blog/:slug", caching={"max_age": "1d"})
        .get(re.compile("^/v[0-9]+$"), caching=AGES)
        .get("/products/7", headers={"set_response_headers": {"x-a": "1"}})
    )
    names = NamesOfRules(router)
    targets = ["/products/7?edgio_dt_pf=1", "/help", "/blog/a", "/blog/a/b", "/v12", "/cart", "/a b"]
    assert [names.of(target) for target in targets] == [
        "/products/:id", "/help", "/blog/:slug", "/blog/:rest*", '=~ "^/v[0-9]+$"', "", "",
    ]  # fmt: skip
    assert re.search(r"test_rule_names\.py:\d+$", names.line("/products/:id"))
    assert names.line("/nothing") == ""


def test_without_a_routes_file_the_most_specific_path_of_the_beacons_is_taken() -> None:
    """Beacons name paths of rules, or other texts."""
    names = NamesOfBeacons(["/:path*", "/blog/:slug", "/((((", '=~ "^/v"', "", "(other)"])
    assert names.of("/blog/a?x=1") == "/blog/:slug"
    assert names.of("/else/where") == "/:path*"
    assert names.line("/blog/:slug") == ""
