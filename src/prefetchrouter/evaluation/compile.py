"""Rules, made ready to be walked: conditions as functions, features with the lines that wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.headers import HeaderChanges, header_changes
from prefetchrouter.evaluation.merge import Entry, entries_of
from prefetchrouter.evaluation.predicates import Predicate, predicate
from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Features, and the branch that leads to them (None for an else, or without any condition)."""

    apply: Apply
    branch: Branch | None
    entries: tuple[Entry, ...]
    rewrites: bool
    """Whether it holds a rewrite."""
    header_changes: HeaderChanges
    """What it says about headers."""
    changes_origin_headers: bool
    """Whether it changes the headers of an origin's answer."""


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """The condition of a branch."""

    branch: Branch
    predicate: Predicate
    needs_care: bool
    """Whether a request about which all is told may still leave it open: a response, or a random number."""

    @property
    def source(self) -> Source | None:
        """The line of the branch."""
        return self.branch.source

    @property
    def condition(self) -> Condition:
        """The condition as it was written."""
        return self.branch.condition


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A chain: the first arm whose test is true is walked, else `otherwise`."""

    arms: tuple[tuple[Test, Steps], ...]
    otherwise: Steps


Steps: TypeAlias = "tuple[Leaf | Fork, ...]"


def steps(rule: Rule, branch: Branch | None = None) -> Steps:
    """Return a rule as steps of a walk."""
    match rule:
        case Apply():
            entries = entries_of(rule)
            rewrites = any(entry.key == keys.url.url_rewrite for entry in entries)
            changes = header_changes(entries)
            on_answers = any(feature.endswith("_origin_response_headers") for feature in changes)
            return (Leaf(rule, branch, entries, rewrites, changes, on_answers),)
        case Group(rules=rules):
            return tuple(step for member in rules for step in steps(member, branch))
        case Chain(branches=branches, otherwise=otherwise):
            arms = tuple((_test(arm), steps(arm.rule, arm)) for arm in branches)
            return (Fork(arms, () if otherwise is None else steps(otherwise)),)
        case _:
            assert_never(rule)


def _test(branch: Branch) -> Test:
    made = predicate(branch.condition)
    return Test(branch, made, made.is_late or made.is_drawn)


def walk(steps: Steps, situation: Situation) -> None:
    """Note in the situation which features apply, and what could not be decided."""
    for step in steps:
        if isinstance(step, Leaf):
            situation.taken.append(step)
            if situation.is_late:
                situation.late |= {step}
            continue
        was_late = situation.is_late
        for test, arm in step.arms:
            if test.needs_care or not situation.is_certain:
                truth = _decide(test, situation)
                if truth is None:
                    break
            else:
                truth = test.predicate.holds(situation)
            if truth:
                walk(arm, situation)
                break
        else:
            walk(step.otherwise, situation)
        situation.is_late = was_late


def _decide(test: Test, situation: Situation) -> bool | None:
    """Return whether a branch is taken, None when nobody can say before there is a response."""
    if test in situation.assumed:
        situation.is_late = situation.is_late or test.predicate.is_late
        return True
    with_response = situation.is_late and situation.response is not None
    truth = test.predicate.truth(situation, with_response=with_response)
    if truth is None and test.predicate.is_late and not with_response:
        if situation.response is None:
            situation.awaiting += (test,)
            return None
        situation.is_late = True
        truth = test.predicate.truth(situation, with_response=True)
    if truth is None:
        situation.undecided += ((test, test.predicate.unknown_names(situation)),)
    return bool(truth)
