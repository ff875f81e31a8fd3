"""Every recorded program gives exactly the rules that the JavaScript router exports for it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.corpus import lines
from conformance.replay import replay
from prefetchrouter import RuleSet, compile_rules

PROGRAMS = lines("programs.jsonl")


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_a_program_compiles_to_its_rules(record: Any) -> None:
    """The compiled list equals the recorded one, order of list elements included."""
    assert compile_rules(replay(record["program"])) == record["rules"]


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_exported_rules_load_and_give_the_same_json_back(record: Any) -> None:
    """Reading an exported rule set and writing it again changes nothing."""
    assert RuleSet.from_json({"rules": record["rules"]}, "exported").to_json() == {"rules": record["rules"]}
