"""What a helper's route writes into headers: setting, removing, replacing, cookies, CORS and security."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Route, Router, RuleError
from prefetchrouter.errors import HelperError, RegexError


def headers(helper: Any) -> Any:
    """The headers section that a helper function writes."""
    route = Route()
    helper(route)
    Router().match("/p/:id", helper)
    return route.features["headers"]


@pytest.mark.parametrize(
    "helper, expected",
    [
        (lambda route: route.set_response_header("X-A", "1"), {"set_response_headers": {"X-A": "1"}}),
        (lambda route: route.add_response_header("X-A", "1"), {"add_response_headers": {"X-A": "1"}}),
        (lambda route: route.set_request_header("X-A", "1"), {"set_request_headers": {"X-A": "1"}}),
        (lambda route: route.remove_request_header("X-A"), {"set_request_headers": {"X-A": ""}}),
        (lambda route: route.remove_response_header("server"), {"remove_response_headers": ["server"]}),
        (
            lambda route: route.remove_upstream_response_header("set-cookie"),
            {"remove_origin_response_headers": ["set-cookie"]},
        ),
        (
            lambda route: route.remove_response_header("a").remove_response_header("b"),
            {"remove_response_headers": ["a", "b"]},
        ),
        (
            lambda route: route.set_response_header("a", "1").set_response_header("b", "2"),
            {"set_response_headers": {"a": "1", "b": "2"}},
        ),
    ],
)
def test_each_method_has_its_header_map(helper: Any, expected: Any) -> None:
    """Maps hold names and values, removals are lists in the order of the calls."""
    assert headers(helper) == expected


@pytest.mark.parametrize(
    "method, feature",
    [
        ("set_response_header", "set_response_headers"),
        ("add_response_header", "add_response_headers"),
        ("set_request_header", "set_request_headers"),
    ],
)
def test_a_later_value_for_the_same_name_replaces_the_earlier(method: str, feature: str) -> None:
    """Names are compared without regard to case; the later spelling stays."""

    def helper(route: Route) -> None:
        for name, value in [("x-a", "1"), ("x-b", "2"), ("X-A", "3")]:
            getattr(route, method)(name, value)

    assert list(headers(helper)[feature].items()) == [("x-b", "2"), ("X-A", "3")]


@pytest.mark.parametrize(
    "regex, count, value",
    [
        (re.compile("a"), 0, "%{resp_x_a//a/b}"),
        (re.compile("a"), 1, "%{resp_x_a/a/b}"),
        (re.compile("a", re.I), 0, "%{resp_x_a//(?i)a/b}"),
        (re.compile("(?i)a"), 1, "%{resp_x_a/(?i)a/b}"),
        (re.compile("(?is)a"), 1, "%{resp_x_a/(?i)a/b}"),
        (re.compile("http://(.*)"), 1, r"%{resp_x_a/http:\/\/(.*)/b}"),
        (re.compile(r"http:\/\/"), 1, r"%{resp_x_a/http:\/\//b}"),
        (re.compile("[/]x/"), 1, r"%{resp_x_a/[/]x\//b}"),
        (re.compile(r"\\/"), 1, r"%{resp_x_a/\\\//b}"),
        (re.compile(r"[\]/]/"), 1, r"%{resp_x_a/[\]/]\//b}"),
    ],
)
def test_update_response_header_writes_a_replacement(regex: re.Pattern[str], count: Any, value: str) -> None:
    """A doubled slash replaces all; a bare slash outside brackets is escaped."""
    found = headers(lambda route: route.update_response_header("x-a", regex, "b", count=count))
    assert found == {"set_response_headers": {"x-a": value}}


def test_update_request_header_reads_the_request() -> None:
    """All matches, unless told otherwise."""
    found = headers(lambda route: route.update_request_header("cookie", re.compile("a=1"), "a=2"))
    assert found == {"set_request_headers": {"cookie": "%{http_cookie//a=1/a=2}"}}


@pytest.mark.parametrize(
    "helper, kind, message",
    [
        (
            lambda route: route.update_response_header("x", "a", "b"),
            HelperError,
            "is not a compiled regular expression",
        ),
        (
            lambda route: route.update_response_header("x", re.compile("a"), "b", count=2),
            HelperError,
            "0 for every match, 1 for the first",
        ),
        (
            lambda route: route.update_response_header("x", re.compile(r"\Aa"), "b"),
            RegexError,
            "not portable",
        ),
        (
            lambda route: route.update_request_header(7, re.compile("a"), "b"),
            HelperError,
            "name: 7; expected text",
        ),
        (
            lambda route: route.set_response_header(7, "b"),
            HelperError,
            "header: 7; expected text",
        ),
        (lambda route: route.set_response_header("x", 7), RuleError, "set_response_headers.x: 7"),
        (lambda route: route.set_response_header("x", "a\nb"), RuleError, "set_response_headers.x"),
        (lambda route: route.set_response_header("x:y", "b"), RuleError, "x:y"),
        (lambda route: route.remove_response_header(None), RuleError, "remove_response_headers"),
    ],
)
def test_wrong_headers_are_refused(helper: Any, kind: type[RuleError], message: str) -> None:
    """Each with what was wrong."""
    with pytest.raises(kind) as raised:
        Router().match("/a", helper)
    assert message in str(raised.value)


def test_a_replacement_that_can_take_very_long_is_warned_of() -> None:
    """With the line of the helper's call."""
    router = Router().match("/a", lambda route: route.update_response_header("x", re.compile("(a+)+$"), "b"))
    assert [(found.code, found.source is not None) for found in router.warnings] == [
        ("regex-backtracking", True)
    ]


