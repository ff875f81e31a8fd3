"""Support tables: names speak for what is inside them, and wrong ones are refused."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter.catalog import caching
from prefetchrouter.targets import FULL, Support, SupportTable, approximate, none
from prefetchrouter.targets.embedded import SUPPORT


@pytest.mark.parametrize(
    ("names", "level"),
    [
        ({}, "none"),
        ({"caching": FULL}, "full"),
        ({"caching": none(), "caching.cache_key": FULL}, "full"),
        ({"caching.cache_key": FULL, "caching.cache_key.include_cookies": none()}, "none"),
        ({"headers": FULL}, "none"),
    ],
)
def test_the_longest_name_that_matches_counts(names: dict[str, Support], level: str) -> None:
    """A section for its features, a feature for its options."""
    assert SupportTable(features=names).of("feature", "caching.cache_key.include_cookies").level == level


@pytest.mark.parametrize(
    ("named", "supported"),
    [
        ("request.path", {"request.path"}),
        ("request.path.*", {"request.path.extension"}),
        ("request.path.extension", {"request.path.extension"}),
        ("request.*", {"request.path"}),
        ("request.header.*", {"request.header.accept", "request.header.x.y"}),
        ("request.header.x.y", {"request.header.x.y"}),
        ("random.*", {"random.9"}),
    ],
)
def test_a_variable_speaks_for_itself_and_a_star_for_its_namespace(named: str, supported: set[str]) -> None:
    """Names of headers may have dots in them."""
    table = SupportTable(variables={named: FULL})
    names = (
        "request.path",
        "request.path.extension",
        "request.header.accept",
        "request.header.x.y",
        "random.9",
    )
    assert {name for name in names if table.of("variable", name).level == "full"} == supported


def test_what_is_not_named_is_as_the_table_says_otherwise() -> None:
    """Not supported, unless it says so."""
    assert SupportTable().of("operator", "=~").level == "none"
    assert SupportTable(otherwise=FULL).of("operator", "=~").level == "full"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"features": {"caching.max_agee": FULL}}, 'did you mean "caching.max_age"'),
        ({"features": {"cachng": FULL}}, '"cachng" is not a feature of rules'),
        ({"variables": {"request.pth": FULL}}, "is not a variable of rules"),
        ({"variables": {"request.header": FULL}}, 'did you mean "request.header.\\*"'),
        ({"operators": {"=": FULL}}, "is not an operator of rules"),
        ({"constructs": {"elsif": FULL}}, 'did you mean "el'),
    ],
)
def test_a_name_that_no_rule_can_use_is_refused(names: dict[str, Any], message: str) -> None:
    """A misspelled name would say nothing of the feature that was meant."""
    with pytest.raises(ValueError, match=message):
        SupportTable(**names)


def test_keys_of_the_catalogue_are_names() -> None:
    """So editors complete them."""
    assert SupportTable(features={caching.max_age: FULL}).of("feature", "caching.max_age") is FULL


def test_an_approximation_needs_its_sentence() -> None:
    """Users have to know where it differs."""
    with pytest.raises(ValueError, match="sentence"):
        approximate("")


def test_tables_can_speak_of_value_forms_and_edge_rules() -> None:
    """What no rule of a site names, but a target has to say."""
    table = SupportTable(
        value_forms={"%{...}": approximate("six of twelve forms")}, edge_rules={"E21": none("old pages stay")}
    )
    assert table.of("value form", "%{...}").level == "approximate"
    assert table.of("edge rule", "E21").note == "old pages stay"


def test_the_embedded_edge_names_every_feature() -> None:
    """One that is added is thought of here too, by `tests/edge/running/test_supported.py`."""
    assert not SUPPORT.supports_everything
    assert SupportTable(otherwise=FULL).supports_everything
