"""What a helper's route writes: features unchanged, comment, origin and response."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Features, Route, Router, RuleError, compile_rules
from prefetchrouter.errors import FeatureError, HelperError


def written(helper: Any, criteria: Any = "/p/:id") -> Any:
    """The features that a helper function writes, before they are exported."""
    route = Route()
    helper(route)
    Router().match(criteria, helper)
    return route.features


def test_a_route_that_nothing_was_done_with_writes_nothing() -> None:
    """The rule has empty features."""
    assert written(lambda route: None) == {}


def test_every_method_returns_the_route() -> None:
    """Calls can be chained, and what the function returns does not matter."""
    assert compile_rules(Router().always(lambda route: route.set_comment("a").set_origin("web"))) == [
        {"comment": "a", "origin": {"set_origin": "web"}}
    ]


def test_a_helper_may_be_a_def_without_result() -> None:
    """Only what it writes counts."""

    def helper(route: Route) -> None:
        route.set_comment("a")

    assert compile_rules(Router().always(helper)) == [{"comment": "a"}]


def test_sections_stand_in_the_order_in_which_they_were_written() -> None:
    """The rule set keeps it."""
    features = written(
        lambda route: route.set_response_code(200).set_origin("web").set_response_header("a", "b")
    )
    assert list(features) == ["response", "origin", "headers"]


# add_features


def test_add_features_merges_sections() -> None:
    """What other methods wrote in other sections stays."""
    features = written(lambda route: route.set_origin("web").add_features({"comment": "a"}))
    assert features == {"origin": {"set_origin": "web"}, "comment": "a"}


def test_add_features_replaces_a_section_that_is_there() -> None:
    """A section is one thing."""
    features = written(
        lambda route: route.cache(edge={"max_age_seconds": 60}).add_features(
            {"caching": {"client_max_age": "1h"}}
        )
    )
    assert features == {"caching": {"client_max_age": "1h"}}


def test_what_is_written_after_add_features_goes_into_its_sections() -> None:
    """As into any other section."""
    features = written(
        lambda route: route.add_features({"caching": {"client_max_age": "1h"}}).cache(
            edge={"max_age_seconds": 60}
        )
    )
    assert features == {"caching": {"client_max_age": "1h", "max_age": "60s"}}


@pytest.mark.parametrize("features", [None, "caching", ["caching"], Features()])
def test_add_features_takes_a_mapping(features: Any) -> None:
    """A model has its own place: the rule's target."""
    with pytest.raises(HelperError, match="expected a mapping of features"):
        Router().always(lambda route: route.add_features(features))


def test_wrong_features_are_reported_when_the_helper_has_run() -> None:
    """With the line of the rule."""
    with pytest.raises(FeatureError, match='did you mean "caching"') as raised:
        Router().always(lambda route: route.add_features({"cachng": {}}))  # type: ignore[typeddict-unknown-key]
    assert raised.value.diagnostics[0].source is not None


# set_comment and set_origin


@pytest.mark.parametrize(
    "helper, comment",
    [
        (lambda route: route.set_comment("a"), "a"),
        (lambda route: route.set_comment("a").set_comment("b"), "b"),
        (lambda route: route.set_comment("a").set_comment("b", append=True), "a b"),
        (lambda route: route.set_comment("b", append=True), "b"),
    ],
)
def test_set_comment_sets_or_appends(helper: Any, comment: str) -> None:
    """Appended text stands after a space."""
    assert written(helper) == {"comment": comment}


def test_set_origin_names_the_origin() -> None:
    """The last one counts."""
    assert written(lambda route: route.set_origin("a").set_origin("b")) == {"origin": {"set_origin": "b"}}


# The response


def test_set_response_code_sets_the_status() -> None:
    """Nothing else."""
    assert written(lambda route: route.set_response_code(410)) == {"response": {"set_status_code": 410}}


@pytest.mark.parametrize(
    "helper, response",
    [
        (lambda route: route.set_response_body("hi"), {"set_done": False, "set_response_body": "hi"}),
        (
            lambda route: route.set_response_body("hi", 200),
            {"set_done": False, "set_response_body": "hi", "set_status_code": 200},
        ),
        (
            lambda route: route.set_response_body("hi", code=200, done=True),
            {"set_done": True, "set_response_body": "hi", "set_status_code": 200},
        ),
        (lambda route: route.send("hi"), {"set_done": True, "set_response_body": "hi"}),
        (
            lambda route: route.send("hi", 404),
            {"set_done": True, "set_response_body": "hi", "set_status_code": 404},
        ),
    ],
)
def test_a_response_body_says_whether_the_origin_is_asked(helper: Any, response: Any) -> None:
    """`set_done` is always written."""
    assert written(helper) == {"response": response}


def test_a_response_body_is_exported_as_base64() -> None:
    """Of its UTF-8 bytes."""
    rules = compile_rules(Router().always(lambda route: route.send("<p>wörld</p>")))
    assert rules == [{"response": {"set_done": True, "set_response_body": "PHA+d8O2cmxkPC9wPg=="}}]


@pytest.mark.parametrize("arguments, value", [((), True), ((True,), True), ((False,), False)])
def test_optimize_images_turns_it_on_or_off(arguments: tuple[bool, ...], value: bool) -> None:
    """On unless told otherwise."""
    assert written(lambda route: route.optimize_images(*arguments)) == {
        "response": {"optimize_images": value}
    }


@pytest.mark.parametrize(
    "helper",
    [
        lambda route: route.set_response_code(99),
        lambda route: route.set_origin(None),
        lambda route: route.set_comment(1),
        lambda route: route.send(None),
        lambda route: route.optimize_images("yes"),
    ],
)
def test_wrong_values_are_refused(helper: Any) -> None:
    """As when they stand in a mapping."""
    with pytest.raises(RuleError) as raised:
        Router().match("/a", helper)
    assert raised.value.code == "feature-value"


@pytest.mark.parametrize("method", ["compute", "render", "render_with_app", "transform_response"])
def test_what_runs_code_at_the_edge_has_no_method(method: str) -> None:
    """A rule set cannot hold it."""
    assert not hasattr(Route, method)


@pytest.mark.parametrize(
    "helper",
    [
        lambda route: route.set_response_code("20O"),
        lambda route: route.set_response_code(410.5),
        lambda route: route.set_response_code(True),
        lambda route: route.redirect("/x", 200),
        lambda route: route.redirect("", 301),
        lambda route: route.add_response_cookie("a b", "c"),
        lambda route: route.add_response_cookie("a", "b;c"),
        lambda route: route.add_response_cookie("a", "b", path="/;x"),
        lambda route: route.add_response_cookie("a", "b").add_response_header("Set-Cookie", "c=d"),
        lambda route: route.add_response_header("Set-Cookie", "c=d").add_response_cookie("a", "b"),
    ],
)
def test_what_a_helper_cannot_write_is_refused(helper: Any) -> None:
    """Before it reaches an edge."""
    with pytest.raises(RuleError) as raised:
        Router().match("/a", helper)
    assert raised.value.code == "helper"


def test_a_wrong_value_is_reported_at_the_line_of_the_helpers_call() -> None:
    """Not at the rule, which may be one of many that use the helper."""

    def helper(route: Any) -> None:
        route.set_origin("web")
        route.cache(edge={"max_age_seconds": "1hr"})

    with pytest.raises(RuleError, match='did you mean "1h"') as raised:
        Router().match("/a", helper)
    source = raised.value.diagnostics[0].source
    assert source is not None
    assert source.line == helper.__code__.co_firstlineno + 2
