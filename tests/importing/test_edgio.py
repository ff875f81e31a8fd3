"""A rule set as JSON, written as Python, compiles to the same JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importing.imported_routes import run
from prefetchrouter import Router, RuleSet, and_, exact, load
from prefetchrouter.errors import LoadError
from prefetchrouter.importing import Imported, read_files, routes_text
from prefetchrouter.importing.edgio import read_edgio

EXAMPLE = Path(__file__).parents[2] / "examples/routes.py"

ROUTERS = {
    "example": load(str(EXAMPLE)).rule_set,
    "forms": RuleSet(
        rules=(
            Router()
            .always(caching={"max_age": "1h"}, comment="all")
            .match("/p/:id", caching={"max_age": "1h"})
            .match(exact("/A"), response={"set_response_body": "a", "set_done": True})
            .match("/nested/:a", Router().match("/x", comment="x").if_("/y", comment="y").else_(comment="z"))
            .if_("/a", comment="a")
            .elif_(and_({"path": "/b"}, {"method": "GET"}), comment="b")
            .else_(comment="c")
        ).rules
    ),
}


@pytest.mark.parametrize("name", ROUTERS)
def test_the_written_file_compiles_to_the_same_rules(name: str) -> None:
    """With the property."""
    before = json.dumps(ROUTERS[name].to_json())
    imported, product = read_files([(Path("ruleset.json"), before)], None)
    assert product == "edgio"
    assert json.dumps(run(routes_text(imported, "Imported")).to_json()) == before


@pytest.mark.parametrize("text", ["{", "1", '[{"if": []}]', '[{"caching": {"max_age": "1hr"}}]'])
def test_what_is_not_a_rule_set_is_an_error(text: str) -> None:
    """With the file."""
    with pytest.raises(LoadError, match=r"rules\.json"):
        read_edgio(text, "rules.json", Imported())
