"""A chain of branches while a router's calls are still adding to it."""

from __future__ import annotations

from prefetchrouter.errors import ChainError
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.rule import Branch, Chain, Rule
from prefetchrouter.source import Source, caller


class OpenChain:
    """A chain that further calls may still add to."""

    def __init__(self, source: Source | None) -> None:
        self.branches: list[Branch] = []
        self.otherwise: Rule | None = None
        self.source = source

    def closed(self) -> list[Rule]:
        """Return the chain so far; nothing when all of its branches failed."""
        if not self.branches:
            return []
        return [Chain(branches=tuple(self.branches), otherwise=self.otherwise, source=self.source)]


def single(condition: Condition, rule: Rule, source: Source | None) -> Chain:
    """Return the chain of a rule with one condition, as `Router.match` makes it.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> from prefetchrouter.rules.features import Features
        >>> from prefetchrouter.rules.rule import Apply
        >>> len(single(path_is("/a"), Apply(features=Features()), None).branches)
        1
    """
    return Chain(branches=(Branch(condition=condition, rule=rule, source=source),), source=source)


def out_of_order(method: str) -> ChainError:
    """Return the error of an `elif_` or `else_` that follows no `if_`."""
    return ChainError.of(
        "chain-order",
        f"{method} does not follow an if_ or elif_",
        expected="if_(...).elif_(...).else_(...), directly one after another",
        hint="every other call, and else_, ends a chain",
        source=caller(),
    )
