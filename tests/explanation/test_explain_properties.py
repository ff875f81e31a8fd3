"""What holds for all rule sets, requests and numbers, found out with random ones."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from prefetchrouter import Request, RuleSet, evaluate, explain
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.narrow import concerning
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.freshness import MECHANISMS
from prefetchrouter.http.message import Response
from strategies.paths import urls
from strategies.rule_sets import rule_lists

methods = st.sampled_from(["GET", "GET", "POST"])
numbers = st.floats() | st.integers(0, 10_000)
header_maps = st.dictionaries(
    st.sampled_from(["cache-control", "age", "vary", "date", "expires", "x-a"]),
    st.text(st.characters(exclude_categories=["Cc"]), max_size=30),
    max_size=3,
)
responses = st.none() | st.builds(Response, st.sampled_from([200, 301, 404, 503]), header_maps)


@given(rule_lists(), urls(), methods)
def test_leaving_rules_out_changes_no_decision(rules: list[Any], url: str, method: str) -> None:
    """Rules that begin with another path do nothing, here and in the manifest."""
    whole, request = RuleSet.from_json(rules), Request(url, method)
    narrowed = RuleSet(rules=concerning(whole.rules, request.path))
    before, after = evaluate(whole, request), evaluate(narrowed, request)
    assert before.features == after.features
    here, there = evaluate_in_browser(whole, request), evaluate_in_browser(narrowed, request)
    assert here.features == there.features
    event(f"left out {len(whole.rules) - len(narrowed.rules)}")


@given(rule_lists(), urls(), methods, responses, numbers, numbers, st.booleans())
def test_everything_is_explained_or_a_coded_error(
    rules: list[Any], url: str, method: str, response: Response | None, at: float, click: float, unknown: bool
) -> None:
    """No other exception, and both forms are complete: the text has every line, the data is JSON."""
    request = Request(url, method, response=response, unknown=("*",) if unknown else ())
    try:
        found = explain(
            RuleSet.from_json(rules), request, edge_age=at, click=click, mechanisms=tuple(MECHANISMS)
        )
    except PrefetchRouterError as error:
        event(error.code)
        return
    text, data = explanation_text(found), json.loads(json.dumps(explanation_data(found)))
    assert all(value["key"] in text for value in data["values"])
    assert data["prefetched"]["reason"] in text
    assert [chance["name"] for chance in data["click"]["mechanisms"]] == list(MECHANISMS)


@given(rule_lists(), urls())
def test_the_same_question_has_the_same_answer(rules: list[Any], url: str) -> None:
    """No clock, no chance, no order of sets."""
    first, second = (explanation_text(explain(RuleSet.from_json(rules), Request(url))) for _ in range(2))
    assert first == second


@given(rule_lists(), urls(), st.integers(0, 5000), st.integers(0, 5000))
def test_an_older_copy_at_the_edge_never_lasts_longer(
    rules: list[Any], url: str, at: int, older: int
) -> None:
    """Monotony from the rules to the click."""
    rule_set, request = RuleSet.from_json(rules), Request(url)
    young = explain(rule_set, request, edge_age=at).forecast
    old = explain(rule_set, request, edge_age=at + older).forecast
    for before, after in zip(young.chances, old.chances, strict=True):
        assert after.found.seconds_left <= before.found.seconds_left
