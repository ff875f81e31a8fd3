"""How a rule is filtered for the manifest: comment, features, conditions, chains; from the inside out."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router, RuleSet, raw
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.browser_view.filter import LISTED_FEATURES, Unsupported
from prefetchrouter.rules.rule_json import rule_to_json

HOUR = {"caching": {"max_age": {"200": "1h"}}}
DAY = {"caching": {"max_age": {"200": "1d"}}}
HIDDEN = {**HOUR, "comment": "cache-manifest-ignore"}
NOTHING: dict[str, Any] = {"headers": {"set_response_headers": {"x-a": "1"}}}

A: dict[str, Any] = {"==": [{"request": "path"}, "/a"]}
B: dict[str, Any] = {"==": [{"request": "path"}, "/b"]}
C: dict[str, Any] = {"==": [{"request": "path"}, "/c"]}
COOKIE: dict[str, Any] = {"===": [{"request.cookie": "session"}, "1"]}
COUNTRY: dict[str, Any] = {"===": [{"location": "country"}, "DE"]}


def listed(*rules: Any, unsupported: Unsupported = "ignore") -> list[Any]:
    """What the manifest lists of rules in the rule language."""
    rule_set = RuleSet.from_json(list(rules), "raw")
    found = [filtered.listed for filtered in filter_rules(rule_set.rules, unsupported)]
    return [rule_to_json(rule) for rule in found if rule is not None]


def when(*parts: Any) -> dict[str, Any]:
    return {"if": list(parts)}


# Features


def test_only_what_decides_prefetching_is_listed() -> None:
    """The four features, in the order written."""
    caching = {
        "bypass_client_cache": True,
        "stale_while_revalidate": "1d",
        "service_worker_max_age": "1h",
        "client_max_age": "1h",
        "bypass_cache": False,
        "max_age": {"200": "1h", "404": "1m"},
    }
    (rule,) = listed(
        when(A, {**NOTHING, "caching": caching, "origin": {"set_origin": "web"}, "comment": "note"})
    )
    assert list(rule["if"][1]["caching"].items()) == [
        ("bypass_client_cache", True),
        ("service_worker_max_age", "1h"),
        ("bypass_cache", False),
        ("max_age", {"200": "1h", "404": "1m"}),
    ]
    assert list(rule["if"][1]) == ["caching"]


@pytest.mark.parametrize(
    "feature, value",
    [
        ("max_age", {"200": "1h"}),
        ("service_worker_max_age", "1h"),
        ("bypass_cache", True),
        ("bypass_client_cache", True),
    ],
)
def test_each_listed_feature_is_enough_for_a_rule(feature: str, value: Any) -> None:
    """It stands alone."""
    assert f"caching.{feature}" in LISTED_FEATURES
    assert listed(when(A, {"caching": {feature: value}})) == [when(A, {"caching": {feature: value}})]


@pytest.mark.parametrize("features", [NOTHING, {}, {"caching": {}}, {"caching": {"client_max_age": "1h"}}])
def test_a_rule_left_without_features_is_dropped(features: Any) -> None:
    """There is nothing to say about its URLs."""
    assert listed(when(A, features), features) == []


def test_a_rule_without_condition_stays_without() -> None:
    """It speaks for every URL, as it was meant to."""
    assert listed(HOUR, {**HOUR, **NOTHING}) == [HOUR, HOUR]


@pytest.mark.parametrize("statuses, max_age", [((), {"200": "1h"}), ((404,), {"200": "1h", "404": "1h"})])
def test_a_text_max_age_is_listed_as_the_rule_set_exports_it(statuses: Any, max_age: Any) -> None:
    """By status, further statuses included."""
    router = Router().always(
        lambda route: route.cache(edge={"max_age_seconds": "1h"}, cacheable_status_codes=statuses)
    )
    (filtered,) = filter_rules(router.rules)
    assert filtered.listed is not None
    assert rule_to_json(filtered.listed) == {"caching": {"max_age": max_age}}


# Conditions


@pytest.mark.parametrize(
    "asked",
    [
        *({"request": name} for name in ("path", "origin_path", "method", "scheme")),
        *({"request": name} for name in ("query", "querystring", "origin_query_string")),
        {"request.origin_query": "q"},
    ],
)
@pytest.mark.parametrize("operator", ["===", "!==", "=~", "!~"])
def test_conditions_on_what_a_url_tells_are_listed(asked: Any, operator: str) -> None:
    """With whatever operator."""
    rule = when({operator: [asked, "x"]}, HOUR)
    assert listed(rule) == [rule]


@pytest.mark.parametrize(
    "asked",
    [
        {"request": "client_ip"},
        {"request": "referring_domain"},
        {"request": "pop_code"},
        {"request.header": "accept"},
        {"request.cookie": "session"},
        {"location": "country"},
        {"device": "is_mobile"},
        {"variable": "http_x"},
        {"response": "status_code"},
    ],
)
def test_conditions_on_anything_else_are_not(asked: Any) -> None:
    """The rule would speak for every URL, so it goes too; beside another it goes alone."""
    unknown = {"===": [asked, "x"]}
    assert listed(when(unknown, HOUR)) == []
    assert listed(when({"and": [A, unknown]}, HOUR)) == [when(A, HOUR)]


def test_random_is_not_known_in_the_browser() -> None:
    """It is drawn at the edge."""
    assert listed(when({"and": [A, {"<": [{"random": 99}, 10]}]}, HOUR)) == [when(A, HOUR)]


@pytest.mark.parametrize(
    "condition, left",
    [
        ({"and": [A, COOKIE, B]}, {"and": [A, B]}),
        ({"or": [A, COOKIE, B]}, {"or": [A, B]}),
        ({"and": [A, COOKIE]}, A),
        ({"or": [COOKIE, A]}, A),
        ({"and": [A]}, A),
        ({"or": [A]}, A),
        ({"and": [{"or": [COOKIE, A]}, {"or": [B, COUNTRY]}]}, {"and": [A, B]}),
        ({"and": [{"or": [COOKIE, COUNTRY]}, A]}, A),
        ({"or": [{"and": [COOKIE, COUNTRY]}, {"and": [A, B]}]}, {"and": [A, B]}),
        ({"or": [{"and": [{"or": [{"and": [A, COOKIE]}]}]}]}, A),
        ({"and": [A, B]}, {"and": [A, B]}),
    ],
)
def test_unknown_conditions_are_taken_out_where_they_stand(condition: Any, left: Any) -> None:
    """One member left becomes that member; none left, and the whole is taken out."""
    assert listed(when(condition, HOUR)) == [when(left, HOUR)]


@pytest.mark.parametrize(
    "condition",
    [
        COOKIE,
        {"and": [COOKIE, COUNTRY]},
        {"or": [COOKIE]},
        {"and": [{"or": [COOKIE, COUNTRY]}, {"and": [COOKIE]}]},
    ],
)
def test_a_rule_that_is_left_without_condition_is_dropped(condition: Any) -> None:
    """It would speak for every URL of the site."""
    assert listed(when(condition, HOUR)) == []


@pytest.mark.parametrize("condition", [{"and": [A, COOKIE]}, {"or": [A, COOKIE]}, COOKIE])
def test_rules_with_unknown_conditions_can_be_dropped_instead(condition: Any) -> None:
    """If the build says so; others stay."""
    assert listed(when(condition, HOUR), when(B, HOUR), unsupported="drop") == [when(B, HOUR)]


# The comment


@pytest.mark.parametrize(
    "comment", ["cache-manifest-ignore", "a cache-manifest-ignore b", "xcache-manifest-ignorex"]
)
def test_the_marker_anywhere_in_a_comment_hides_the_rule(comment: str) -> None:
    """With its condition: hiding a rule hides its path."""
    assert listed(when(A, {**HOUR, "comment": comment}), {**HOUR, "comment": comment}) == []


@pytest.mark.parametrize("comment", ["", "cache-manifest", "Cache-Manifest-Ignore", "cache manifest ignore"])
def test_other_comments_hide_nothing(comment: str) -> None:
    """The marker is one word, in lower case."""
    assert listed(when(A, {**HOUR, "comment": comment})) == [when(A, HOUR)]


def test_a_hidden_first_element_hides_the_whole_list() -> None:
    """It opens the branch."""
    assert listed(when(A, [HIDDEN, DAY])) == []
    assert listed(when(A, [[HIDDEN, HOUR], DAY])) == []


def test_a_hidden_later_element_hides_itself() -> None:
    """What stands before and after stays."""
    assert listed(when(A, [HOUR, HIDDEN, DAY])) == [when(A, [HOUR, DAY])]


def test_a_hidden_rule_inside_a_list_hides_itself() -> None:
    """Its chain has its own condition."""
    assert listed(when(A, [HOUR, when(B, HIDDEN)])) == [when(A, [HOUR])]
    assert listed(when(A, [{}, when(B, HIDDEN), when(C, DAY)])) == [when(A, [when(C, DAY)])]


def test_a_hidden_branch_goes_with_its_condition_and_the_else() -> None:
    """Branches before and after it stay; the else would speak for its URLs."""
    assert listed(when(A, HOUR, B, HIDDEN, C, DAY, HOUR)) == [when(A, HOUR, C, DAY)]


def test_a_hidden_else_hides_itself() -> None:
    """Nothing falls through to it."""
    assert listed(when(A, HOUR, HIDDEN)) == [when(A, HOUR)]
    assert listed(when(A, HOUR, [HIDDEN, DAY])) == [when(A, HOUR)]


def test_a_marker_beside_the_if_hides_the_chain() -> None:
    """Newer rule sets write the comment there."""
    assert listed({**when(A, HOUR, DAY), "comment": "cache-manifest-ignore"}) == []


# Chains, lists and nesting


def test_an_else_goes_with_a_branch_that_is_lost() -> None:
    """It would speak for that branch's URLs too."""
    assert listed(when(A, HOUR, COOKIE, DAY, B, DAY, HOUR)) == [when(A, HOUR, B, DAY)]
    assert listed(when(COOKIE, DAY, HOUR)) == []


