"""What a page decides about a URL, by the browser's view of the rules."""

from __future__ import annotations

from prefetchrouter import Evaluator, Property, Request, Router, RuleSet, evaluate
from prefetchrouter.browser_view import BrowserView
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.typed.sections import CachingDict

BOTH: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}


def test_a_browser_knows_nothing_but_the_url() -> None:
    """A test of a cookie is not shown, so the rule speaks for more visitors there."""
    router = Router().match({"path": "/a", "cookies": {"session": "1"}}, caching=BOTH)
    request = Request("/a")

    assert not evaluate(router, request).prefetchable
    assert evaluate_in_browser(router, request).prefetchable


def test_a_browser_does_not_see_hidden_rules() -> None:
    """The rules allow a prefetch, but no browser learns of it."""
    router = Router().match("/a", caching=BOTH, comment="cache-manifest-ignore")
    request = Request("/a")

    assert evaluate(router, request).prefetchable
    assert not evaluate_in_browser(router, request).matches


def test_the_property_says_what_becomes_of_conditions_that_browsers_cannot_decide() -> None:
    """With "drop" the rule is not shown at all."""
    router = Router().match({"path": "/a", "cookies": {"session": "1"}}, caching=BOTH)
    rules = RuleSet(rules=router.rules, property=Property(unsupported_conditions="drop"))

    assert not evaluate_in_browser(rules, Request("/a")).matches


def test_evaluation_after_a_pass_is_prepared_once() -> None:
    """Equal passes share one evaluator, other passes have another."""
    evaluator = Evaluator(Router())

    assert evaluator.through(BrowserView()) is evaluator.through(BrowserView("ignore"))
    assert evaluator.through(BrowserView()) is not evaluator.through(BrowserView("drop"))


def test_the_pass_over_a_rule_set_decides_as_the_pass_over_each_rule() -> None:
    """What is printed and what is evaluated are one."""
    router = (
        Router().match({"path": "/a", "cookies": {"session": "1"}}, caching=BOTH).match("/b", comment="b")
    )
    seen = BrowserView().rule_set(RuleSet(rules=router.rules))

    assert len(seen.rules) == 1
    for path in ("/a", "/b"):
        decision = evaluate_in_browser(router, Request(path))
        assert evaluate(seen, Request(path)).features == decision.features


class _Unchanged:
    """A pass that returns everything as it is."""

    def rule(self, rule: Rule) -> Rule:
        return rule

    def property(self, property: Property | None) -> Property | None:
        return property


def test_a_pass_after_a_pass_sees_what_the_first_one_left() -> None:
    """A rule that the browser's view hides stays hidden."""
    router = Router().get("/a", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
    in_browser = Evaluator(router).through(BrowserView())
    assert in_browser.evaluate(Request("/a")).ttl() is None
    assert in_browser.through(_Unchanged()).evaluate(Request("/a")).ttl() is None
    assert Evaluator(router).through(_Unchanged()).evaluate(Request("/a")).ttl() == "1h"
