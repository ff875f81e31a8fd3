"""What must hold of every manifest, on random rule sets: section by section of docs/manifest.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.corpus import lines
from prefetchrouter import Request, RuleSet, build, compile_rules, evaluate
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.browser_view.filter import LISTED_FEATURES
from prefetchrouter.likely_mistakes.markers import MARKER
from prefetchrouter.rules.variables import lookup
from strategies.effort import times
from strategies.paths import urls
from strategies.programs import Program, programs, run
from strategies.rule_sets import SECRET_NAMES, hidden_tests, listed_tests, part_tests, rule_lists

unsupported = st.sampled_from(["ignore", "drop"])
SECRETS = re.compile("|".join([*SECRET_NAMES, "777s", "778m", MARKER, "Rome"]))
CORPUS = lines("client-decisions.jsonl")


def manifest(rules: Any, how: Any = "ignore") -> str:
    """The text of cache-manifest.js for rules in the rule language."""
    return build(RuleSet.from_json(rules, "raw"), unsupported_conditions=how)["cache-manifest.js"]


def document(text: str) -> Any:
    """What the script assigns."""
    found = re.fullmatch(r"self\.__EDGIO_CACHE_MANIFEST__=(\{.*\});\n", text)
    assert found, text
    return json.loads(found[1])


def parts(value: Any) -> Iterator[Any]:
    """Every object and list in a value, the value itself too."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from parts(part)


# Equivalence


@given(rule_lists(listed_tests | part_tests, hidden=False), st.lists(urls(), min_size=1, max_size=8))
@times(3)
def test_manifest_and_rules_agree_on_every_url(rules: Any, asked: list[str]) -> None:
    """For rules whose conditions are all listed and whose comments hide nothing."""
    full = RuleSet.from_json(rules, "raw")
    listed = RuleSet.from_json(document(manifest(rules)))
    for url in asked:
        assert evaluate(listed, Request(url)).prefetchable == evaluate(full, Request(url)).prefetchable, url


@given(rule_lists(), urls())
def test_evaluate_reads_the_manifest_that_is_built(rules: Any, url: str) -> None:
    """`evaluate_in_browser` is what the file says."""
    listed = RuleSet.from_json(document(manifest(rules)))
    decision = evaluate_in_browser(RuleSet.from_json(rules, "raw"), Request(url))
    assert evaluate(listed, Request(url)).prefetchable == decision.prefetchable


# Privacy


@given(rule_lists(), unsupported)
@times(3)
def test_nothing_hidden_occurs_in_the_manifest(rules: Any, how: Any) -> None:
    """No string of a removed condition, removed feature, hidden rule, origin, header or comment."""
    assert not SECRETS.search(manifest(rules, how))


@given(rule_lists(hidden_tests))
def test_of_rules_with_hidden_conditions_only_the_unconditional_are_listed(rules: Any) -> None:
    """A rule that is left without condition would speak for every URL."""
    assert all("if" not in part for part in parts(document(manifest(rules))) if isinstance(part, dict))


@given(rule_lists(), unsupported)
def test_only_listed_variables_and_features_occur(rules: Any, how: Any) -> None:
    """Everything else has no name there."""
    listed = document(manifest(rules, how))
    names = {name for part in parts(listed) if isinstance(part, dict) for name in part}
    namespaces = {name for name in names if name.startswith(("request", "location", "device", "response"))}
    assert namespaces <= {"request", "request.origin_query"}
    for part in parts(listed):
        if isinstance(part, dict) and "request" in part:
            spec = lookup("request", part["request"])
            assert spec is not None
            assert spec.in_manifest
        if isinstance(part, dict) and "caching" in part:
            assert set(part) == {"caching"}
            assert len(part["caching"]) > 0
            assert {f"caching.{name}" for name in part["caching"]} <= set(LISTED_FEATURES)


# Idempotence


@given(rule_lists(), unsupported)
@times(3)
def test_filtering_a_filtered_set_changes_nothing(rules: Any, how: Any) -> None:
    """To the byte."""
    once = manifest(rules, how)
    assert manifest(document(once)["rules"], how) == once


@pytest.mark.parametrize("number", range(0, len(CORPUS), 7))
def test_rules_in_the_manifests_own_terms_stay_as_they_are(number: int) -> None:
    """Those that were made for the published client."""
    rules = CORPUS[number]["rules"]
    assert document(manifest(rules))["rules"] == compile_rules(RuleSet.from_json(rules))


# Monotony


def leaves(value: Any) -> Iterator[str]:
    """The keys and values of a document, in the order printed."""
    match value:
        case dict():
            for name, part in value.items():
                yield name
                yield from leaves(part)
        case list():
            for part in value:
                yield from leaves(part)
        case _:
            yield json.dumps(value)


def is_left_of(some: Iterator[str], all_: Iterator[str]) -> bool:
    """Whether removing elements from the second gives the first."""
    return all(any(wanted == there for there in all_) for wanted in some)


@given(rule_lists(hidden=False), st.data(), unsupported)
@times(3)
def test_adding_the_marker_only_removes(rules: Any, data: st.DataObject, how: Any) -> None:
    """Wherever it is added, nothing that was not there before is there afterwards."""
    marked = deepcopy(rules)
    features = [part for part in parts(marked) if isinstance(part, dict) and _is_features(part)]
    if features:
        data.draw(st.sampled_from(features))["comment"] = MARKER
    before, after = document(manifest(rules, how)), document(manifest(marked, how))
    assert is_left_of(leaves(after["rules"]), leaves(before["rules"]))


def _is_features(part: dict[str, Any]) -> bool:
    return bool(set(part) & {"caching", "headers", "origin", "comment"}) or isinstance(
        part.get("response"), dict
    )


@given(rule_lists())
def test_dropping_rules_lists_no_more_than_ignoring_their_conditions(rules: Any) -> None:
    """`--unsupported-conditions drop` only removes."""
    dropped, ignored = (document(manifest(rules, how))["rules"] for how in ("drop", "ignore"))
    assert is_left_of(leaves(dropped), leaves(ignored))


# Form


@given(programs(), unsupported)
def test_the_manifest_is_one_safe_statement(program: Program, how: Any) -> None:
    """Compact JSON with one key, no character that ends a script, and the same bytes each time."""
    text = build(run(program), unsupported_conditions=how)["cache-manifest.js"]
    assert set(document(text)) == {"rules"}
    assert not re.search("[<>&\u2028\u2029]", text)
    assert build(run(program), unsupported_conditions=how)["cache-manifest.js"] == text


@given(programs())
def test_the_manifest_of_a_rule_set_is_that_of_its_router(program: Program) -> None:
    """What was written as ruleset.json gives the same bytes when it is read again."""
    built = build(run(program))
    again = build(RuleSet.from_json(built["ruleset.json"]))
    assert again.files == built.files


@given(rule_lists())
def test_every_rule_is_listed_or_says_why_not(rules: Any) -> None:
    """Nothing is left out in silence."""
    for filtered in filter_rules(RuleSet.from_json(rules, "raw").rules):
        assert filtered.listed is not None or filtered.omissions
