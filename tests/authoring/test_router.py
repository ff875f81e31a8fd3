"""Rules that a router's calls make, one call at a time; chains and criteria have tests of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import (
    CachingFeatures,
    Features,
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
    ConditionError,
    CriteriaError,
    FeatureError,
    RoutesError,
    RuleSetError,
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


# Features as mapping, keywords, model and function


@pytest.mark.parametrize(
    "router",
    [
        pytest.param(Router().match("/p/:id", {"caching": {"max_age": "1h"}}), id="mapping"),
        pytest.param(Router().match("/p/:id", caching={"max_age": "1h"}), id="keywords"),
        pytest.param(Router().match("/p/:id", caching=CachingFeatures(max_age="1h")), id="keyword model"),
        pytest.param(
            Router().match("/p/:id", {"caching": CachingFeatures(max_age="1h")}), id="mapping of models"
        ),
        pytest.param(Router().match("/p/:id", Features(caching={"max_age": "1h"})), id="model"),
        pytest.param(Router().match("/p/:id", lambda route: route.add_features(HOUR)), id="function"),
    ],
)
def test_all_spellings_of_features_say_the_same(router: Router) -> None:
    """A mapping, keywords, models and a function give one rule."""
    assert [path_rule("/p/:id")] == compile_rules(router)


def test_a_mapping_and_keywords_together_keep_both() -> None:
    """The mapping's sections come first."""
    router = Router().match("/a", {"comment": "note"}, caching={"max_age": "1h"})
    assert list(compile_rules(router)[0]["if"][1]) == ["comment", "caching"]


def test_a_function_and_keywords_together_keep_both() -> None:
    """What the function wrote comes first."""
    router = Router().match("/a", lambda route: route.set_response_code(410), comment="gone")
    assert [path_rule("/a", {"response": {"set_status_code": 410}, "comment": "gone"})] == compile_rules(
        router
    )


def test_a_section_in_the_mapping_and_as_a_keyword_is_refused() -> None:
    """It would not be clear which counts."""
    with pytest.raises(FeatureError, match='"caching" stands in the mapping and as a keyword'):
        Router().match("/a", {"caching": {}}, caching={})


def test_a_model_and_keywords_together_are_refused() -> None:
    """A model is whole as it stands."""
    with pytest.raises(FeatureError, match="write one or the other"):
        Router().match("/a", Features(), caching={})


def test_a_router_and_keywords_together_are_refused() -> None:
    """Keywords would belong to none of the nested rules."""
    with pytest.raises(FeatureError, match="give the features a body to themselves"):
        Router().match("/a", Router(), caching={})


def test_empty_features_are_a_rule_too() -> None:
    """Nothing may be meant."""
    assert [path_rule("/a", {})] == compile_rules(Router().match("/a", {}))


def test_a_rule_without_features_is_refused() -> None:
    """A call that was not finished is not a rule."""
    with pytest.raises(FeatureError, match="a rule without features") as raised:
        Router().match("/a")
    assert raised.value.code == "rule-body"


@pytest.mark.parametrize("body", [7, "caching", ["caching"], True])
def test_a_body_of_another_kind_is_refused(body: Any) -> None:
    """A rule leads to features, a function or a router."""
    with pytest.raises(FeatureError, match="not something that a rule can lead to") as raised:
        Router().match("/a", body)
    assert raised.value.code == "rule-body"


def test_a_users_mapping_stays_as_it_was() -> None:
    """One mapping can serve many rules."""
    shared: Any = {"headers": {"set_response_headers": {"x-a": "1"}}}
    Router().match("/a", lambda route: route.add_features(shared).set_response_header("x-b", "2"))
    assert shared == {"headers": {"set_response_headers": {"x-a": "1"}}}


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
    with pytest.raises(CriteriaError, match='"method" stands beside the GET of the call'):
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
def test_catch_refuses_what_is_no_status(status: Any) -> None:
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
    with pytest.raises(RuleError, match="already stands in a rule") as raised:
        getattr(nested, verb)(*arguments, *(() if body is None else ({"comment": "late"},)))
    assert raised.value.code == "rule-body"
    assert compile_rules(router) == before


@pytest.mark.parametrize("verb", [verb for verb, (_, body) in CALLS.items() if body is not None])
def test_a_router_cannot_stand_in_its_own_rule(verb: str) -> None:
    """Whichever method adds it."""
    router = begun(verb)
    with pytest.raises(RuleError, match="rule of its own"):
        getattr(router, verb)(*CALLS[verb][0], router)
    assert not router.is_nested


async def _later(route: Any) -> None:
    route.set_origin("web")


def _generator(route: Any) -> Any:
    yield route.set_origin("web")


@pytest.mark.parametrize("helper", [lambda route: {"comment": "lost"}, lambda route: "x", _later, _generator])
def test_what_a_helper_returns_cannot_be_lost(helper: Any) -> None:
    """Neither features that it gives back, nor code that would run later."""
    with pytest.raises(RuleError, match="a helper returned a") as raised:
        Router().match("/a", helper)
    assert raised.value.code == "rule-body"


def test_a_helper_may_return_its_calls() -> None:
    """As a lambda does, of one call or of several."""
    router = Router().match("/a", lambda route: (route.set_origin("web"), route.set_comment("x")))
    assert [path_rule("/a", {"origin": {"set_origin": "web"}, "comment": "x"})] == compile_rules(router)


@pytest.mark.parametrize("plugin", [_later, _generator])
def test_a_plugin_that_would_run_later_is_refused(plugin: Any) -> None:
    """Its rules would be lost."""
    with pytest.raises(RuleError, match="neither async nor a generator") as raised:
        Router().use(plugin)
    assert raised.value.code == "plugin"


