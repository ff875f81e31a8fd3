"""Compares what `evaluate` decides with what the interpreter makes of lowered data."""

from __future__ import annotations

from collections.abc import Iterable

from lowering.interpreter import Interpreter, Refused, Result
from lowering.urls import NeedsPathAndQuery
from prefetchrouter import Decision, Evaluator, Request, RuleSet
from prefetchrouter.evaluation.site_settings import SiteSettings
from prefetchrouter.lowering import lower
from prefetchrouter.lowering.phases import acts_in


def compare(rule_set: RuleSet, asked: Iterable[Request]) -> int:
    """Decide requests both ways, and return how many were compared.

    What only a request can tell (`query` is "both") is left out: targets refuse such rules.
    """
    evaluator = Evaluator(rule_set)
    interpreter = Interpreter(lower(rule_set), SiteSettings(rule_set.property).host)
    count = 0
    for request in asked:
        decision = evaluator.evaluate(request)
        if decision.refusal is not None and "rewrite" not in decision.refusal.message:
            continue
        try:
            found = interpreter.decide(request)
        except NeedsPathAndQuery:
            continue  # see the value form "source of path and query": lowered data leaves it to targets
        except Refused:
            assert decision.refusal is not None
            continue
        assert decision.refusal is None
        assert_same(decision, found)
        count += 1
    return count


def assert_same(decision: Decision, found: Result) -> None:
    """Compare all that a decision says with what lowered data led to."""
    early = {key: setting.value for key, setting in decision._early.items() if acts_in(key, "early")}
    assert found.values["early"] == early
    for phase in ("keep", "client"):
        values = {key: value.value for key, value in decision.values.items() if acts_in(key, phase)}
        assert found.values[phase] == values
    assert found.path == decision.path
    redirect = None if decision.denied else decision.downstream._url_redirect
    assert found.redirect == (None if redirect is None else (redirect.status, redirect.location))
    assert found.request_headers == decision.request_headers
    assert found.response_headers == decision.response_headers()
    assert found.status == decision.status
    if decision.synthetic is not None and not decision.denied:
        assert found.body == decision.synthetic.body
    expressions = [part for part in decision.cache_key if part.startswith("expression ")]
    assert [f"expression {text}" for text in found.key_expressions] == expressions