def test_an_else_stays_while_all_branches_do() -> None:
    """Even when one of them has lost a part of its condition."""
    assert listed(when(A, HOUR, {"and": [B, COOKIE]}, DAY, HOUR)) == [when(A, HOUR, B, DAY, HOUR)]


def test_a_branch_without_listed_features_still_keeps_its_requests() -> None:
    """Later branches and the else must not get them: the manifest would say more than the rules."""
    assert listed(when(A, NOTHING, B, HOUR)) == [when(A, {}, B, HOUR)]
    assert listed(when(A, NOTHING, HOUR)) == [when(A, {}, HOUR)]


def test_branches_without_listed_features_at_the_end_are_dropped() -> None:
    """There is no one to keep their requests from."""
    assert listed(when(A, HOUR, B, NOTHING, C, {}, NOTHING)) == [when(A, HOUR)]
    assert listed(when(A, NOTHING, B, {}, NOTHING)) == []


def test_an_else_alone_can_be_worth_listing() -> None:
    """For all URLs but those of the branches."""
    assert listed(when(A, NOTHING, B, [NOTHING], DAY)) == [when(A, {}, B, {}, DAY)]


def test_lists_lose_what_is_not_listed_and_stay_lists() -> None:
    """An empty one is nothing."""
    assert listed(when(A, [NOTHING, HOUR])) == [when(A, [HOUR])]
    assert listed(when(A, [NOTHING, {}])) == []
    assert listed([NOTHING, HOUR], []) == [[HOUR]]


