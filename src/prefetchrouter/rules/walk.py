"""Reading visitors: every rule, branch and condition inside a rule, in the order written.

`walk` yields all nodes; the others yield the usual subsets. Code that needs some kinds of node uses these
visitors. Code that treats every kind differently writes a `match` without ``case _``, so that the type
checker reports it when a kind is added (`tests/test_new_kinds.py`).

    Chain ──► Branch ──► condition: Comparison | AllOf | AnyOf ──► members
      │          └─────► rule: Apply | Chain | Group
      └──► otherwise
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule

Node: TypeAlias = Rule | Branch | Condition


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and every node inside it, in pre-order.

    Example:
        >>> from prefetchrouter import Router
        >>> (rule,) = Router().get("/a", caching={"max_age": "1h"}).rules
        >>> [type(node).__name__ for node in walk(rule)]
        ['Chain', 'Branch', 'AllOf', 'Comparison', 'Comparison', 'Apply']
    """
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(reversed(children(found)))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly inside a node, in the order written."""
    match node:
        case Apply() | Comparison():
            return ()
        case Group(rules=rules):
            return rules
        case Chain(branches=branches, otherwise=otherwise):
            return branches if otherwise is None else (*branches, otherwise)
        case Branch(condition=condition, rule=rule):
            return (condition, rule)
        case AllOf(members=members) | AnyOf(members=members):
            return members


def applied(rule: Rule) -> Iterator[Apply]:
    """Yield every features object in a rule, in the order written.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().if_("/a", comment="a").else_(comment="b")
        >>> [found.features.comment for rule in router.rules for found in applied(rule)]
        ['a', 'b']
    """
    if isinstance(rule, Apply):
        return iter((rule,))
    # The usual rule has one condition and holds nothing but features: no generator is needed for them.
    if isinstance(rule, Chain) and len(rule.branches) == 1 and rule.otherwise is None:
        only = rule.branches[0].rule
        if isinstance(only, Apply):
            return iter((only,))
    inside = _rules_inside(rule)
    flat = [member for member in inside if isinstance(member, Apply)]
    return iter(flat) if len(flat) == len(inside) else _applied(inside)


def _applied(rules: tuple[Rule, ...]) -> Iterator[Apply]:
    pending = list(reversed(rules))
    while pending:
        found = pending.pop()
        if isinstance(found, Apply):
            yield found
        else:
            pending.extend(reversed(_rules_inside(found)))


def distinct_features(rules: Iterable[Rule]) -> list[Features]:
    """Return the features of rules, each object once: rules that write the same sections share them.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/a", caching={"max_age": "1h"}).match("/b", caching={"max_age": "1h"})
        >>> len(distinct_features(router.rules))
        1
    """
    found = {id(apply.features): apply.features for rule in rules for apply in applied(rule)}
    return list(found.values())


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Yield every comparison in a condition, in the order written.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> [test.operator for test in comparisons(AllOf(members=(path_is("/a"), path_is("/b"))))]
        ['==', '==']
    """
    match condition:
        case Comparison():
            return iter((condition,))
        case AllOf(members=members) | AnyOf(members=members):
            flat = [member for member in members if isinstance(member, Comparison)]
            if len(flat) == len(members):
                return iter(flat)
            return (node for node in walk(condition) if isinstance(node, Comparison))


def conditions_in(rule: Rule) -> Iterator[Condition]:
    """Yield the condition of every branch in a rule, in the order written.

    Example:
        >>> from prefetchrouter import Router
        >>> (rule,) = Router().match("/a", comment="a").rules
        >>> [condition.value for condition in conditions_in(rule)]
        ['/a']
    """
    return (node.condition for node in walk(rule) if isinstance(node, Branch))


class Turn(NamedTuple):
    """A chain on the way to features, and which of its arms leads there.

    Args:
        chain: The chain.
        number: The number of the branch, from 0; that after the last branch is `otherwise`.
    """

    chain: Chain
    number: int

    @property
    def branch(self) -> Branch | None:
        """The branch that is taken, None for `otherwise`."""
        return self.chain.branches[self.number] if self.number < len(self.chain.branches) else None


class Reached(NamedTuple):
    """Features, and the way to them.

    Args:
        apply: The features.
        way: The arms that lead there, from the outside in; empty where no condition does.
    """

    apply: Apply
    way: tuple[Turn, ...]


def ways_in(rule: Rule, way: tuple[Turn, ...] = ()) -> Iterator[Reached]:
    """Yield every features object in a rule with the way to it, in the order written.

    Args:
        rule: The rule.
        way: The way to the rule itself.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/a", Router().match("/a/b", comment="note"))
        >>> [len(found.way) for rule in router.rules for found in ways_in(rule)]
        [1, 2]
    """
    match rule:
        case Apply():
            yield Reached(rule, way)
        case Group(rules=rules):
            for member in rules:
                yield from ways_in(member, way)
        case Chain(branches=branches, otherwise=otherwise):
            for number, branch in enumerate(branches):
                yield from ways_in(branch.rule, (*way, Turn(rule, number)))
            if otherwise is not None:
                yield from ways_in(otherwise, (*way, Turn(rule, len(branches))))


def levels(rules: Iterable[Rule]) -> int:
    """Return how many levels of rules are nested inside each other.

    Example:
        >>> from prefetchrouter.rules.features import Features
        >>> inner = Group(rules=(Apply(features=Features()),))
        >>> levels([]), levels([inner]), levels([Group(rules=(inner,))])
        (0, 2, 3)
    """
    level, count = list(rules), 0
    while level:
        count += 1
        level = [inner for rule in level for inner in _rules_inside(rule)]
    return count


def _rules_inside(rule: Rule) -> tuple[Rule, ...]:
    match rule:
        case Apply():
            return ()
        case Group(rules=rules):
            return rules
        case Chain(branches=branches, otherwise=otherwise):
            inside = [branch.rule for branch in branches]
            return tuple(inside) if otherwise is None else (*inside, otherwise)
