"""What holds for every rule set and request."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter import Decision, Evaluator, Request, RuleSet, compile_rules, evaluate
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.errors import RuleError
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.predicates import predicate
from prefetchrouter.rules.condition_json import condition_from_json
from prefetchrouter.rules.variables import VariableSpec, all_variables
from strategies.paths import urls
from strategies.programs import Program, programs, run
from strategies.requests import requests
from strategies.rule_sets import hidden_tests, joined, listed_tests, part_tests, rule_lists

many = settings(max_examples=max(200, settings().max_examples))
"""With several requests each, thousands of decisions in every run."""


def told(decision: Decision) -> list[Any]:
    """Everything that a decision says, for comparing two."""
    return [
        decision.features,
        [(value.key, value.value, value.overrode, value.late) for value in decision.values.values()],
        [matched.phase for matched in decision.rules],
        decision.not_prefetchable_because,
        [(found.condition, found.facts) for found in (*decision.depends_on, *decision.awaiting_response)],
        dict(decision.ttls),
        decision.stale_while_revalidate,
        decision.cache_key,
        decision.origin,
        decision.path,
        decision.redirect,
        decision.synthetic,
        decision.status,
        decision.request_headers,
        decision.response_headers({"cache-control": "max-age=5", "set-cookie": ["a=1", "b=2"]}).fields(),
    ]


@many
@given(programs(), st.lists(requests(), min_size=1, max_size=5))
def test_an_index_changes_no_decision(program: Program, asked: list[Request]) -> None:
    """With the index, a decision says all that it says without."""
    router = run(program)
    indexed, plain = Evaluator(router), Evaluator(router, is_indexed=False)

    for request in asked:
        assert told(plain.evaluate(request)) == told(indexed.evaluate(request))


@many
@given(rule_lists(), st.lists(requests(), min_size=1, max_size=8))
def test_an_index_changes_no_decision_of_raw_rules(rules: list[Any], asked: list[Request]) -> None:
    """The same for rules written in the rule language."""
    rule_set = RuleSet.from_json(rules, "raw")
    indexed, plain = Evaluator(rule_set), Evaluator(rule_set, is_indexed=False)

    for request in asked:
        assert told(plain.evaluate(request)) == told(indexed.evaluate(request))


@many
@given(rule_lists(listed_tests | part_tests, only_listed=True, hidden=False), st.lists(urls(), min_size=1))
def test_the_manifest_decides_as_the_rules_where_it_shows_them_whole(
    rules: list[Any], paths: list[str]
) -> None:
    """Rules that use nothing but what is listed give the same answer in the browser and at the edge."""
    evaluator = Evaluator(RuleSet.from_json(rules, "raw"))

    for path in paths:
        for address in (f"https://shop.example{path}", f"http://shop.example{path}"):
            decision = evaluator.evaluate(Request(address))
            assert decision.prefetchable == evaluate_in_browser(evaluator, Request(address)).prefetchable


@given(rule_lists(), st.lists(urls(), min_size=1))
def test_the_manifests_view_is_that_of_the_filtered_rules(rules: list[Any], paths: list[str]) -> None:
    """Filtering rule by rule when a URL asks for it gives what filtering all of them gives."""
    rule_set = RuleSet.from_json(rules, "raw")
    kept = tuple(found.listed for found in filter_rules(rule_set.rules) if found.listed is not None)
    shown = Evaluator(RuleSet(rules=kept), is_indexed=False)

    for path in paths:
        decision = evaluate_in_browser(rule_set, Request(path))
        assert shown.evaluate(Request(path)).features == decision.features


@many
@given(programs(), requests())
def test_a_router_means_what_its_exported_rules_mean(program: Program, request: Request) -> None:
    """Compiling a router and reading the JSON back changes no decision."""
    router = run(program)
    exported = RuleSet.from_json(compile_rules(router), "exported")

    assert evaluate(router, request).features == evaluate(exported, request).features


@given(joined(listed_tests | part_tests | hidden_tests), requests(certain=True))
def test_a_condition_of_known_facts_is_true_or_false(condition: Any, request: Request) -> None:
    """Asked with three answers, a condition about a request without unknown facts gives the one of two."""
    made, context = predicate(condition_from_json(condition)), RequestContext(request)

    assert made.holds(context) is made.truth(context, with_response=True)


@given(programs(), requests())
def test_each_alternative_takes_the_branch_that_was_undecided(program: Program, request: Request) -> None:
    """A dependency's alternative is a decision in which its branch no longer is undecided."""
    router = run(program)
    decision = evaluate(router, request)

    for dependency in (*decision.depends_on, *decision.awaiting_response):
        other = evaluate(router, request, assuming=[dependency.branch])
        undecided = [found.branch for found in (*other.depends_on, *other.awaiting_response)]
        assert all(branch is not dependency.branch for branch in undecided)
        assert told(other)


def _asked_for(spec: VariableSpec) -> dict[str, str | int]:
    names: dict[str, str | int] = {"<name>": "x-ab", "<max>": 99, "<code>": "fra"}
    return {spec.namespace: names.get(spec.name, spec.name)}


_variables = st.sampled_from(all_variables()).map(_asked_for)
_scalars = st.sampled_from(["/a", "1", "", "?", "true", "5.5.5.0/24", "(", ":id", 404, 1.5, True, -1])
_operands = _variables | _scalars | st.lists(_scalars, max_size=2)
_operators = st.sampled_from(["===", "!==", "==", "!=", "=~", "!~", "in", "not_in", "<", "<=", ">", ">="])


@given(_operators, st.lists(_operands, min_size=2, max_size=3), requests())
def test_whatever_reads_as_a_condition_can_be_asked(
    operator: str, operands: list[Any], request: Request
) -> None:
    """Any operator, variable and value: the rules are refused, or the request is decided."""
    try:
        rule_set = RuleSet.from_json([{"if": [{operator: operands}, {"comment": "it holds"}]}])
    except RuleError:
        return

    indexed, plain = Evaluator(rule_set), Evaluator(rule_set, is_indexed=False)
    assert told(plain.evaluate(request)) == told(indexed.evaluate(request))
