"""Conditions and rules in a few words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from prefetchrouter import Router
from prefetchrouter.report.describe import describe_condition, describe_rule
from prefetchrouter.rules.condition_json import condition_from_json
from prefetchrouter.rules.rule_json import rule_from_json
from strategies.rule_sets import rules

PATH: dict[str, Any] = {"request": "path"}
A: dict[str, Any] = {"==": [PATH, "/a"]}
B: dict[str, Any] = {"===": [PATH, "/b"]}
C: dict[str, Any] = {"===": [{"request": "method"}, "GET"]}


@pytest.mark.parametrize(
    "condition, text",
    [
        ({"==": [PATH, "/a/:id"]}, "path matches /a/:id"),
        ({"!=": [PATH, "/a"]}, "path does not match /a"),
        ({"===": [PATH, "/a"]}, "path is /a"),
        ({"!==": [PATH, ""]}, 'path is not ""'),
        ({"=~": [PATH, "^/a"]}, "path matches regex ^/a"),
        ({"!~": [PATH, "^/a"]}, "path does not match regex ^/a"),
        ({"in": [PATH, ["/a", "/b"]]}, "path is one of /a, /b"),
        ({"not_in": [PATH, []]}, "path is not one of (nothing)"),
        ({"<": [{"random": 99}, 10]}, "random 99 < 10"),
        ({"<=": [720, {"device": "resolution_height"}, 1080]}, "720 <= device resolution_height <= 1080"),
        ({"===": [{"request": "client_ip"}, "192.0.2.1"]}, "client ip is 192.0.2.1"),
        ({"===": [{"request.header": "accept"}, "x"]}, "header accept is x"),
        ({"===": [{"request.cookie": "session"}, "x"]}, "cookie session is x"),
        ({"===": [{"request.origin_query": "q"}, "x"]}, "query q is x"),
        ({"===": [{"request.path": "extension"}, "x"]}, "path extension is x"),
        ({"===": [{"location": "country"}, "DE"]}, "location country is DE"),
        ({"===": [{"variable": "http_x"}, "1"]}, "http_x is 1"),
        ({"=~": [{"response": "status_code"}, "^5"]}, "status code matches regex ^5"),
        ({"===": [PATH, {"request": "origin_path"}]}, None),
        ({"and": [A, C]}, "path matches /a and method is GET"),
        ({"or": [A, B]}, "path matches /a or path is /b"),
        ({"and": [{"or": [A, B]}, C]}, "(path matches /a or path is /b) and method is GET"),
        ({"or": [{"and": [A, C]}, B]}, "(path matches /a and method is GET) or path is /b"),
        ({"and": [{"and": [A, B]}, C]}, "path matches /a and path is /b and method is GET"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Any, text: str | None) -> None:
    """Brackets stand only where they are needed."""
    described = describe_condition(condition_from_json(condition))
    assert described == (text or "path is origin path")


@pytest.mark.parametrize(
    "rule, text",
    [
        ({"comment": "x"}, "every request"),
        ([{}, {}], "2 rules for every request"),
        ({"if": [A, {}]}, "path matches /a"),
        ({"if": [A, {}, {}]}, "path matches /a (and 1 more branch)"),
        ({"if": [A, {}, B, {}, {}]}, "path matches /a (and 2 more branches)"),
    ],
)
def test_a_rule_reads_as_what_it_is_for(rule: Any, text: str) -> None:
    """A chain by its first branch, and how many more there are."""
    assert describe_rule(rule_from_json(rule)) == text


def test_a_rule_of_a_router_reads_the_same() -> None:
    """However it was made."""
    assert describe_rule(Router().get("/a", {}).rules[0]) == "path matches /a and method is GET"


@given(rules())
def test_every_rule_has_a_description(rule: Any) -> None:
    """One line."""
    text = describe_rule(rule_from_json(rule, "raw"))
    assert text
    assert "\n" not in text