def test_keywords_cannot_overwrite_what_the_helper_wrote() -> None:
    """As they cannot overwrite a mapping."""
    with pytest.raises(RuleError, match="written by the helper and as a keyword"):
        Router().match("/a", lambda route: route.set_origin("web"), origin={"set_origin": "api"})


def test_keywords_stand_beside_what_the_helper_wrote() -> None:
    """In other sections."""
    router = Router().match("/a", lambda route: route.set_origin("web"), comment="x")
    assert [path_rule("/a", {"origin": {"set_origin": "web"}, "comment": "x"})] == compile_rules(router)


@pytest.mark.parametrize(
    "options",
    [
        {"redirect_code": "x"},
        {"redirect_code": 200},
        {"hsts_max_age": "one year"},
        {"hsts_max_age": -1},
        {"hsts_max_age": True},
        {"hsts": "no"},
        {"hsts_preload": 1},
    ],
)
def test_force_https_checks_its_options(options: Any) -> None:
    """Nothing of it is added when one is wrong."""
    router = Router()
    with pytest.raises(RuleError, match="force_https") as raised:
        router.force_https(**options)
    assert raised.value.code == "helper"
    assert router.rules == ()


def test_a_nested_routers_warnings_are_the_outer_ones_too() -> None:
    """What is worth telling about a rule does not depend on where it stands."""
    nested = Router().match(re.compile("(a+)+$"), {})
    assert [warning.code for warning in nested.warnings] == [
        warning.code for warning in Router().match("/a", nested).warnings
    ]
    assert nested.warnings


# Rules in the rule language, plugins, HTTPS


def test_conditional_takes_a_rule_in_the_rule_language() -> None:
    """It stands as it was written, in exported form."""
    rule = {
        "if": [{"===": [{"request": "method"}, "GET"]}, {"caching": {"max_age": "1h"}}, {"comment": "else"}]
    }
    expected = {"if": [rule["if"][0], HOUR, {"comment": "else"}]}
    assert [expected] == compile_rules(Router().conditional(rule))


def test_conditional_warns_of_expressions_that_can_take_very_long() -> None:
    """As criteria do."""
    router = Router().conditional({"if": [{"=~": [PATH, "(a+)+$"]}, {}]})
    assert [warning.code for warning in router.warnings] == ["regex-backtracking"]


@pytest.mark.parametrize(
    "rule, kind",
    [
        ({"if": [{"==": [PATH, "/a"]}]}, RuleSetError),
        ({"if": [{"=~": [{"request": "pth"}, "/a"]}, {}]}, ConditionError),
        ({"cachng": {}}, FeatureError),
        ("if", RuleSetError),
    ],
)
def test_conditional_refuses_what_is_no_rule(rule: Any, kind: type[RuleError]) -> None:
    """Each mistake has its error."""
    with pytest.raises(kind):
        Router().conditional(rule)


def test_a_plugin_may_be_a_function() -> None:
    """It is called with the router, and its result does not matter."""
    assert compile_rules(Router().use(lambda router: router.always(comment="plugin"))) == [
        {"comment": "plugin"}
    ]


def test_a_plugin_may_be_an_object() -> None:
    """Its `on_register` is called with the router."""

    class Plugin:
        def on_register(self, router: Router) -> str:
            router.always(comment="plugin")
            return "not the router"

    assert compile_rules(Router().use(Plugin()).always({})) == [{"comment": "plugin"}, {}]


@pytest.mark.parametrize("plugin", [None, "plugin", {"on_register": 1}])
def test_what_is_no_plugin_is_refused(plugin: Any) -> None:
    """Nothing to call."""
    with pytest.raises(RuleError, match=r"use\(") as raised:
        Router().use(plugin)
    assert raised.value.code == "plugin"


def test_force_https_redirects_and_sets_hsts() -> None:
    """Two rules, as the JavaScript router makes them."""
    assert compile_rules(Router().force_https()) == [
        {
            "if": [
                {"===": [{"request": "scheme"}, "HTTP"]},
                {
                    "comment": "Redirect to HTTPS",
                    "headers": {"set_response_headers": {"location": "https://%{host}%{normalized_uri}"}},
                    "response": {"set_status_code": 301},
                },
            ]
        },
        {
            "comment": "Set HSTS header",
            "headers": {"set_response_headers": {"strict-transport-security": "max-age=15768000"}},
        },
    ]


@pytest.mark.parametrize(
    "options, value",
    [
        ({"hsts_max_age": 60}, "max-age=60"),
        ({"hsts_include_sub_domains": True}, "max-age=15768000; includeSubDomains"),
        ({"hsts_preload": True}, "max-age=15768000; preload"),
        (
            {"hsts_max_age": 1, "hsts_preload": True, "hsts_include_sub_domains": True},
            "max-age=1; includeSubDomains; preload",
        ),
    ],
)
def test_force_https_sets_hsts_as_asked(options: dict[str, Any], value: str) -> None:
    """Each option has its part of the header."""
    headers = compile_rules(Router().force_https(**options))[1]["headers"]
    assert {"strict-transport-security": value} == headers["set_response_headers"]


def test_force_https_without_hsts_only_redirects() -> None:
    """One rule, with the status that was asked for."""
    rules = compile_rules(Router().force_https(hsts=False, redirect_code=308))
    assert [rule["if"][1]["response"] for rule in rules] == [{"set_status_code": 308}]


# Mistakes


def test_criteria_and_features_of_one_call_are_told_together() -> None:
    """Nobody likes to be told one mistake at a time."""
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
