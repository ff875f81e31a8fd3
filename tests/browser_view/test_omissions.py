"""What a build reports everything that the manifest does not show."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router, Source, and_, or_
from prefetchrouter.browser_view import Filtered, Omission, filter_rules
from prefetchrouter.browser_view.filter import Unsupported
from prefetchrouter.rules.rule import Chain

HOUR: Any = {"caching": {"max_age": "1h"}}
HIDDEN: Any = {**HOUR, "comment": "cache-manifest-ignore"}
NOTED: Any = {**HOUR, "comment": "note"}
LINE = Source("routes.py", 14)


def told(router: Router, unsupported: Unsupported = "ignore") -> list[tuple[str, str]]:
    """Reason and message of everything that is left out of a router's one rule."""
    (filtered,) = filter_rules(router.rules, unsupported)
    return [(omission.reason, omission.message) for omission in filtered.omissions]


def test_a_rule_that_is_listed_whole_leaves_nothing_to_tell() -> None:
    """Its unlisted features are not omissions."""
    assert told(Router().match("/a", NOTED)) == []


def test_a_condition_taken_out_of_an_and_widens_the_rule() -> None:
    """There are more visitors without it."""
    assert told(Router().match({"path": "/a", "cookies": {"session": "1"}}, HOUR)) == [
        (
            "condition",
            'condition on request.cookie "session" is not known in the browser; '
            "the rule is listed without it (it applies to more visitors there)",
        )
    ]


def test_a_condition_taken_out_of_an_or_narrows_the_rule() -> None:
    """It is reported each time, by the kind of join that it stands in."""
    router = Router().match(
        or_("/a", {"location": {"country": "DE"}}, and_("/b", {"headers": {"x": "1"}})), HOUR
    )
    assert [(reason, "fewer" in message) for reason, message in told(router)] == [
        ("condition", True),
        ("condition", False),
    ]


def test_a_rule_left_without_condition_says_why_it_is_left_out() -> None:
    """With every condition that was in its way."""
    router = Router().match({"cookies": {"a": "1"}, "headers": {"b": "1"}}, HOUR)
    assert told(router) == [
        (
            "no-condition",
            'conditions on request.header "b", request.cookie "a" are not known in the browser; '
            "the rule is left out: it would speak for every URL of the site",
        )
    ]


def test_a_rule_that_is_dropped_for_its_conditions_says_so() -> None:
    """If the build says so."""
    router = Router().match({"path": "/a", "cookies": {"session": "1"}}, HOUR)
    assert told(router, "drop") == [
        (
            "condition",
            'condition on request.cookie "session" is not known in the browser; the rule is left out',
        )
    ]


def test_a_condition_of_a_rule_without_listed_features_is_not_reported() -> None:
    """The rule is not listed for another reason."""
    assert told(Router().match({"path": "/a", "cookies": {"s": "1"}}, comment="x")) == [
        ("features", "sets nothing that the manifest lists")
    ]


@pytest.mark.parametrize(
    "router",
    [
        Router().match("/a", HIDDEN),
        Router().always(HIDDEN),
        Router().conditional(
            {"if": [{"===": [{"request": "path"}, "/a"]}, HOUR], "comment": "cache-manifest-ignore"}
        ),
    ],
)
def test_a_hidden_rule_is_reported_as_hidden(router: Router) -> None:
    """Nothing of what is in it."""
    assert told(router) == [("comment", 'hidden by "cache-manifest-ignore"')]


def test_an_else_tells_why_it_is_left_out() -> None:
    """Its own comment, or a branch that is lost."""
    hidden = Router().if_("/a", HOUR).else_(HIDDEN)
    assert told(hidden) == [("comment", 'else: hidden by "cache-manifest-ignore"')]
    lost = Router().if_("/a", HIDDEN).elif_("/b", HOUR).else_(HOUR)
    assert told(lost) == [
        ("comment", 'hidden by "cache-manifest-ignore"'),
        ("else", "else: left out, since a branch before it is not listed"),
    ]


def test_an_omission_prints_its_line_first() -> None:
    """As a compiler's message does."""
    assert str(Omission(LINE, "features", "nothing")) == "routes.py:14: nothing"
    assert str(Omission(None, "features", "nothing")) == "nothing"


def test_omissions_of_a_chain_name_the_lines_of_its_branches() -> None:
    """Not only that of its first."""
    router = Router()
    router.if_({"path": "/a", "cookies": {"s": "1"}}, HOUR)
    router.elif_({"path": "/b", "cookies": {"s": "1"}}, HOUR)
    (filtered,) = filter_rules(router.rules)
    lines = [omission.source.line for omission in filtered.omissions if omission.source]
    assert lines[1] == lines[0] + 1


def unlisted(features: Any) -> tuple[str, ...]:
    (filtered,) = filter_rules(Router().match("/a", features).rules)
    return filtered.unlisted_features


def test_unlisted_features_are_named_in_the_order_written() -> None:
    """Section and name; what is beside the sections by its name; each once."""
    assert unlisted(
        {
            "headers": {"set_response_headers": {"a": "1"}},
            "caching": {"max_age": "1h", "client_max_age": "1h"},
            "origin": {"set_origin": "web"},
            "comment": "note",
        }
    ) == ("headers.set_response_headers", "caching.client_max_age", "origin.set_origin", "comment")


def test_of_a_rule_that_is_not_listed_every_feature_is_unlisted() -> None:
    """The four too."""
    (filtered,) = filter_rules(Router().match({"cookies": {"a": "1"}}, HOUR).rules)
    assert isinstance(filtered, Filtered)
    assert filtered.unlisted_features == ("caching.max_age",)


def test_what_leaves_with_its_group_counts_as_the_group_did() -> None:
    """An alternative less is fewer visitors, a demand less is more."""
    fewer = Router().match(or_({"cookies": {"a": "1", "b": "2"}}, {"path": "/x"}), caching={"max_age": "1h"})
    more = Router().match(and_(or_({"cookies": {"a": "b"}}), {"path": "/x"}), caching={"max_age": "1h"})
    assert ["fewer" in message for _, message in told(fewer)] == [True, True]
    assert ["more" in message for _, message in told(more)] == [True]


def test_a_branch_without_features_and_with_an_unknown_condition_is_left_out() -> None:
    """Listed for more visitors than it is for, it would keep them from the branch that is prefetched."""
    router = (
        Router()
        .if_({"path": "/p/:id", "cookies": {"s": "1"}}, origin={"set_origin": "web"})
        .elif_("/p/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    )
    (filtered,) = filter_rules(router.rules)
    assert isinstance(filtered.listed, Chain)
    assert len(filtered.listed.branches) == 1
    assert told(router) == [
        (
            "condition",
            'condition on request.cookie "s" is not known in the browser; the branch is left out, '
            "and the branches after it apply to more visitors there",
        )
    ]
