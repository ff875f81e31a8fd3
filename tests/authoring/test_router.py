"""Rules that a router's calls make, one call at a time; chains and criteria have their own tests."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import (
    Route,
    Router,
    RuleError,
    RuleSet,
    and_,
    compile_rules,
    exact,
    raw,
)
from prefetchrouter.errors import (
    CriteriaError,
    RoutesError,
)

PATH = {"request": "path"}
HOUR: Any = {"caching": {"max_age": {"200": "1h"}}}


def path_rule(pattern: str, body: Any = HOUR) -> dict[str, Any]:
    """The rule that `match(pattern, ...)` makes."""
    return {"if": [{"==": [PATH, pattern]}, body]}


def test_a_new_router_has_no_rules() -> None:
    """Nothing is there before the first call."""
    assert compile_rules(Router()) == []


def test_every_call_returns_the_router() -> None:
    """Calls can be chained."""
    router = Router()
    calls = (
        router.match("/a", {}).get("/b", {}).always({}).catch(404, {}).if_("/c", {}).elif_("/d", {}).else_({})
    )
    assert calls.conditional({}).use(lambda _: None).force_https() is router


def test_rules_stand_in_the_order_of_the_calls() -> None:
    """A later rule wins, so the order is the user's."""
    router = Router().match("/a", HOUR).always({"comment": "all"}).match("/b", HOUR)
    assert [path_rule("/a"), {"comment": "all"}, path_rule("/b")] == compile_rules(router)


# Verbs


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_a_verb_tests_path_then_method(method: str) -> None:
    """The method test stands where `method` stands in the order of criteria."""
    router = getattr(Router(), method)("/p", HOUR)
    condition = {"and": [{"==": [PATH, "/p"]}, {"===": [{"request": "method"}, method.upper()]}]}
    assert [{"if": [condition, HOUR]}] == compile_rules(router)


def test_a_verbs_method_test_stands_before_headers() -> None:
    """Path, origin path and scheme stand before it, all others after."""
    router = Router().get({"headers": {"x": "1"}, "scheme": "HTTPS"}, HOUR)
    tests = compile_rules(router)[0]["if"][0]["and"]
    assert [next(iter(test["==="][0].values())) for test in tests] == ["scheme", "method", "x"]


def test_a_verb_with_empty_criteria_tests_the_method_alone() -> None:
    """One test stands alone."""
    assert compile_rules(Router().get({}, HOUR))[0]["if"][0] == {"===": [{"request": "method"}, "GET"]}


@pytest.mark.parametrize("criteria", [and_("/a"), raw({"==": [PATH, "/a"]})])
def test_a_verb_joins_whole_conditions_with_its_method(criteria: Any) -> None:
    """`and_`, `or_` and `raw` are kept, unlike in the JavaScript router."""
    condition = compile_rules(Router().get(criteria, HOUR))[0]["if"][0]
    assert condition["and"][1] == {"===": [{"request": "method"}, "GET"]}


def test_a_method_inside_a_verbs_criteria_is_refused() -> None:
    """The call names the method already."""
    with pytest.raises(CriteriaError, match='"method" in the criteria of get'):
        Router().get({"path": "/a", "method": "POST"}, {})


# Rules for every request, and for statuses


def test_always_makes_a_rule_without_condition() -> None:
    """A bare features object applies to every request."""
    assert compile_rules(Router().always({"comment": "all"})) == [{"comment": "all"}]


def test_empty_criteria_of_match_make_a_rule_without_condition() -> None:
    """They test nothing."""
    assert compile_rules(Router().match({}, {"comment": "all"})) == [{"comment": "all"}]


@pytest.mark.parametrize(
    "status, regex",
    [(404, "^404$"), ("500", "^500$"), (re.compile("^5"), "^5"), (re.compile("x", re.I), "(?i)x")],
)
def test_catch_tests_the_status_with_a_regular_expression(status: Any, regex: str) -> None:
    """A number or text must be the whole status; an expression stands as it is."""
    expected = {"if": [{"=~": [{"response": "status_code"}, regex]}, HOUR]}
    assert [expected] == compile_rules(Router().catch(status, caching={"max_age": "1h"}))


@pytest.mark.parametrize("status", [True, None, "4xx", 99, 1000, -404, "", 404.0, ["404"], "404\n"])
def test_catch_refuses_what_is_not_a_status(status: Any) -> None:
    """Three digits, or an expression."""
    with pytest.raises(CriteriaError, match=r"^.*catch\(") as raised:
        Router().catch(status, {})
    assert raised.value.code == "criteria-value"


# Nested routers


def test_a_nested_router_becomes_a_list_that_begins_with_empty_features() -> None:
    """A list may not begin with an if."""
    nested = Router().match("/b", {"comment": "b"})
    assert [path_rule("/a", [{}, path_rule("/b", {"comment": "b"})])] == compile_rules(
        Router().match("/a", nested)
    )


