"""The text of ruleset.json."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from prefetchrouter import Property
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.ruleset.printing import document_text
from strategies.rule_sets import rule_lists


def test_the_text_of_a_rule_set_has_one_rule_a_line() -> None:
    """So that a change of one rule is a change of one line."""
    rules = RuleSet.from_json([{"comment": "a"}, {"comment": "b"}]).rules
    text = document_text(RuleSet(rules=rules, property=Property(name="shop")))
    assert text == '{\n"name": "shop",\n"rules": [\n{"comment": "a"},\n{"comment": "b"}\n]\n}\n'
    assert document_text(RuleSet(rules=())) == '{\n"rules": []\n}\n'


@given(rule_lists())
def test_the_text_says_what_the_plain_data_says(raw: list[Any]) -> None:
    """Rules are written as text at once, in the very form that `RuleSet.to_json` has."""
    rule_set = RuleSet.from_json(raw, "raw")
    document = rule_set.to_json("exported")
    assert json.loads(document_text(rule_set)) == document
    for line, rule in zip(document_text(rule_set).splitlines()[2:], document["rules"], strict=False):
        assert line.removesuffix(",") == json.dumps(rule)
