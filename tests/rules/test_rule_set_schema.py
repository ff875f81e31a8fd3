"""The JSON Schema of rule sets accepts what we write, and refuses only what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from prefetchrouter import RuleSet
from prefetchrouter.authoring.loader import load
from prefetchrouter.errors import RuleError
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.rule_set_schema import rule_set_schema
from strategies.programs import Program, programs, run

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(rule_set_schema())
RULES = sorted(path for path in (ROOT / "examples").rglob("routes.py"))


def problems(document: Any) -> list[str]:
    """What is wrong with a document."""
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(rule_set_schema())
    assert json.loads(json.dumps(rule_set_schema())) == rule_set_schema()


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_it_accepts_the_rule_sets_of_the_examples(path: Path) -> None:
    document = load(path).rule_set.to_json()
    document["rules"] = document["rules"][:50] + document["rules"][-50:]
    assert problems(document) == []


@given(programs())
def test_it_accepts_random_rules_in_both_forms(program: Program) -> None:
    rule_set = RuleSet(rules=run(program).rules)
    assert problems(rule_set.to_json("exported")) == []
    assert problems(rule_set.to_json("raw")) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"cachng": {"max_age": "1h"}},
        {"caching": {"max_agee": "1h"}},
        {"caching": {"bypass_cache": "yes"}},
        {"caching": {"cache_control_header_treatment": "keep"}},
        {"url": {"url_redirect": {"code": 301}}} | {"urls": {}},
        {"if": [{"====": [{"request": "path"}, "/a"]}, {}]},
        {"if": [{"===": [{"reqest": "path"}, "/a"]}, {}]},
        {"if": [{"===": [{"request": "path"}]}, {}]},
        {"if": [{"and": []}, {}]},
        {"if": []},
        "rule",
    ],
)
def test_what_it_refuses_cannot_be_read(rule: Any) -> None:
    assert problems({"rules": [rule]})
    with pytest.raises(RuleError):
        RuleSet.from_json({"rules": [rule]})


def test_each_feature_has_a_description() -> None:
    schema = rule_set_schema()
    described = schema["$defs"]["rule"]["anyOf"][1]["properties"]
    assert set(described) == set(Features.model_fields)
    assert all(
        found["description"]
        for name, section in schema["$defs"].items()
        if name.endswith("Features")
        for found in section["properties"].values()
    )