# Cookies


@pytest.mark.parametrize(
    "options, cookie",
    [
        ({}, "n=v"),
        ({"path": "/", "max_age": 60}, "n=v; Path=/; Max-Age=60"),
        ({"max_age": 60, "path": "/"}, "n=v; Max-Age=60; Path=/"),
        ({"same_site": "Lax", "secure": True}, "n=v; SameSite=Lax; Secure"),
        ({"http_only": True, "secure": False}, "n=v; HttpOnly"),
        ({"domain": "shop.example", "expires": "Thu, 01 Jan 2026 00:00:00 GMT"},
         "n=v; Domain=shop.example; Expires=Thu, 01 Jan 2026 00:00:00 GMT"),
        ({"max_age": 0}, "n=v; Max-Age=0"),
    ],
)  # fmt: skip
def test_add_response_cookie_writes_its_options_in_order(options: Any, cookie: str) -> None:
    """A flag stands without value; False leaves it out."""
    found = headers(lambda route: route.add_response_cookie("n", "v", **options))
    assert found == {"add_response_headers": {"set-cookie": cookie}}


@pytest.mark.parametrize(
    "first",
    [
        lambda route: route.add_response_cookie("a", "1"),
        lambda route: route.add_response_header("Set-Cookie", "a=1"),
    ],
)
def test_a_second_cookie_in_one_rule_is_refused_with_the_way_out(first: Any) -> None:
    """A header map holds one value a name."""

    def helper(route: Route) -> None:
        first(route)
        route.add_response_cookie("b", "2")

    with pytest.raises(HelperError, match="add the second cookie in another rule"):
        Router().match("/a", helper)


# CORS and security


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, {"Access-Control-Allow-Origin": "*"}),
        ({"origin": "https://a.example"}, {"Access-Control-Allow-Origin": "https://a.example"}),
        (
            {"methods": ["get", "post"]},
            {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "get, post"},
        ),
        ({"methods": "GET"}, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET"}),
        (
            {"headers": ("a", "b")},
            {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "a, b"},
        ),
        ({"max_age": 3600}, {"Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "3600"}),
        ({"max_age": 0}, {"Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "0"}),
        (
            {"credentials": True},
            {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"},
        ),
        (
            {"credentials": False},
            {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "false"},
        ),
    ],
)
def test_allow_cors_writes_each_header_only_when_given(options: Any, expected: Any) -> None:
    """All as text."""
    assert headers(lambda route: route.allow_cors(**options)) == {"set_response_headers": expected}


def test_allow_cors_writes_its_headers_in_fixed_order() -> None:
    """Whatever the order of the options."""
    found = headers(
        lambda route: route.allow_cors(credentials=True, max_age=1, headers="h", methods="m", origin="o")
    )
    assert [name.removeprefix("Access-Control-") for name in found["set_response_headers"]] == [
        "Allow-Origin",
        "Allow-Methods",
        "Allow-Headers",
        "Max-Age",
        "Allow-Credentials",
    ]


SECURITY = {
    "x-frame-options": "SAMEORIGIN",
    "x-xss-protection": "1; mode=block",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


def test_set_security_headers_sets_the_usual_four() -> None:
    """In lower case, in this order."""
    found = headers(lambda route: route.set_security_headers())["set_response_headers"]
    assert list(found.items()) == list(SECURITY.items())


@pytest.mark.parametrize("name", SECURITY)
def test_a_security_header_can_be_changed_or_left_out(name: str) -> None:
    """False leaves it out."""
    option = name.replace("-", "_")
    changed = headers(lambda route: route.set_security_headers(**{option: "other"}))
    assert changed == {"set_response_headers": {**SECURITY, name: "other"}}
    without = headers(lambda route: route.set_security_headers(**{option: False}))
    assert name not in without["set_response_headers"]
    assert len(without["set_response_headers"]) == 3
