"""`RuleSet`: JSON in, the same JSON out; what stands around the rules; everything that is not a rule set."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from prefetchrouter import Router, RuleSet
from prefetchrouter.errors import PropertyError, RuleError, RuleSetError
from prefetchrouter.rules.rule_set import form_of
from strategies.effort import times
from strategies.rule_sets import rule_lists

RULES: list[Any] = [{"caching": {"max_age": {"200": "1h"}}}, {"comment": "b"}]
SITE: dict[str, Any] = {
    "name": "shop",
    "origins": [
        {
            "name": "web",
            "hosts": [{"location": [{"hostname": "a.example", "port": 8080}], "scheme": "http"}],
            "shields": {"us_east": "DCD"},
        }
    ],
    "hostnames": [{"hostname": "www.a.example", "default_origin_name": "web"}],
}


@pytest.mark.parametrize(
    "document",
    [RULES, {"rules": RULES}, json.dumps({"rules": RULES}), json.dumps(RULES), json.dumps(RULES).encode()],
)
def test_text_bytes_data_and_a_bare_list_are_rule_sets(document: Any) -> None:
    """The document around the list may be missing."""
    assert RuleSet.from_json(document).to_json() == {"rules": RULES}


def test_what_stands_around_the_rules_is_kept() -> None:
    """Name, origins and hostnames, in the order written."""
    document = {**SITE, "rules": RULES}
    assert json.dumps(RuleSet.from_json(document).to_json()) == json.dumps(document)


@pytest.mark.parametrize("part", ["name", "origins", "hostnames"])
def test_each_part_around_the_rules_may_be_missing(part: str) -> None:
    """Only what was given is there."""
    document = {key: value for key, value in {**SITE, "rules": RULES}.items() if key != part}
    assert RuleSet.from_json(document).to_json() == document


def test_a_short_form_around_the_rules_is_written_in_full() -> None:
    """An edge takes only the long one."""
    found = RuleSet.from_json({"origins": [{"name": "web", "hosts": ["a.example"]}], "rules": []})
    assert found.to_json()["origins"] == [{"name": "web", "hosts": [{"location": "a.example"}]}]


def test_rules_in_a_rule_set_are_frozen() -> None:
    """They stay what they were."""
    rule_set = RuleSet.from_json(RULES)
    with pytest.raises(AttributeError, match="cannot assign"):
        rule_set.rules = ()  # type: ignore[misc]


def test_rule_sets_of_equal_rules_are_equal() -> None:
    """And can be kept in a set."""
    assert len({RuleSet.from_json(RULES), RuleSet.from_json(json.dumps(RULES))}) == 1


# Exported and raw


@pytest.mark.parametrize(
    "features, form",
    [
        ({"caching": {"max_age": "1h"}}, "raw"),
        ({"caching": {"max_age": {"200": "1h"}}}, "exported"),
        ({"edge_function": "a.js"}, "raw"),
        ({"edge_function": {"js_path": "a.js", "version": 2}}, "exported"),
        ({"response": {"set_response_body": "hello!"}}, "raw"),
        ({"response": {"set_response_body": "aGk="}}, "exported"),
        ({"response": {"set_response_body": "/w=="}}, "raw"),
        ({"comment": "x"}, "exported"),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        lambda features: features,
        lambda features: [{}, features],
        lambda features: {"if": [{"==": [{"request": "path"}, "/a"]}, features]},
        lambda features: {"if": [{"==": [{"request": "path"}, "/a"]}, [{}, {"if": [{}, {}, features]}]]},
    ],
)
def test_the_form_is_found_out_from_the_rules(features: Any, form: str, place: Any) -> None:
    """Raw is what no edge would take; wherever it stands."""
    assert form_of([{}, place(features)]) == form


def test_a_form_that_is_given_counts() -> None:
    """A raw body may look like base64."""
    rules: Any = [{"response": {"set_response_body": "hi42"}}]
    assert RuleSet.from_json(rules, "raw").to_json("exported") == {
        "rules": [{"response": {"set_response_body": "aGk0Mg=="}}]
    }
    assert RuleSet.from_json(rules, "raw").to_json() == {"rules": rules}


def test_a_router_and_its_rule_set_hold_the_same_rules() -> None:
    """A rule set can be made of a router's."""
    router = Router().match("/a", caching={"max_age": "1h"})
    assert RuleSet(rules=router.rules, form="raw").to_json() == {
        "rules": [{"if": [{"==": [{"request": "path"}, "/a"]}, {"caching": {"max_age": "1h"}}]}]
    }


