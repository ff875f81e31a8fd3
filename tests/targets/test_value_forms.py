"""The forms of values: each has a name, and a rule that uses one is found with its line."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Property, Router, RuleSet
from prefetchrouter.errors import UnsupportedError
from prefetchrouter.output.building import build
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target, approximate, none
from prefetchrouter.targets.findings import findings
from prefetchrouter.targets.uses import uses
from prefetchrouter.targets.value_forms import VALUE_FORMS, parent_of

HEADER = {"request.header": "x-a"}
USED: dict[str, Any] = {
    "%{...}": {"headers": {"set_request_headers": {"x-a": "%{host}"}}},
    "%{...:=default}": {"headers": {"set_response_headers": {"x-a": "%{host:=a}"}}},
    "%{...=default}": {"headers": {"add_response_headers": {"x-a": "%{host=a}"}}},
    "%{...:+text}": {"response": {"set_response_body": "%{host:+a}"}},
    "%{...+text}": {"response": {"set_response_body": "%{host+a}"}},
    "%{...:offset:length}": {"caching": {"cache_key": {"include_expressions": ["%{host:0:3}"]}}},
    "%{...#regex}": {"headers": {"set_request_headers": {"x-a": "%{host#^a}"}}},
    "%{...%regex}": {"headers": {"set_request_headers": {"x-a": "%{host%a}"}}},
    "%{.../regex/new}": {"url": {"url_redirect": {"destination": "/%{path/a/b}"}}},
    "%{...//regex/new}": {"headers": {"set_request_headers": {"x-a": "%{host//a/b}"}}},
    "%{.../=regex/new}": {"headers": {"set_request_headers": {"x-a": "%{host/=(a)/$1}"}}},
    "%{...,}": {"headers": {"set_request_headers": {"x-a": "%{host,,}"}}},
    "%{...,regex}": {"headers": {"set_request_headers": {"x-a": "%{host,A}"}}},
    "%{...^}": {"headers": {"set_request_headers": {"x-a": "%{host^}"}}},
    "%{...^regex}": {"headers": {"set_request_headers": {"x-a": "%{host^^a}"}}},
    "regex": {"if": [{"=~": [HEADER, "^a"]}, {"comment": "x"}]},
    "regex (?=...)": {
        "url": {"url_rewrite": [{"source": "^/(?!a)", "destination": "/b", "syntax": "regexp"}]}
    },
    r"regex \b": {"if": [{"!~": [HEADER, r"\ba"]}, {"comment": "x"}]},
    "regex (?<name>...)": {"if": [{"=~": [HEADER, "^(?<a>b)"]}, {"comment": "x"}]},
    "regex of other than ASCII": {"response": {"set_response_body": "%{host/\u00e9/e}"}},
    "two variables": {"if": [{"===": [HEADER, {"request.header": "x-b"}]}, {"comment": "x"}]},
    "number": {"if": [{"===": [{"device": "resolution_width"}, 5]}, {"comment": "x"}]},
    "network": {"if": [{"in": [{"request": "client_ip"}, ["10.0.0.0/8"]]}, {"comment": "x"}]},
    "negative duration": {"caching": {"client_max_age": "-1s"}},
    "+header": {"headers": {"set_response_headers": {"+x-a": "b"}}},
    "header from a variable": {"headers": {"set_response_headers": {"x-a": {"request": "path"}}}},
    "header name with a dot": {"headers": {"set_response_headers": {"x.a": "b"}}},
    "status from a text": {"response": {"set_status_code": "%{status}"}},
    "source of path and query": {"url": {"url_redirect": {"source": "old", "destination": "/new"}}},
    "NUL": {"response": {"set_response_body": "a\0b"}},
}


class Edge(Target):
    """A target that supports all but one form of each kind."""

    name = "edge"
    summary = "Nothing."
    support = SupportTable(
        value_forms={"%{...}": FULL, "%{...^}": none("no letters"), "number": approximate("as text")},
        otherwise=FULL,
    )

    def print(self, job: Job) -> list[Artifact]:
        """Print nothing."""
        return []


def rule_set(rule: Any) -> RuleSet:
    """Return a rule set of one rule."""
    return RuleSet.from_json({"rules": [rule]}, "raw")


def test_each_form_has_a_rule_that_uses_it() -> None:
    """A form that none could use would be a name without meaning."""
    assert list(USED) == list(VALUE_FORMS)


@pytest.mark.parametrize("form", VALUE_FORMS)
def test_a_rule_that_uses_a_form_is_found(form: str) -> None:
    """And no rule uses what is not in the list."""
    found = [use.name for use in uses(rule_set(USED[form]).rules) if use.kind == "value form"]
    assert form in found
    assert set(found) <= set(VALUE_FORMS)
    assert parent_of(form) is None or parent_of(form) in VALUE_FORMS


def test_plain_values_have_no_form() -> None:
    """Most rules have none."""
    router = Router().get(
        "/a/:id", caching={"max_age": "1h"}, headers={"set_response_headers": {"x": "100 %"}}
    )
    router = router.match("/old", lambda route: route.redirect("/new"))
    assert [use.name for use in uses(router.rules) if use.kind == "value form"] == []


def test_a_form_that_a_target_lacks_is_an_error_with_the_line() -> None:
    """With what the table says of it."""
    router = Router().always(headers={"set_response_headers": {"x-a": "%{host}", "x-b": "%{path^}"}})
    with pytest.raises(UnsupportedError) as error:
        build(router, targets=[Edge()])
    (found,) = error.value.diagnostics
    assert found.source is not None
    assert found.source.file.endswith("test_value_forms.py")
    assert found.text.startswith('the target "edge" does not support the value form "%{...^}" (no letters)')


def test_an_approximated_form_is_a_warning() -> None:
    """Which says where it differs."""
    built = build(rule_set(USED["number"]), targets=[Edge()])
    assert [found.text for found in built.warnings] == [
        'rules[0]: the target "edge" only approximates the value form "number": as text'
    ]


@pytest.mark.parametrize("value", ["%{host:0:3}", "%{host:=a}"])
def test_a_name_speaks_for_its_forms_and_what_no_table_names_is_supported(value: str) -> None:
    """So a table of another package that names none says nothing of them."""
    router = Router().always(headers={"set_response_headers": {"x-a": value}})
    assert build(router, targets=[Edge()]).warnings == ()
    table = SupportTable(value_forms={"%{...}": none("no variables")}, otherwise=FULL)
    assert [use.kind for use, _ in findings(table, router.rules)] == ["value form"]


def test_a_variable_in_a_text_needs_support_as_in_a_condition() -> None:
    """Else the text would come out empty."""
    table = SupportTable(variables={"variable.geo_city": none("it is unknown")}, otherwise=FULL)
    router = Router().always(headers={"set_response_headers": {"x-a": "%{geo_city}%{host}"}})
    assert [use.name for use, _ in findings(table, router.rules)] == ["variable.geo_city"]


@pytest.mark.parametrize(
    ("source", "found"), [("header:x-city", []), ("platform:city", ["variable.geo_city", "location.city"])]
)
def test_a_fact_that_is_in_a_header_is_supported_as_the_header_is(source: str, found: list[str]) -> None:
    """Whatever the table says of places."""
    table = SupportTable(
        variables={"variable.geo_city": none("unknown"), "location.*": none("unknown")}, otherwise=FULL
    )
    router = Router().always(headers={"set_response_headers": {"x-a": "%{geo_city}"}})
    router = router.match({"location": {"city": "Rome"}}, comment="x")
    site = Property(facts={"location.city": source})
    assert [use.name for use, _ in findings(table, router.rules, site.facts or {})] == found