def test_nested_rules_are_filtered_from_the_inside_out() -> None:
    """A nested rule without its own conditions goes, and so may its parent."""
    inner = when(COOKIE, HOUR)
    assert listed(when(A, [{}, inner])) == []
    assert listed(when(A, [DAY, inner, when({"and": [B, COUNTRY]}, [{}, when(C, HOUR)])])) == [
        when(A, [DAY, when(B, [when(C, HOUR)])])
    ]


def test_rules_keep_their_order() -> None:
    """Later ones win."""
    assert listed(when(A, HOUR), when(COOKIE, HOUR), DAY, when(B, HOUR)) == [
        when(A, HOUR),
        DAY,
        when(B, HOUR),
    ]


def test_rules_of_a_router_are_filtered_like_those_of_a_rule_set() -> None:
    """Through criteria and helpers."""
    router = (
        Router()
        .get({"path": "/a", "cookies": {"session": "1"}}, caching={"max_age": "1h"})
        .match(
            raw({"and": [B, COUNTRY]}), lambda route: route.cache(edge={"max_age_seconds": "1h"}).send("x")
        )
    )
    found = [filtered.listed for filtered in filter_rules(router.rules)]
    assert [rule_to_json(rule) for rule in found if rule] == [
        when({"and": [A, {"===": [{"request": "method"}, "GET"]}]}, HOUR),
        when(B, HOUR),
    ]
