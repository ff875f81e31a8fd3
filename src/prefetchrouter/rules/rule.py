"""Rules: features that apply, and chains of branches that decide which.

    Rule = Apply     features, without a condition of their own
         | Chain     branches with conditions, of which exactly one applies, and perhaps an `otherwise`
         | Group     several rules in order, where the rule language writes a list

Every one remembers where the user wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from prefetchrouter.rules.base import CLOSED
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.features import Features
from prefetchrouter.source import Source


@dataclass(config=CLOSED, frozen=True, slots=True)
class Apply:
    """Features that apply to every request that gets here."""

    features: Features
    source: Source | None = Field(default=None, repr=False)


@dataclass(config=CLOSED, frozen=True, slots=True)
class Branch:
    """A condition and the rule that applies when it is true."""

    condition: Condition
    rule: Rule
    source: Source | None = Field(default=None, repr=False)


@dataclass(config=CLOSED, frozen=True, slots=True)
class Chain:
    """Branches in order: the first whose condition is true applies, else `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: Rule | None = None
    comment: str | None = None
    source: Source | None = Field(default=None, repr=False)


@dataclass(config=CLOSED, frozen=True, slots=True)
class Group:
    """Several rules, all of which apply, in order."""

    rules: tuple[Rule, ...]
    source: Source | None = Field(default=None, repr=False)


Rule: TypeAlias = Apply | Chain | Group


def applied(rule: Rule) -> Iterator[Apply]:
    """Yield every features object in a rule, in the order written.

    Example:
        >>> [found.features.comment for found in applied(Apply(features=Features(comment="all")))]
        ['all']
    """
    match rule:
        case Apply():
            yield rule
        case Group(rules=rules):
            for member in rules:
                yield from applied(member)
        case Chain(branches=branches, otherwise=otherwise):
            for branch in branches:
                yield from applied(branch.rule)
            if otherwise is not None:
                yield from applied(otherwise)


def conditions_in(rule: Rule) -> Iterator[Condition]:
    """Yield the condition of every branch in a rule, in the order written.

    Example:
        >>> list(conditions_in(Apply(features=Features())))
        []
    """
    match rule:
        case Apply():
            return
        case Group(rules=rules):
            for member in rules:
                yield from conditions_in(member)
        case Chain(branches=branches, otherwise=otherwise):
            for branch in branches:
                yield branch.condition
                yield from conditions_in(branch.rule)
            if otherwise is not None:
                yield from conditions_in(otherwise)


def levels(rules: Iterable[Rule]) -> int:
    """Return how many levels of rules stand inside each other.

    Example:
        >>> inner = Group(rules=(Apply(features=Features()),))
        >>> levels([]), levels([inner]), levels([Group(rules=(inner,))])
        (0, 2, 3)
    """
    level, count = list(rules), 0
    while level:
        count += 1
        level = [inner for rule in level for inner in _inside(rule)]
    return count


def _inside(rule: Rule) -> tuple[Rule, ...]:
    match rule:
        case Apply():
            return ()
        case Group(rules=rules):
            return rules
        case Chain(branches=branches, otherwise=otherwise):
            inner = tuple(branch.rule for branch in branches)
            return inner if otherwise is None else (*inner, otherwise)


class HasRules(Protocol):
    """A `Router` or a `RuleSet`."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in order."""
        ...
