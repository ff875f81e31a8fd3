"""`compile_rules`: the JSON that an edge takes, and origins that must be there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from prefetchrouter import Features, Origin, Property, Router, RuleSet, compile_rules
from prefetchrouter.errors import PropertyError
from prefetchrouter.rules.origin_names import check_origins
from strategies.effort import times
from strategies.programs import Program, programs, run

SITE = Property(origins=[Origin(name="web"), Origin(name="api")])


def exported(**features: Any) -> Any:
    """The exported features of one rule."""
    return compile_rules(Router().always(Features(**features)))[0]


# What the exported form changes


@pytest.mark.parametrize(
    "caching, max_age",
    [
        ({"max_age": "1h"}, {"200": "1h"}),
        ({"max_age": "1h", "cacheable_status_codes": [404, 301]}, {"200": "1h", "404": "1h", "301": "1h"}),
        ({"max_age": "1h", "cacheable_status_codes": [200]}, {"200": "1h"}),
        ({"max_age": {"404": "1m"}}, {"404": "1m"}),
        ({"max_age": {"404": "1m"}, "cacheable_status_codes": [301]}, {"404": "1m"}),
    ],
)
def test_a_text_max_age_becomes_a_mapping_by_status(caching: Any, max_age: Any) -> None:
    """200 first, then the further statuses; a mapping stays."""
    assert exported(caching=caching)["caching"]["max_age"] == max_age


def test_a_text_edge_function_becomes_an_object() -> None:
    """With the version of the functions' interface."""
    assert exported(edge_function="edge/a.js") == {"edge_function": {"js_path": "edge/a.js", "version": 2}}


def test_an_edge_function_object_stays() -> None:
    """It says all already."""
    assert exported(edge_function={"js_path": "a.js"}) == {"edge_function": {"js_path": "a.js"}}


@pytest.mark.parametrize("body, base64", [("", ""), ("hi", "aGk="), ("wörld €", "d8O2cmxkIOKCrA==")])
def test_a_response_body_becomes_base64_of_its_utf_8(body: str, base64: str) -> None:
    """An edge decodes it."""
    assert exported(response={"set_response_body": body}) == {"response": {"set_response_body": base64}}


def test_everything_else_is_as_written_in_the_order_written() -> None:
    """Keys of features, of header maps and of criteria's conditions."""
    features: Any = {
        "url": {"url_rewrite": [{"syntax": "regexp", "source": "a", "destination": "b"}]},
        "headers": {"set_response_headers": {"z": "1", "a": "2"}, "remove_response_headers": ["y", "b"]},
        "caching": {"stale_while_revalidate": "1d", "client_max_age": "1h"},
    }
    assert json.dumps(exported(**features)) == json.dumps(features)


def test_compiled_rules_are_the_users_to_change() -> None:
    """They are plain lists and mappings, not shared."""
    router = Router().match(["/a", "/b"], headers={"set_response_headers": {"x": "1"}})
    first = compile_rules(router)
    first[0]["if"][0]["in"][1].append("/c")
    first[0]["if"][1]["headers"]["set_response_headers"]["y"] = "2"
    assert compile_rules(router) != first
    assert compile_rules(router) == [
        {
            "if": [
                {"in": [{"request": "path"}, ["/a", "/b"]]},
                {"headers": {"set_response_headers": {"x": "1"}}},
            ]
        }
    ]


# Origins


@pytest.mark.parametrize("name", ["web", "edgio_static", "edgio_self"])
def test_origins_that_are_described_or_the_platforms_own_are_fine(name: str) -> None:
    """The platform's exist without being described."""
    check_origins(Router().always(origin={"set_origin": name}).rules, SITE)


@pytest.mark.parametrize("site", [None, Property(), Property(name="shop")])
def test_without_described_origins_any_name_is_fine(site: Property | None) -> None:
    """No one said what there is."""
    check_origins(Router().always(origin={"set_origin": "anything"}).rules, site)


def test_every_unknown_origin_is_reported_with_its_line_and_the_likely_name() -> None:
    """Wherever in the rules it stands."""
    nested = Router().match("/n", origin={"set_origin": "wbe"})
    router = (
        Router()
        .match("/a", nested)
        .if_("/b", {})
        .elif_("/c", {}, lambda route: route.proxy("apy"))
        .else_(origin={"set_origin": "other"})
    )
    with pytest.raises(PropertyError) as raised:
        check_origins(router.rules, SITE)
    found = raised.value.diagnostics
    assert [(d.code, d.hint) for d in found] == [
        ("unknown-origin", 'did you mean "web"?'),
        ("unknown-origin", 'did you mean "api"?'),
        ("unknown-origin", None),
    ]
    assert all(d.source and d.expected == "one of web, api" for d in found)


def test_a_property_with_no_origins_at_all_knows_only_the_platforms() -> None:
    """An empty list was given, so it counts."""
    with pytest.raises(PropertyError):
        check_origins(Router().always(origin={"set_origin": "web"}).rules, Property(origins=[]))


# Random programs


@times(3)
@given(programs())
def test_a_random_program_is_read_again_to_the_same_json(program: Program) -> None:
    """Exported and raw, through text, and with the keys in the same order."""
    router = run(program)
    rules = compile_rules(router)
    text = json.dumps({"rules": rules})
    assert json.dumps(RuleSet.from_json(text, "exported").to_json()) == text
    raw = json.dumps(RuleSet(rules=router.rules, form="raw").to_json())
    again = RuleSet.from_json(raw, "raw")
    assert json.dumps(again.to_json()) == raw
    assert compile_rules(again) == rules


@given(programs())
def test_a_random_program_gives_the_same_rules_each_time(program: Program) -> None:
    """Nothing depends on what ran before."""
    assert json.dumps(compile_rules(run(program))) == json.dumps(compile_rules(run(program)))
