"""Tests of a part of the path become equal tests of the whole path, or are not listed at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, RuleSet, evaluate
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.browser_view.path_parts import as_path_test
from prefetchrouter.rules.condition_json import condition_from_json, condition_to_json
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.rule_json import rule_to_json
from strategies.paths import urls
from strategies.rule_sets import part_tests

FEATURES = {"caching": {"max_age": "1h", "service_worker_max_age": "1h"}}


def path_test(operator: str, part: str, value: Any) -> Any:
    """The test of the path for a test of a part, or None."""
    test = condition_from_json({operator: [{"request.path": part}, value]})
    assert isinstance(test, Comparison)
    found = as_path_test(test)
    return None if found is None else condition_to_json(found)


def regex(text: str, operator: str = "=~") -> Any:
    return {operator: [{"request": "path"}, text]}


@pytest.mark.parametrize(
    "part, value, expected",
    [
        ("extension", "json", regex("[.]json$")),
        ("extension", ".json", regex("[.]json$")),
        ("extension", "a+b", regex(r"[.]a\+b$")),
        ("filename", "a.json", regex(r"/a\.json$")),
        ("filename", "", regex("/$")),
        ("directory", "/pages/", regex("^/pages/[^/]*$")),
        ("directory", "/pages", regex("^/pages/[^/]*$")),
        ("directory", "/", regex("^/[^/]*$")),
        ("directory", "/a.b/", regex(r"^/a\.b/[^/]*$")),
    ],
)
def test_a_part_that_equals_a_value_is_an_expression_on_the_path(
    part: str, value: str, expected: Any
) -> None:
    """The extension with or without its dot, the directory with or without its slash."""
    assert path_test("===", part, value) == expected
    assert path_test("!==", part, value) == regex(expected["=~"][1], "!~")


@pytest.mark.parametrize(
    "part, values, expected",
    [("extension", ["jpg", ".png"], "[.](?:jpg|png)$"), ("extension", ["jpg"], "[.]jpg$")],
)
def test_a_list_is_an_alternative(part: str, values: list[str], expected: str) -> None:
    """One entry stands alone."""
    assert path_test("in", part, values) == regex(expected)
    assert path_test("not_in", part, values) == regex(expected, "!~")


@pytest.mark.parametrize(
    "operator, part, value",
    [
        ("===", "extension", "a/b"),
        ("===", "extension", "tar.gz"),
        ("===", "filename", "a/b"),
        ("in", "extension", []),
        ("in", "extension", ["a/b", "tar.gz"]),
    ],
)
def test_a_value_that_no_path_has_is_never_true(operator: str, part: str, value: Any) -> None:
    """Its opposite always is; neither shows the value."""
    negated = {"===": "!==", "in": "not_in"}[operator]
    assert path_test(operator, part, value) == {"in": [{"request": "path"}, []]}
    assert path_test(negated, part, value) == {"not_in": [{"request": "path"}, []]}


@pytest.mark.parametrize(
    "source, expected",
    [
        ("^index", "/(?=[^/]*$)(?:index)"),
        ("index", "/(?=[^/]*$).*?(?:index)"),
        ("(?i)^a|b", None),
        ("a|b", "/(?=[^/]*$).*?(?:a|b)"),
        ("(?i)[.]html$", "(?i)/(?=[^/]*$).*?(?:[.]html$)"),
        ("a^", None),
        (r"\^a", r"/(?=[^/]*$).*?(?:\^a)"),
        ("[^a]", "/(?=[^/]*$).*?(?:[^a])"),
    ],
)
def test_an_expression_on_the_file_name_searches_the_last_segment_only(source: str, expected: Any) -> None:
    """Where an anchor stands in its way, the condition is not listed."""
    assert path_test("=~", "filename", source) == (expected and regex(expected))


@pytest.mark.parametrize(
    "operator, part, value",
    [("===", "extension", ""), ("in", "extension", ["", "a"]), ("!==", "extension", ".")],
)
def test_no_extension_at_all_cannot_be_said(operator: str, part: str, value: Any) -> None:
    """The rule is reported as listed without it."""
    assert path_test(operator, part, value) is None


@given(part_tests, urls())
def test_the_test_of_the_path_is_equal_to_that_of_the_part(test: Any, url: str) -> None:
    """For every URL, decided by `evaluate`."""
    rule_set = RuleSet.from_json([{"if": [test, FEATURES]}], "raw")
    (filtered,) = filter_rules(rule_set.rules)
    assert filtered.listed is not None
    assert "request.path" not in str(rule_to_json(filtered.listed))
    listed = RuleSet(rules=(filtered.listed,))
    assert evaluate(listed, Request(url)).prefetchable == evaluate(rule_set, Request(url)).prefetchable


@given(
    st.sampled_from(
        ["^a", "a", "a$", "^a[.]json$", "(?i)A", "x|json", "[.]", "^$", "^[^.]*$", r"\d", "^.$", "(a)(.)?"]
    ),
    st.sampled_from(["=~", "!~"]),
    urls(),
)
def test_an_expression_on_the_file_name_is_equal_to_that_on_the_path(
    source: str, operator: str, url: str
) -> None:
    """The same, for expressions; here both are run by Python."""
    found = path_test(operator, "filename", source)
    path = url.partition("?")[0]
    name = path.rpartition("/")[2]
    assert bool(re.search(found[operator][1], path)) == bool(re.search(source, name))
