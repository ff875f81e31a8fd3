"""Lowered data says all that `evaluate` says: an engine that has nothing else decides the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lowering.interpreter import Interpreter, Refused, Result
from prefetchrouter import Decision, Evaluator, Request, RuleSet
from prefetchrouter.evaluation.site_settings import Site
from prefetchrouter.lowering import lower
from prefetchrouter.lowering.phases import acts_in
from strategies.programs import Program, programs, run
from strategies.requests import requests
from strategies.rule_sets import rule_lists

many = settings(max_examples=max(200, settings().max_examples))


def assert_same(decision: Decision, found: Result) -> None:
    """Compare all that a decision says with what lowered data led to."""
    early = {key: setting.value for key, setting in decision._early.items() if acts_in(key, "early")}
    assert found.values["early"] == early
    for phase in ("keep", "client"):
        values = {key: value.value for key, value in decision.values.items() if acts_in(key, phase)}
        assert found.values[phase] == values
    assert found.path == decision.path
    redirect = decision.downstream._url_redirect
    assert found.redirect == (None if redirect is None else (redirect.status, redirect.location))
    assert found.request_headers == decision.request_headers
    assert found.response_headers == decision.response_headers()
    assert found.status == decision.status
    if decision.synthetic is not None and not decision.denied:
        assert found.body == decision.synthetic.body


@many
@given(programs(), st.lists(requests(certain=True), min_size=1, max_size=5))
def test_a_program_means_the_same_once_lowered(program: Program, asked: list[Request]) -> None:
    """Of every kind of call."""
    compare(RuleSet(rules=run(program).rules), asked)


@many
@given(rule_lists(), st.lists(requests(certain=True), min_size=1, max_size=5))
def test_rules_mean_the_same_once_lowered(rules: list[object], asked: list[Request]) -> None:
    """Nested, with conditions on all that a request has."""
    compare(RuleSet.from_json({"rules": rules}), asked)


def compare(rule_set: RuleSet, asked: list[Request]) -> None:
    """Decide requests both ways."""
    evaluator = Evaluator(rule_set)
    interpreter = Interpreter(lower(rule_set), Site(rule_set.property).host)
    for request in asked:
        decision = evaluator.evaluate(request)
        if decision.refusal is not None:
            continue
        try:
            found = interpreter.decide(request)
        except (NotImplementedError, Refused):
            continue
        assert_same(decision, found)
