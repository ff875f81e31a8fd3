"""Rules: features that apply, and chains of branches that decide which.

    Rule = Apply     features, unconditional
         | Chain     branches with conditions, of which exactly one applies, and perhaps an `otherwise`
         | Group     several rules in order, where the rule language writes a list

Every one remembers where the user wrote it.
"""

from __future__ import annotations

from dataclasses import field
from typing import Protocol, TypeAlias

from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.frozen_data import frozen_data
from prefetchrouter.source import Source


@frozen_data
class Apply:
    """Features that apply to every request that gets here."""

    features: Features
    source: Source | None = field(default=None, repr=False)


@frozen_data
class Branch:
    """A condition and the rule that applies when it is true."""

    condition: Condition
    rule: Rule
    source: Source | None = field(default=None, repr=False)


@frozen_data
class Chain:
    """Branches in order: the first whose condition is true applies, else `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: Rule | None = None
    comment: str | None = None
    source: Source | None = field(default=None, repr=False)


@frozen_data
class Group:
    """Several rules, all of which apply, in order."""

    rules: tuple[Rule, ...]
    source: Source | None = field(default=None, repr=False)


Rule: TypeAlias = Apply | Chain | Group


class HasRules(Protocol):
    """A `Router` or a `RuleSet`."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in order."""
        ...
