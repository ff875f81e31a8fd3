"""Transforming visitors: change a rule or condition and every node inside it, from the inside out.

Nodes are frozen, so a changed node is a new one; what nothing changed in is the same object as before, with
its line. A change that leaves something out has to say what becomes of the branches after it, which no
general rule can: `prefetchrouter.browser_view.filter` is such a pass, written by hand.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule

T = TypeVar("T", Branch, Condition, Rule)


def rewrite_condition(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Return a condition with each condition inside it changed, and then itself.

    Args:
        condition: The condition.
        change: Returns the replacement of a condition, or the same condition.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> both = AllOf(members=(path_is("/a"), path_is("/b")))
        >>> changed = rewrite_condition(both, lambda node: path_is("/c") if node == path_is("/b") else node)
        >>> [member.value for member in changed.members]
        ['/a', '/c']
    """
    match condition:
        case Comparison():
            return change(condition)
        case AllOf(members=members) | AnyOf(members=members):
            changed = _each(members, lambda member: rewrite_condition(member, change))
            return change(condition if changed is members else replace(condition, members=changed))


def rewrite(
    rule: Rule,
    *,
    on_rule: Callable[[Rule], Rule] | None = None,
    on_condition: Callable[[Condition], Condition] | None = None,
) -> Rule:
    """Return a rule with each rule and condition inside it changed, and then itself.

    Args:
        rule: The rule.
        on_rule: Returns the replacement of a rule, or the same rule.
        on_condition: The same for a condition.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.rules.features import Features
        >>> (rule,) = Router().match("/a", caching={"max_age": "1h"}, comment="note").rules
        >>> def without_comment(rule):
        ...     if not isinstance(rule, Apply):
        ...         return rule
        ...     return replace(rule, features=Features(caching=rule.features.caching))
        >>> rewrite(rule, on_rule=without_comment).branches[0].rule.features.comment is None
        True
    """

    def inner(rule: Rule) -> Rule:
        return rewrite(rule, on_rule=on_rule, on_condition=on_condition)

    def arm(branch: Branch) -> Branch:
        condition = (
            branch.condition if on_condition is None else rewrite_condition(branch.condition, on_condition)
        )
        changed = inner(branch.rule)
        if condition is branch.condition and changed is branch.rule:
            return branch
        return replace(branch, condition=condition, rule=changed)

    match rule:
        case Apply():
            made: Rule = rule
        case Group(rules=rules):
            members = _each(rules, inner)
            made = rule if members is rules else replace(rule, rules=members)
        case Chain(branches=branches, otherwise=otherwise):
            arms = _each(branches, arm)
            last = None if otherwise is None else inner(otherwise)
            is_same = arms is branches and last is otherwise
            made = rule if is_same else replace(rule, branches=arms, otherwise=last)
    return made if on_rule is None else on_rule(made)


def _each(nodes: tuple[T, ...], change: Callable[[T], T]) -> tuple[T, ...]:
    """Return changed nodes, or the very same tuple when none of them changed."""
    changed = tuple(map(change, nodes))
    return nodes if all(map(operator.is_, changed, nodes)) else changed