@given(rule_lists())
@times(3)
def test_any_rule_set_gives_its_json_back(rules: Any) -> None:
    """Raw as it was written; exported, it is read to the same again."""
    text = json.dumps({"rules": rules})
    found = RuleSet.from_json(text, "raw")
    assert json.dumps(found.to_json()) == text
    exported = found.to_json("exported")
    assert RuleSet.from_json(json.dumps(exported), "exported").to_json() == exported


# What is not a rule set


@pytest.mark.parametrize(
    "document",
    [
        None, 7, {}, {"rules": None}, {"rules": {}}, {"rules": "x"}, {"rule": []}, {"rules": [], "extra": 1},
        {"rules": [7]}, {"rules": [{"if": []}]}, ["x"], "", "{", "[1,]", "nul", '{"rules": [}',
        "[" * 100_000, "1" * 10_000, '"x"', b"\xff{}", b"7", '{"rules": [{"if": [1, 2]}]}', [{"if": [{}]}],
    ],
)  # fmt: skip
def test_what_is_not_a_rule_set_is_refused(document: Any) -> None:
    """With a code, and never another exception."""
    with pytest.raises(RuleSetError) as raised:
        RuleSet.from_json(document)
    assert raised.value.code in ("rule-set", "condition")


@pytest.mark.parametrize(
    "document, message",
    [
        ('{"rules": [\n{,}]}', "line 2, column 2"),
        ({"rulez": []}, "is not a rule set"),
        ({"rules": [], "hostname": []}, 'did you mean "hostnames"?'),
        ({"rules": [{}, {"cachng": {}}]}, 'rules[1]: "cachng" is not'),
        ({"rules": [{"if": [{"==": [{"request": "pth"}, "/"]}, {}]}]}, 'rules[0]: request: "pth" is not'),
    ],
)
def test_the_error_says_where(document: Any, message: str) -> None:
    """The line of the text, or the number of the rule."""
    with pytest.raises(RuleSetError) as raised:
        RuleSet.from_json(document)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "text, name", [('{"rules": [], "rules": []}', "rules"), ('[{"comment": "a", "b": 1, "b": 2}]', "b")]
)
def test_a_name_that_is_there_twice_is_reported(text: str, name: str) -> None:
    """Taking the last one would lose rules without a word."""
    with pytest.raises(RuleSetError) as raised:
        RuleSet.from_json(text)
    assert raised.value.diagnostics[0].message == f'"{name}" appears twice in one object'


@pytest.mark.parametrize(
    "use",
    [lambda: RuleSet.from_json([], "foo"), lambda: RuleSet.from_json([]).to_json("foo")],  # type: ignore[arg-type]
)
def test_an_unknown_form_is_reported(use: Callable[[], object]) -> None:
    """Both where rules are read and where they are written."""
    with pytest.raises(RuleSetError, match='"foo" is not a form of rules; expected "exported" or "raw"'):
        use()


def test_every_wrong_rule_is_reported() -> None:
    """With its number."""
    with pytest.raises(RuleSetError) as raised:
        RuleSet.from_json([{"cachng": {}}, {}, {"caching": {"max_age": "1hr"}}, 7])
    assert [found.text.partition(":")[0] for found in raised.value.diagnostics] == [
        "rules[0]",
        "rules[2].caching.max_age",
        "rules[3]",
    ]


@pytest.mark.parametrize(
    "around", [{"origins": [{"name": "a b"}]}, {"hostnames": []}, {"hostnames": ["-"]}, {"name": 7}]
)
def test_what_is_wrong_around_the_rules_is_reported_as_in_python(around: Any) -> None:
    """By the same checks."""
    with pytest.raises(PropertyError):
        RuleSet.from_json({**around, "rules": []})


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 4000])
def test_numbers_that_json_has_no_form_for_are_refused(constant: str) -> None:
    """They could not be written again."""
    with pytest.raises(RuleError):
        RuleSet.from_json('[{"if": [{"===": [{"request": "path"}, %s]}, {}]}]' % constant)  # noqa: UP031
