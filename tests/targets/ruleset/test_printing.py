"""The text of ruleset.json."""

from __future__ import annotations

from prefetchrouter.targets.ruleset.printing import json_text


def test_the_text_of_a_rule_set_has_one_rule_a_line() -> None:
    """So that a change of one rule is a change of one line."""
    text = json_text({"name": "shop", "rules": [{"comment": "a"}, {"comment": "b"}]})
    assert text == '{\n"name": "shop",\n"rules": [\n{"comment": "a"},\n{"comment": "b"}\n]\n}\n'
    assert json_text({"rules": []}) == '{\n"rules": []\n}\n'
