"""Rules to and from JSON: features, chains and lists, in both forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prefetchrouter import Source
from prefetchrouter.errors import FeatureError, RuleError, RuleSetError
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.rule_json import Form, decoded_body, rule_from_json, rule_to_json

FORMS: tuple[Form, ...] = ("exported", "raw")
A: dict[str, Any] = {"==": [{"request": "path"}, "/a"]}
B: dict[str, Any] = {"===": [{"request": "method"}, "GET"]}


@pytest.mark.parametrize(
    "data, kind",
    [
        ({}, Apply),
        ({"comment": "x"}, Apply),
        ({"if": [A, {}]}, Chain),
        ({"if": [A, {}, {}]}, Chain),
        ({"if": [A, {}, B, {"comment": "b"}, [{}, {"if": [A, []]}]]}, Chain),
        ({"if": [A, {}], "comment": "why"}, Chain),
        ([], Group),
        ([{}, [{}, {"if": [A, {}]}]], Group),
    ],
)
def test_every_shape_of_a_rule_is_read_and_written_as_it_was(data: Any, kind: type[Rule]) -> None:
    """In both forms, where these are the same."""
    for form in FORMS:
        rule = rule_from_json(data, form)
        assert isinstance(rule, kind)
        assert json.dumps(rule_to_json(rule, form)) == json.dumps(data)


def test_an_odd_last_element_is_the_else() -> None:
    """Conditions and rules take turns before it."""
    rule = rule_from_json({"if": [A, {"comment": "a"}, B, {"comment": "b"}, {"comment": "else"}]})
    assert isinstance(rule, Chain)
    assert [rule_to_json(branch.rule) for branch in rule.branches] == [{"comment": "a"}, {"comment": "b"}]
    assert rule.otherwise is not None
    assert rule_to_json(rule.otherwise) == {"comment": "else"}


def test_tuples_are_lists() -> None:
    """What people write in Python may hold either."""
    assert rule_to_json(rule_from_json({"if": (A, ({}, {}))})) == {"if": [A, [{}, {}]]}


def test_every_part_gets_the_source() -> None:
    """The line of the call that gave the JSON."""
    source = Source("routes.py", 3)
    rule = rule_from_json({"if": [A, [{}], {}]}, source=source)
    assert isinstance(rule, Chain)
    (branch,) = rule.branches
    assert rule.otherwise is not None
    assert {rule.source, branch.source, branch.rule.source, rule.otherwise.source} == {source}


EXPORTED: Any = {
    "caching": {"max_age": {"200": "1h", "404": "1h"}, "cacheable_status_codes": [404]},
    "response": {"set_response_body": "d8O2cmxk"},
    "edge_function": {"js_path": "a.js", "version": 2},
}
RAW: Any = {
    "caching": {"max_age": "1h", "cacheable_status_codes": [404]},
    "response": {"set_response_body": "wörld"},
    "edge_function": "a.js",
}


def test_the_raw_form_is_exported_in_three_features() -> None:
    """Each has its own form for an edge."""
    assert rule_to_json(rule_from_json(RAW, "raw"), "exported") == EXPORTED


def test_an_exported_body_is_its_text_again_in_raw_form() -> None:
    """The other two stay as an edge takes them."""
    assert rule_to_json(rule_from_json(EXPORTED, "exported"), "raw") == {
        **EXPORTED,
        "response": {"set_response_body": "wörld"},
    }


@pytest.mark.parametrize(
    "value, text",
    [
        ("", ""),
        ("aGk=", "hi"),
        ("aGk", None),
        ("aGk=\n", None),
        (" aGk=", None),
        ("aGl=", None),
        ("hello", None),
        ("/w==", None),
        ("é", None),
        (None, None),
        (7, None),
        (b"aGk=", None),
    ],
)
def test_a_body_is_decoded_only_when_it_would_be_encoded_the_same(value: Any, text: str | None) -> None:
    """Otherwise reading and writing would change it."""
    assert decoded_body(value) == text


def test_a_body_that_is_not_base64_is_refused_in_the_exported_form() -> None:
    """With the way to read it."""
    with pytest.raises(RuleSetError, match=r'expected base64 of UTF-8 text.*form="raw"'):
        rule_from_json({"response": {"set_response_body": "hello!"}}, "exported")


@pytest.mark.parametrize("data", [None, 7, "x", True, 1.5, {1, 2}, object()])
def test_what_is_not_a_rule_is_refused(data: Any) -> None:
    """Features, a chain, or a list of these."""
    with pytest.raises(RuleSetError, match="is not a rule"):
        rule_from_json(data)


@pytest.mark.parametrize(
    "data, message",
    [
        ({"if": []}, "a list: condition, rule, and so on"),
        ({"if": [A]}, "a list: condition, rule, and so on"),
        ({"if": {"==": 1}}, "a list: condition, rule, and so on"),
        ({"if": [A, {}], "else": {}}, '"else" stands beside "if"'),
        ({"if": [A, {}], "coment": "x"}, 'did you mean "comment"?'),
        ({"if": [A, {}], "comment": 7}, '"comment": 7; expected text'),
        ({"if": [A, {}], 7: "x"}, '7 stands beside "if"'),
        ({"if": [A, 7]}, "7 is not a rule"),
        ({"if": [A, {}, 7]}, "7 is not a rule"),
        ({"if": [{}, {}]}, "is not a condition"),
    ],
)
def test_a_chain_that_does_not_hold_together_is_refused(data: Any, message: str) -> None:
    """With what is wrong about it."""
    with pytest.raises(RuleError) as raised:
        rule_from_json(data)
    assert message in str(raised.value)


def test_wrong_features_are_feature_errors() -> None:
    """The checks are those of every features mapping."""
    with pytest.raises(FeatureError, match="did you mean"):
        rule_from_json({"if": [A, {"cachng": {}}]})


@pytest.mark.parametrize("wrap", [lambda rule: [rule], lambda rule: {"if": [A, rule]}])
def test_nesting_has_an_end(wrap: Any) -> None:
    """A hundred levels are more than anybody wrote; a million must not crash."""
    deep: Any = {}
    for _ in range(100):
        deep = wrap(deep)
    assert rule_to_json(rule_from_json(deep)) == deep
    for _ in range(10_000):
        deep = wrap(deep)
    with pytest.raises(RuleSetError, match="rules are nested more than 100 deep"):
        rule_from_json(deep)
