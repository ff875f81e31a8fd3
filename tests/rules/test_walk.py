"""Visitors that read and change: each kind of node, in order, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given

from prefetchrouter import Router, RuleSet
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, path_is
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.rewrite import rewrite, rewrite_condition
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.rules.walk import Turn, applied, comparisons, conditions_in, levels, walk, ways_in
from strategies.rule_sets import rule_lists

A, B = (Apply(features=Features(comment=name)) for name in "ab")
BOTH = AllOf(members=(path_is("/a"), AnyOf(members=(path_is("/b"), path_is("/c")))))
CHAIN = Chain(branches=(Branch(condition=BOTH, rule=Group(rules=(A, B))),), otherwise=A)


def test_a_walk_reaches_every_node_before_what_is_inside_it() -> None:
    """In the order written."""
    kinds = [type(node).__name__ for node in walk(CHAIN)]

    assert kinds == [
        "Chain", "Branch", "AllOf", "Comparison", "AnyOf", "Comparison", "Comparison", "Group", "Apply",
        "Apply", "Apply",
    ]  # fmt: skip


def test_features_comparisons_and_conditions_are_found_at_any_depth() -> None:
    """The same nodes, not copies."""
    assert [found is node for found, node in zip(applied(CHAIN), (A, B, A), strict=True)] == [True] * 3
    assert [test.value for test in comparisons(BOTH)] == ["/a", "/b", "/c"]
    assert list(conditions_in(CHAIN)) == [BOTH]
    assert levels([CHAIN]) == 3


def test_the_way_to_features_names_each_chain_and_its_arm() -> None:
    """The number after the last branch is the else."""
    ways = [found.way for found in ways_in(CHAIN)]

    assert ways == [(Turn(CHAIN, 0),), (Turn(CHAIN, 0),), (Turn(CHAIN, 1),)]
    assert [way[0].branch for way in ways] == [CHAIN.branches[0], CHAIN.branches[0], None]


@given(rule_lists())
def test_ways_lead_to_the_features_that_a_walk_finds(rules: list[Any]) -> None:
    """All of them, in the same order."""
    for rule in RuleSet.from_json(rules, "raw").rules:
        found = [node for node in walk(rule) if isinstance(node, Apply)]
        assert [id(place.apply) for place in ways_in(rule)] == [id(apply) for apply in found]
        assert [id(apply) for apply in applied(rule)] == [id(apply) for apply in found]


@given(rule_lists())
def test_what_nothing_changes_in_stays_the_same_object(rules: list[Any]) -> None:
    """So that its lines stay, and readers that remember nodes know it again."""
    for rule in RuleSet.from_json(rules, "raw").rules:
        assert rewrite(rule) is rule
        assert rewrite(rule, on_rule=lambda node: node, on_condition=lambda node: node) is rule


@given(rule_lists())
def test_a_change_reaches_every_rule_and_condition(rules: list[Any]) -> None:
    """Each once, and what is around it is made anew with the same lines."""
    for rule in RuleSet.from_json(rules, "raw").rules:
        changed = rewrite(rule, on_rule=_marked, on_condition=_negated)
        assert [_kind(node) for node in walk(changed)] == [_kind(node) for node in walk(rule)]
        assert all(found.features.comment == "marked" for found in applied(changed))
        before = [test for condition in conditions_in(rule) for test in comparisons(condition)]
        after = [test for condition in conditions_in(changed) for test in comparisons(condition)]
        assert after == [_negated(test) for test in before]


def test_a_condition_can_be_replaced_by_another_kind() -> None:
    """What joins it is changed after its members."""
    flat = rewrite_condition(BOTH, lambda node: node.members[0] if isinstance(node, AnyOf) else node)

    assert flat == AllOf(members=(path_is("/a"), path_is("/b")))


def test_lines_stay_where_a_rule_is_changed() -> None:
    """A rewritten rule still says where the user wrote it."""
    (rule,) = Router().match("/a", comment="note").rules

    changed = rewrite(rule, on_condition=lambda node: path_is("/b"))

    assert isinstance(changed, Chain)
    assert isinstance(rule, Chain)
    assert (changed.source, changed.branches[0].source) == (rule.source, rule.branches[0].source)
    assert changed.branches[0].rule is rule.branches[0].rule


def _marked(rule: Rule) -> Rule:
    return replace(rule, features=Features(comment="marked")) if isinstance(rule, Apply) else rule


def _negated(condition: Condition) -> Condition:
    opposite = {"===": "!==", "!==": "===", "in": "not_in", "not_in": "in"}
    if not isinstance(condition, Comparison):
        return condition
    return replace(condition, operator=opposite.get(condition.operator, condition.operator))  # type: ignore[arg-type]


def _kind(node: object) -> str:
    return type(node).__name__
