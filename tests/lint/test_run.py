"""`lint`: what is found, in which order, and that each witness shows it."""

from __future__ import annotations

import json
from random import Random

import pytest

from analysis.few_values import any_request, comparison
from prefetchrouter import CachingDict, Router, RuleSet, evaluate
from prefetchrouter.catalog import keys
from prefetchrouter.errors import CheckError
from prefetchrouter.lint import Check, Finding, Site, lint
from prefetchrouter.lint.check_registry import OURS, chosen_checks
from prefetchrouter.lint.linted_site import applies
from prefetchrouter.rules.walk import walk
from strategies.index_cases import rule_set


def test_findings_come_in_the_order_of_their_lines_each_once() -> None:
    """Two checks that say the same of a line are one finding."""
    check = Check("acme/x", "", lambda site: [Finding(found.diagnostic) for found in lint(site.rules)] * 2)
    router = Router().get("/a", caching={"service_worker_max_age": "1h"})
    router.get("/b", caching={"service_worker_max_age": "1h"})
    lines = [
        found.diagnostic.source.line for found in lint(router, checks=[check]) if found.diagnostic.source
    ]
    assert lines == sorted(set(lines))


def test_warnings_of_the_build_are_in_the_same_list() -> None:
    """Their codes are those of the build."""
    router = Router().match("/a", caching={"bypass_cache": True, "max_age": "1h"})
    assert [found.diagnostic.code for found in lint(router)] == ["no-effect"]


def test_a_check_that_fails_is_named() -> None:
    """Not a traceback, and not silence."""
    with pytest.raises(CheckError, match="acme/x"):
        lint(Router(), checks=[Check("acme/x", "", lambda site: [][0])])


def test_an_unknown_code_is_refused_with_a_proposal() -> None:
    """In --select and in --ignore."""
    with pytest.raises(CheckError, match="lint/never-wins"):
        chosen_checks(select=["lint/never-win"])
    with pytest.raises(CheckError, match="lint/vary"):
        chosen_checks(ignore=["lint/vari"])


def test_a_code_is_the_code_of_one_check() -> None:
    """Each has a summary, too."""
    codes = [check.code for check in OURS]
    assert len(codes) == len(set(codes))
    assert all(check.summary.endswith(".") for check in OURS)


@pytest.mark.parametrize("seed", range(3))
def test_no_request_wins_what_never_wins(seed: int) -> None:
    """In rules that test everything: requests of all values, made independently, show no rule that wins."""
    random = Random(f"never wins {seed}")
    checks = chosen_checks(select=["lint/never-wins"])
    seen = 0
    for _ in range(25):
        first, other = comparison(random), comparison(random)
        conditions = first, random.choice([other, {"or": [first, other]}])
        raw = [
            {"if": [condition, {"caching": {"max_age": {"200": age}}}]}
            for condition, age in zip(conditions, ("1h", "2h"), strict=True)
        ]
        rules = RuleSet.from_json(json.dumps(raw))
        if not lint(rules, checks=checks):
            continue
        seen += 1
        for request in (any_request(random) for _ in range(300)):
            value = evaluate(rules, request).value(keys.caching.max_age)
            assert value is None or value.rule in walk(rules.rules[1]), (raw, request)
    assert seen


@pytest.mark.parametrize("batch", range(4))
def test_what_never_wins_can_be_left_out_for_every_request(batch: int) -> None:
    """In random rule sets: the witness gets to the rule, and another rule sets each value of it."""
    random = Random(f"lint {batch}")
    checks = chosen_checks(select=["lint/never-wins"])
    seen = 0
    for _ in range(60):
        router, _paths = rule_set(random)
        rules = RuleSet(rules=router.rules)
        for found in lint(rules, checks=checks):
            assert found.witness is not None
            decision = evaluate(rules, found.witness)
            [place] = [
                each
                for each in Site(rules).places
                if each.apply.source == found.diagnostic.source and applies(each.apply, decision)
            ][:1]
            assert any(value.rule is not place.apply for value in decision.values.values())
            seen += 1
    assert batch or seen


PAGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
SHORT: CachingDict = {"max_age": "1m", "service_worker_max_age": "1h"}


@pytest.mark.parametrize(
    "code, router",
    [
        ("lint/never-wins", Router().match("/p", caching=SHORT).always(caching=PAGES)),
        ("lint/not-prefetched", Router().post("/p", caching=PAGES)),
        ("lint/prefetched-effect", Router().match("/u/:id/delete", caching=PAGES)),
        ("freshness/worker-outlives-edge", Router().match("/p", caching=SHORT)),
    ],
)  # fmt: skip
def test_each_witness_is_a_request_that_gets_to_the_line(code: str, router: Router) -> None:
    """`evaluate` says so."""
    [found] = [each for each in lint(router) if each.diagnostic.code == code]
    assert found.witness is not None
    assert str(found.diagnostic.source) in evaluate(router, found.witness).lines


def test_ten_thousand_rules_take_little_more_than_ten_times_a_thousand() -> None:
    """Counted in evaluations, not in seconds."""

    def evaluations(count: int) -> int:
        router = Router()
        for number in range(count):
            router.match(f"/s{number}/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        site = Site(router, warnings=())
        calls = 0
        evaluate_once = site.evaluator.evaluate

        def counted(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            return evaluate_once(*arguments, **options)  # type: ignore[arg-type]

        site.evaluator.evaluate = counted  # type: ignore[method-assign, assignment]
        for check in chosen_checks():
            list(check.run(site))
        return calls

    assert evaluations(400) <= 4.5 * evaluations(100)
