"""Rules for a whole site: in the rule language, by plugins, and for HTTPS."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import (
    Router,
    RuleError,
    compile_rules,
)
from prefetchrouter.errors import (
    ConditionError,
    FeatureError,
    RuleSetError,
)

PATH = {"request": "path"}
HOUR: Any = {"caching": {"max_age": {"200": "1h"}}}


def path_rule(pattern: str, body: Any = HOUR) -> dict[str, Any]:
    """The rule that `match(pattern, ...)` makes."""
    return {"if": [{"==": [PATH, pattern]}, body]}


async def _later(route: Any) -> None:
    route.set_origin("web")


def _generator(route: Any) -> Any:
    yield route.set_origin("web")


@pytest.mark.parametrize("plugin", [_later, _generator])
def test_a_plugin_that_would_run_later_is_refused(plugin: Any) -> None:
    """Its rules would be lost."""
    with pytest.raises(RuleError, match="neither async nor a generator") as raised:
        Router().use(plugin)
    assert raised.value.code == "plugin"


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
def test_conditional_refuses_what_is_not_a_rule(rule: Any, kind: type[RuleError]) -> None:
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
def test_what_is_not_a_plugin_is_refused(plugin: Any) -> None:
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
