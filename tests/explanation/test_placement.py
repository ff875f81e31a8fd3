"""Which rules apply, and the branches that lead to them."""

from __future__ import annotations

from prefetchrouter import Request, Router, explain
from prefetchrouter.explanation.placement import Applied


def applied(router: Router, request: Request) -> list[Applied]:
    return list(explain(router, request).applied)


CHAIN = (
    Router()
    .if_("/a/:x", {"comment": "first"})
    .elif_({"method": "POST"}, {"comment": "second"})
    .else_({"comment": "last"})
)


def test_a_rule_tells_its_condition_and_comment() -> None:
    """A single rule is not a branch."""
    (rule,) = applied(Router().get("/a", comment="why"), Request("/a"))
    assert (rule.when, rule.branch, rule.comment) == ("path matches /a and method is GET", None, "why")


def test_a_branch_tells_which_of_how_many_it_is() -> None:
    """The else counts as one."""
    (rule,) = applied(CHAIN, Request("/b", "POST"))
    assert (rule.when, rule.branch) == ("method is POST", "branch 2 of 3")


def test_an_else_tells_that_nothing_before_it_was_true() -> None:
    """With their number."""
    (rule,) = applied(CHAIN, Request("/b"))
    assert (rule.when, rule.branch) == ("none of 2 branches before it", "else, branch 3 of 3")


def test_nested_conditions_are_reported_from_the_outside_in() -> None:
    """A router in a rule of another."""
    router = Router().match("/a/:x*", Router().match({"query": {"q": "1"}}, {"comment": "inner"}))
    (rule,) = applied(router, Request("/a/b?q=1"))
    assert rule.when == "path matches /a/:x*; query q is 1"


def test_a_rule_without_conditions_is_for_every_request() -> None:
    """Nothing leads to it."""
    (rule,) = applied(Router().conditional({"caching": {"max_age": "1h"}}), Request("/a"))
    assert rule.when == ""
