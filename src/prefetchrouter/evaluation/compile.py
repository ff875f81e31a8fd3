"""Compiles rules: conditions as functions of a request, features as leaves.

Chain ──► Fork: for each branch its test and its steps, and the steps of the else
Group ──► the steps of its members, one after the other
Apply ──► Leaf
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.leaf import Leaf, leaf_of
from prefetchrouter.evaluation.predicates import Predicate, predicate
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule


@dataclass(frozen=True, slots=True, eq=False)
class BranchTest:
    """The condition of a branch.

    Args:
        branch: The branch.
        predicate: Its condition as a function.
        needs_care: Whether it may be open although every fact of the request is known: it reads the response,
            or a random number. All others skip the search for unknown facts, which costs more than the test.
    """

    branch: Branch
    predicate: Predicate
    needs_care: bool


@dataclass(frozen=True, slots=True, eq=False)
class ChainStep:
    """A chain: the steps of the first arm whose test is true, else `otherwise`."""

    arms: tuple[tuple[BranchTest, Steps], ...]
    otherwise: Steps


Steps: TypeAlias = "tuple[Leaf | ChainStep, ...]"


class Findings:
    """The findings of a walk over the rules.

    Lists are allocated on first use: most requests leave nothing open.

    Args:
        assumed: The branches whose condition is taken to be true, whatever the request says.
    """

    __slots__ = ("assumed", "awaiting", "is_late", "late", "taken", "undecided")

    def __init__(self, assumed: tuple[Branch, ...] = ()) -> None:
        self.assumed = assumed
        self.taken: list[Leaf] = []
        """The features that apply, in rule order."""
        self.is_late = False
        """Whether a condition on the response led to where the walk is."""
        self.late: frozenset[Leaf] = _NONE
        """The features that apply because of the response."""
        self.undecided: tuple[tuple[BranchTest, tuple[str, ...]], ...] = ()
        """Tests of unknown facts, with these; the walk took them to be false."""
        self.awaiting: tuple[BranchTest, ...] = ()
        """Tests of the response, of a request that has none."""


_NONE: frozenset[Leaf] = frozenset()


def steps(rule: Rule, branch: Branch | None = None) -> Steps:
    """Return a rule as steps.

    Args:
        rule: The rule.
        branch: The branch that leads to it.
    """
    match rule:
        case Apply():
            return (leaf_of(rule, branch),)
        case Group(rules=rules):
            return tuple(step for member in rules for step in steps(member, branch))
        case Chain(branches=branches, otherwise=otherwise):
            arms = tuple((_test(arm), steps(arm.rule, arm)) for arm in branches)
            return (ChainStep(arms, () if otherwise is None else steps(otherwise)),)


def _test(branch: Branch) -> BranchTest:
    made = predicate(branch.condition)
    return BranchTest(branch, made, made.is_late or made.is_drawn)


def follow(steps: Steps, context: RequestContext, found: Findings) -> None:
    """Note which features apply to a request, and what could not be decided.

    Args:
        steps: The steps of a rule.
        context: The request.
        found: Where to note it.
    """
    for step in steps:
        if isinstance(step, Leaf):
            found.taken.append(step)
            if found.is_late:
                found.late |= {step}
            continue
        was_late = found.is_late
        for test, arm in step.arms:
            if test.needs_care or not context.is_certain:
                truth = _decide(test, context, found)
                if truth is None:
                    break
            else:
                truth = test.predicate.holds(context)
            if truth:
                follow(arm, context, found)
                break
        else:
            follow(step.otherwise, context, found)
        found.is_late = was_late


def _decide(test: BranchTest, context: RequestContext, found: Findings) -> bool | None:
    """Return whether a branch is taken, or None if only a response can tell and there is none."""
    if found.assumed and test.branch in found.assumed:
        found.is_late = found.is_late or test.predicate.is_late
        return True
    with_response = found.is_late and context.response is not None
    truth = test.predicate.truth(context, with_response=with_response)
    if truth is None and test.predicate.is_late and not with_response:
        if context.response is None:
            found.awaiting += (test,)
            return None
        found.is_late = True
        truth = test.predicate.truth(context, with_response=True)
    if truth is None:
        found.undecided += ((test, test.predicate.unknown_names(context)),)
    return bool(truth)
