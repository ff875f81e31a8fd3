"""The list of edge rules is that of the page, and every edge says something of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prefetchrouter.catalog import FEATURES
from prefetchrouter.lowering.phases import PHASES_OF
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.targets import FULL, SupportTable, embedded
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.registry import OURS, target_named
from prefetchrouter.targets.support import CONSTRUCTS, OPERATORS
from prefetchrouter.targets.value_forms import VALUE_FORMS, parent_of

PAGE = Path(__file__).parents[2] / "docs" / "edge-rules.md"
EDGES = {
    "embedded": embedded.SUPPORT,
    **{name: target_named(name).support for name in OURS if target_named(name).support.edge_rules},
}

SUPPORTED = {
    name for table in EDGES.values() for name in FEATURES if table.of("feature", name).level != "none"
}


@pytest.mark.parametrize("edge", [name for name in EDGES if name != "embedded"])
def test_a_feature_that_the_table_does_not_name_is_not_supported(edge: str) -> None:
    """A new feature is an error with the user's line; none is dropped in silence."""
    assert EDGES[edge].otherwise.level == "none"


def test_the_list_has_the_numbers_of_the_page() -> None:
    """In the same order."""
    assert list(EDGE_RULES) == re.findall(r"^- \*\*(E[0-9]+)\.\*\*", PAGE.read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("names", [{"E0": FULL}, {"E99": FULL}, {"e1": FULL}])
def test_a_number_that_is_not_in_the_list_is_refused(names: dict[str, object]) -> None:
    """A table that names it would say nothing."""
    with pytest.raises(ValueError, match="is not an edge rule of rules"):
        SupportTable(edge_rules=names)  # type: ignore[arg-type]


@pytest.mark.parametrize("edge", EDGES)
def test_every_edge_says_how_well_it_does_each_rule_and_each_form(edge: str) -> None:
    """Nothing is full because it was forgotten."""
    table = EDGES[edge]
    assert list(EDGE_RULES) == sorted(table.edge_rules, key=list(EDGE_RULES).index)
    lacking = [form for form in VALUE_FORMS if not {form, parent_of(form)} & set(table.value_forms)]
    assert lacking == []


@pytest.mark.parametrize("edge", [name for name in EDGES if name != "embedded"])
def test_every_edge_that_is_a_target_names_all_that_rules_can_use(edge: str) -> None:
    """Features, variables, operators and constructs; a feature that no edge has yet need not be named."""
    table = EDGES[edge]
    assert [name for name in sorted(PHASES_OF.keys() | SUPPORTED) if name not in table.features] == []
    assert [name for name in OPERATORS if name not in table.operators] == []
    assert [name for name in CONSTRUCTS if name not in table.constructs] == []
    names = {f"{spec.namespace}.{'*' if '<' in spec.name else spec.name}" for spec in all_variables()}
    lacking = [
        name
        for name in names
        if name not in table.variables and f"{name.rpartition('.')[0]}.*" not in table.variables
    ]
    assert lacking == []


@pytest.mark.parametrize("edge", EDGES)
def test_whatever_an_edge_does_not_do_in_full_has_a_sentence(edge: str) -> None:
    """The table of the documentation shows it."""
    table = EDGES[edge]
    several = table.features, table.variables, table.value_forms, table.edge_rules
    lacking = [
        name for each in several for name, found in each.items() if found.level != "full" and not found.note
    ]
    assert lacking == []


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("name", ["variable.arg_id", "variable.http_x_a", "request.cookie.a"])
def test_every_edge_knows_variables_that_contain_a_name(edge: str, name: str) -> None:
    """Their names are endless, and no table lists them."""
    assert EDGES[edge].of("variable", name).level == "full"
