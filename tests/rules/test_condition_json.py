"""Conditions to and from the rule language: every operator, and every mistake by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from prefetchrouter.errors import ConditionError, RuleError
from prefetchrouter.rules.condition_json import condition_from_json, condition_to_json
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.rules.walk import comparisons
from strategies.rule_sets import hidden_tests, joined, listed_tests, part_tests

PATH = {"request": "path"}
HEIGHT = {"device": "resolution_height"}


@pytest.mark.parametrize(
    "condition",
    [
        {"===": [PATH, "/a"]},
        {"!==": [PATH, "/a"]},
        {"==": [PATH, "/a/:id"]},
        {"!=": [PATH, "/a/:id"]},
        {"=~": [PATH, "^/a"]},
        {"!~": [PATH, "^/a"]},
        {"in": [PATH, ["/a", 1, 2.5, True]]},
        {"not_in": [PATH, []]},
        {"<": [HEIGHT, 720]},
        {"<": [{"random": 99}, 10]},
        {"<=": [720, HEIGHT, 1080]},
        {"<": [1, HEIGHT, {"device": "resolution_width"}]},
        {">": [HEIGHT, "720"]},
        {">=": [HEIGHT, -1.5]},
        {"===": ["/a", PATH]},
        {"===": [PATH, {"request": "origin_path"}]},
        {"===": [PATH, 7]},
        {"===": [PATH, True]},
        {"=~": [{"response": "status_code"}, 404]},
        {"and": [{"===": [PATH, "/a"]}]},
        {"or": [{"and": [{"===": [PATH, "/a"]}, {"===": [PATH, "/b"]}]}, {"===": [PATH, "/c"]}]},
    ],
)
def test_a_condition_is_read_and_written_as_it_was(condition: Any) -> None:
    """Operators, operands and their order."""
    assert condition_to_json(condition_from_json(condition)) == condition


@given(joined(listed_tests | part_tests | hidden_tests))
def test_any_condition_is_read_and_written_as_it_was(condition: Any) -> None:
    """Random ones too; and they can be kept in a set."""
    found = condition_from_json(condition)
    assert condition_to_json(found) == condition
    assert len({found, condition_from_json(condition)}) == 1


@pytest.mark.parametrize("spec", all_variables(), ids=lambda spec: f"{spec.namespace}.{spec.name}")
def test_every_variable_takes_the_operators_that_are_documented(spec: Any) -> None:
    """And no other."""
    name = 9 if spec.name == "<max>" else spec.name.replace("<name>", "x")
    values = {"in": ["1"], "not_in": ["1"], "<": 1, "<=": 1, ">": 1, ">=": 1, "==": "/a", "!=": "/a"}
    for operator in ("===", "!==", "==", "!=", "=~", "!~", "in", "not_in", "<", "<=", ">", ">="):
        condition = {operator: [{spec.namespace: name}, values.get(operator, "1")]}
        if operator in spec.operators:
            assert condition_to_json(condition_from_json(condition)) == condition
        else:
            with pytest.raises(ConditionError, match="cannot be compared with"):
                condition_from_json(condition)


@pytest.mark.parametrize(
    "condition, message",
    [
        (None, "is not a condition"),
        ({}, "is not a condition"),
        ([], "is not a condition"),
        ("path", "is not a condition"),
        ({"===": [PATH, "a"], "==": [PATH, "a"]}, "is not a condition; expected one operator"),
        ({"=": [PATH, "a"]}, '"=" is not an operator; expected one of ===,'),
        ({"notin": [PATH, ["a"]]}, 'did you mean "not_in"?'),
        ({7: [PATH, "a"]}, "7 is not an operator"),
        ({"request": "path"}, "put a comparison around it"),
        ({"===": PATH}, "expected a list of 2 operands"),
        ({"===": [PATH]}, "expected a list of 2 operands"),
        ({"===": [PATH, "a", "b"]}, "expected a list of 2 operands"),
        ({"<": [1, HEIGHT, 2, 3]}, "expected a list of 2 or 3 operands"),
        ({">": [1, HEIGHT, 2]}, "expected a list of 2 operands"),
        ({"===": ["a", "b"]}, "does not name a variable"),
        ({"===": [PATH, None]}, "None cannot be compared"),
        ({"===": [PATH, [["a"]]]}, "cannot be compared"),
        ({"===": [PATH, b"a"]}, "cannot be compared"),
        ({"===": [PATH, ["a"]]}, "expected one value"),
        ({"in": [PATH, "a"]}, 'expected a list, such as ["/a", "/b"]'),
        ({"<": [HEIGHT, "tall"]}, "expected a number"),
        ({"<": [HEIGHT, True]}, "expected a number"),
        ({"<": [PATH, 1]}, 'request "path" cannot be compared with <'),
        ({"=~": [PATH, True]}, "expected a regular expression as text"),
        ({"=~": [PATH, 1.5]}, "expected a regular expression as text"),
        ({"===": [{}, "a"]}, "is not a variable"),
        ({"===": [{"request": "path", "device": "x"}, "a"]}, "is not a variable; expected one entry"),
        ({"===": [{"requst": "path"}, "a"]}, 'did you mean "request"?'),
        ({"===": [{"request": "pth"}, "a"]}, 'did you mean "path"?'),
        ({"===": [{"request": None}, "a"]}, "is not a known variable"),
        ({"===": [{"request": True}, "a"]}, "is not a known variable"),
        ({"<": [{"random": -1}, 1]}, "is not a known variable"),
        ({"and": []}, "a list of conditions, at least one"),
        ({"or": {"===": [PATH, "a"]}}, "a list of conditions, at least one"),
        ({"and": [{"===": [PATH, "a"]}, "b"]}, '"b" is not a condition'),
        ({"===": [PATH, float("nan")]}, "cannot be compared"),
        ({"in": [PATH, [float("inf")]]}, "cannot be compared"),
    ],
)
def test_every_mistake_is_named(condition: Any, message: str) -> None:
    """What was wrong, what was expected, and the likely cure."""
    with pytest.raises(ConditionError) as raised:
        condition_from_json(condition)
    assert raised.value.code == "condition"
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "condition, code", [({"==": [PATH, "/api/*"]}, "path-pattern"), ({"=~": [PATH, "("]}, "regex-syntax")]
)
def test_patterns_and_expressions_have_separate_errors(condition: Any, code: str) -> None:
    """Those that criteria have too."""
    with pytest.raises(RuleError) as raised:
        condition_from_json(condition)
    assert raised.value.code == code


def test_an_expression_that_was_read_needs_only_to_be_sound() -> None:
    """One that is written now must be portable too."""
    condition = {"=~": [PATH, "a++b"]}
    with pytest.raises(RuleError):
        condition_from_json(condition, lambda warning: None)


def test_warnings_are_reported_only_of_what_is_written_now() -> None:
    """A rule set that was read has been reported before."""
    told: list[str] = []
    condition_from_json({"or": [{"=~": [PATH, "(a+)+$"]}]}, lambda warning: told.append(warning.code))
    assert told == ["regex-backtracking"]


def test_nesting_has_an_end() -> None:
    """A hundred levels, and no crash for a million."""
    deep: Any = {"===": [PATH, "/a"]}
    for _ in range(100):
        deep = {"and": [deep]}
    assert condition_to_json(condition_from_json(deep)) == deep
    for _ in range(10_000):
        deep = {"or": [deep]}
    with pytest.raises(ConditionError, match="nested more than 100 deep"):
        condition_from_json(deep)


# The conditions themselves


def test_a_comparison_tells_its_variable_and_its_value() -> None:
    """Whichever stands first; the first of several."""
    test = condition_from_json({"<=": [720, HEIGHT, 1080]})
    assert isinstance(test, Comparison)
    assert (test.variable and test.variable.name, test.value) == ("resolution_height", 720)


def test_comparisons_of_a_condition_come_in_the_order_written() -> None:
    """From all levels."""
    found = condition_from_json(
        {"and": [{"===": [PATH, "a"]}, {"or": [{"===": [PATH, "b"]}, {"===": [PATH, "c"]}]}]}
    )
    assert isinstance(found, AllOf)
    assert isinstance(found.members[1], AnyOf)
    assert [test.value for test in comparisons(found)] == ["a", "b", "c"]
