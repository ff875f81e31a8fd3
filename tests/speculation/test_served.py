"""Where rules announce Speculation Rules, each edge serves the file, as the type that browsers want."""

from __future__ import annotations

import pytest

from prefetchrouter import Host, Hostname, Origin, Property, Router, build
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.speculation import rules_text, speculations_of
from prefetchrouter.targets.site_files import site_files

PATH = "/__edgio__/speculation-rules.json"


def pages() -> Router:
    return Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})


SITE = Property(
    hostnames=[Hostname(hostname="shop.example", default_origin_name="web")],
    origins=[Origin(name="web", hosts=[Host(location="origin.shop.example", scheme="http")])],
)
ANNOUNCED = pages().speculation_rules()


@pytest.mark.parametrize("target", ["worker", "varnish", "nginx"])
def test_each_target_serves_the_file(target: str) -> None:
    files = build(ANNOUNCED, SITE, targets=target).files
    assert any(PATH in file.text for file in files)
    assert any("application/speculationrules+json" in file.text for file in files)
    assert not any(PATH in file.text for file in build(pages(), SITE, targets=target).files)


def test_the_file_is_that_of_the_target_for_browsers() -> None:
    found = site_files(filter_rules(ANNOUNCED.rules), None)[PATH]
    assert found.text == rules_text(speculations_of(ANNOUNCED).found)
    assert found.text == build(ANNOUNCED, targets="speculation")["speculation-rules.json"]
    assert found.headers["cache-control"] == "no-cache"


def test_a_feature_of_it_announces_it_too() -> None:
    rules = pages().match("/x", speculation={"eagerness": "eager"})
    assert PATH in site_files(filter_rules(rules.rules), None)


def test_the_files_of_a_site_have_it_where_rules_announce_it() -> None:
    built = build(ANNOUNCED, targets="manifest", site=True)
    assert built[f"site{PATH}"] == rules_text(speculations_of(ANNOUNCED).found)
    assert f"site{PATH}" not in [file.path for file in build(pages(), targets="manifest", site=True).files]