def test_a_nested_router_of_one_bare_rule_is_unwrapped() -> None:
    """A list of one is its element."""
    assert [path_rule("/a", {"comment": "b"})] == compile_rules(
        Router().match("/a", Router().always(comment="b"))
    )


def test_an_empty_nested_router_gives_an_empty_list() -> None:
    """Nothing applies."""
    assert [path_rule("/a", [])] == compile_rules(Router().match("/a", Router()))


def test_a_nested_router_that_begins_with_bare_features_needs_no_empty_ones() -> None:
    """Only an if needs something before it."""
    nested = Router().always(comment="b").match("/b", {})
    assert [path_rule("/a", [{"comment": "b"}, path_rule("/b", {})])] == compile_rules(
        Router().match("/a", nested)
    )


def test_always_with_a_router_adds_its_rules() -> None:
    """Without a condition there is nothing to nest them in."""
    nested = Router().match("/b", {}).always(comment="c")
    assert [{}, path_rule("/b", {}), {"comment": "c"}] == compile_rules(Router().always(nested))


CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any] | None]] = {
    "always": ((), {}),
    "canonical_host": (("www.shop.example",), None),
    "catch": ((404,), {}),
    "conditional": (({"comment": "late"},), None),
    "elif_": (("/c",), {}),
    "else_": ((), {}),
    "force_https": ((), None),
    "if_": (("/b",), {}),
    "use": ((lambda router: router.always(comment="late"),), None),
    **{verb: (("/b",), {}) for verb in ("match", "get", "post", "put", "patch", "delete", "head", "options")},
}
"""How each method that adds rules is called; with None where it takes no rule body."""


def begun(verb: str) -> Router:
    """A router on which the method may be called: elif_ and else_ follow an if_."""
    router = Router().always(comment="b")
    return router.if_("/a", {}) if verb in ("elif_", "else_") else router


def test_each_method_that_adds_rules_is_in_the_table() -> None:
    """Whatever is new on the router finds its place here, or adds no rules."""
    public = {name for name in vars(Router) if not name.startswith("_")}
    assert public - set(CALLS) == {"rules", "warnings", "noted", "nested_rules"}


@pytest.mark.parametrize("verb", CALLS)
def test_rules_cannot_be_added_to_a_router_after_nesting(verb: str) -> None:
    """They would be lost: what is nested is what was there at the time of the call."""
    arguments, body = CALLS[verb]
    nested = begun(verb)
    router = Router().match("/a", nested)
    before = compile_rules(router)
    with pytest.raises(RuleError, match="already nested in a rule") as raised:
        getattr(nested, verb)(*arguments, *(() if body is None else ({"comment": "late"},)))
    assert raised.value.code == "rule-body"
    assert compile_rules(router) == before


@pytest.mark.parametrize("verb", [verb for verb, (_, body) in CALLS.items() if body is not None])
def test_a_router_cannot_stand_in_its_own_rule(verb: str) -> None:
    """Whichever method adds it."""
    router = begun(verb)
    with pytest.raises(RuleError, match="nested in its own rule"):
        getattr(router, verb)(*CALLS[verb][0], router)
    assert not router.is_nested


def test_a_nested_routers_warnings_are_the_outer_ones_too() -> None:
    """What is worth telling about a rule does not depend on where it stands."""
    nested = Router().match(re.compile("(a+)+$"), {})
    assert [warning.code for warning in nested.warnings] == [
        warning.code for warning in Router().match("/a", nested).warnings
    ]
    assert nested.warnings


# Mistakes


def test_criteria_and_features_of_one_call_are_reported_together() -> None:
    """A user wants all mistakes at once."""
    with pytest.raises(RoutesError) as raised:
        Router().match("/api/*", caching={"max_age": "1hr"})
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["path-pattern", "duration"]


def test_a_rule_that_failed_is_not_added() -> None:
    """What is right stays."""
    router = Router().match("/a", HOUR)
    with pytest.raises(RuleError):
        router.match("/api/*", {})
    assert [path_rule("/a")] == compile_rules(router)


def test_a_helper_functions_own_exception_is_not_touched() -> None:
    """A bug in user code is shown as it is."""

    def broken(route: Route) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        Router().match("/a", broken)


def test_reserved_header_names_are_warned_of() -> None:
    """An edge ignores or refuses them."""
    router = Router().match("/a", headers={"set_response_headers": {"via": "x"}})
    assert [warning.code for warning in router.warnings] == ["reserved-header"]


def test_compiling_does_not_change_a_router() -> None:
    """It can be done again, and be added to afterwards."""
    router = Router().if_(exact("/a"), HOUR)
    first = compile_rules(router)
    assert first == compile_rules(router)
    assert len(compile_rules(router.elif_("/b", {}))) == 1
    assert RuleSet.from_json(first).to_json() == {"rules": first}
