"""What of the rules the browser gets to see, and for every rule why not the rest.

Only what decides prefetching is listed. A rule with the marker in its comment is hidden with its condition.
A condition that a browser cannot decide is taken out, which the omissions say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import is_
from typing import Final, Literal, TypeAlias

from prefetchrouter.browser_view.path_parts import as_path_test, is_path_part
from prefetchrouter.catalog.feature_specs import FEATURES
from prefetchrouter.likely_mistakes.markers import MARKER
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable, variable
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.features.kept import once_for_each
from prefetchrouter.rules.features.section import Section, items
from prefetchrouter.rules.frozen_data import frozen_data
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.rules.rule_json import with_codes
from prefetchrouter.rules.typed_property import UnsupportedConditions
from prefetchrouter.rules.walk import applied
from prefetchrouter.source import Source

LISTED_FEATURES: Final = tuple(spec.key for spec in FEATURES.values() if spec.in_manifest)
"""The keys of the features that the manifest lists."""

_LISTED: Final[frozenset[str]] = frozenset(LISTED_FEATURES)
_LISTED_SECTIONS: Final = frozenset(FEATURES[key].section for key in LISTED_FEATURES)

Unsupported: TypeAlias = UnsupportedConditions
"""What becomes of a condition that browsers cannot decide: it is ignored, or its rule is dropped."""

Reason = Literal["comment", "condition", "no-condition", "features", "else"]


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that the manifest does not show.

    Args:
        source: The line of the rule or branch.
        reason: ``comment`` (the marker), ``condition`` (one taken out), ``no-condition`` (none was left),
            ``features`` (none is listed), ``else`` (its chain lost a branch).
        message: What was left out and what that does.
    """

    source: Source | None
    reason: Reason
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" if self.source else self.message


@frozen_data
class Filtered:
    """One rule and what the manifest shows of it; `listed` is None if that is nothing."""

    rule: Rule
    listed: Rule | None
    omissions: tuple[Omission, ...]

    @property
    def unlisted_features(self) -> tuple[str, ...]:
        """The features of the rule that the manifest does not show, such as ``origin.set_origin``."""
        if self.listed is None:
            several = tuple(applied(self.rule))
            if len(several) == 1:
                return _names(several[0].features)
            return tuple(dict.fromkeys(_feature_names(self.rule)))
        first, *others = applied(self.rule)
        if not others:
            return _unlisted(first.features)
        shown = set(_feature_names(self.listed))
        return tuple(dict.fromkeys(name for name in _feature_names(self.rule) if name not in shown))


def filter_rules(rules: Iterable[Rule], unsupported: Unsupported = "ignore") -> list[Filtered]:
    """Return for each rule what the manifest lists, and what it leaves out.

    Args:
        rules: The rules, in order.
        unsupported: ``"ignore"`` takes out conditions that browsers cannot decide, ``"drop"`` their rules.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/a", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
        >>> filter_rules(router.rules)[0].listed is None
        True
    """
    return [_filtered(rule, unsupported) for rule in rules]


def _filtered(rule: Rule, unsupported: Unsupported) -> Filtered:
    if (plain := _plain(rule)) is not None:
        return Filtered(rule, plain, ())
    run = _Filter(unsupported)
    listed = None
    if is_hidden(rule):
        run.omit(rule.source, "comment", f'hidden by "{MARKER}"')
    else:
        listed = run.rule(rule)
        if listed is None and not run.omissions:
            run.omit(rule.source, "features", "sets nothing that the manifest lists")
    return Filtered(rule, listed, tuple(run.omissions))


def _plain(rule: Rule) -> Rule | None:
    """Return what is listed of a rule of the usual form: features under a condition that browsers can decide.

    None is for `_Filter` to look at. Most rules need none of its work.
    """
    if not isinstance(rule, Chain) or len(rule.branches) != 1 or rule.otherwise is not None:
        return None
    branch, apply = rule.branches[0], rule.branches[0].rule
    if not isinstance(apply, Apply) or is_hidden(rule) or is_hidden(apply):
        return None
    features = _listed_features(apply.features) if _is_decidable(branch.condition) else None
    if features is None:
        return None
    listed = Branch(branch.condition, Apply(features, apply.source), branch.source)
    return Chain((listed,), source=rule.source)


def _is_decidable(condition: Condition) -> bool:
    """Whether browsers can decide a condition as it is written."""
    if not isinstance(condition, Comparison):
        return len(condition.members) > 1 and all(map(_is_decidable, condition.members))
    for operand in condition.operands:
        if isinstance(operand, Variable) and not _is_known(operand.namespace, operand.name):
            return False
    return True


@lru_cache(maxsize=1024)
def _is_known(namespace: str, name: str | int) -> bool:
    """Whether browsers know a variable, and all of them the same value."""
    tested = variable(namespace, name)
    return tested.spec.in_manifest and not is_path_part(tested)


def is_hidden(rule: Rule) -> bool:
    """Return whether the marker in its comment hides a rule with all that is in it."""
    match rule:
        case Apply(features=features):
            return MARKER in (features.comment or "")
        case Chain(comment=comment):
            return MARKER in (comment or "")
        case Group(rules=rules):
            return bool(rules) and is_hidden(rules[0]) and not isinstance(rules[0], Chain)


class _Filter:
    """Filters one rule from the inside out, and notes what it leaves out."""

    def __init__(self, unsupported: Unsupported) -> None:
        self._unsupported = unsupported
        self.omissions: list[Omission] = []

    def omit(self, source: Source | None, reason: Reason, message: str) -> None:
        self.omissions.append(Omission(source, reason, message))

    def rule(self, rule: Rule) -> Rule | None:
        """Return what is listed of a rule that is not hidden, or None."""
        match rule:
            case Apply():
                features = _listed_features(rule.features)
                return None if features is None else Apply(features=features, source=rule.source)
            case Group():
                kept = [self._member(member) for member in rule.rules]
                listed = tuple(member for member in kept if member is not None)
                return Group(rules=listed, source=rule.source) if listed else None
            case Chain():
                return self._chain(rule)

    def _member(self, rule: Rule) -> Rule | None:
        if is_hidden(rule):
            self.omit(rule.source, "comment", f'hidden by "{MARKER}"')
            return None
        return self.rule(rule)

    def _chain(self, chain: Chain) -> Chain | None:
        is_alone = len(chain.branches) == 1 and chain.otherwise is None
        kept = [self._branch(branch, "rule" if is_alone else "branch") for branch in chain.branches]
        branches = [branch for branch in kept if branch is not None]
        otherwise = self._otherwise(chain, lost_a_branch=len(branches) < len(chain.branches))
        # A branch without features still keeps its requests from the later branches and the else.
        while otherwise is None and branches and branches[-1].rule is _NOTHING:
            branches.pop()
        if not branches:
            return None
        return Chain(branches=tuple(branches), otherwise=otherwise, source=chain.source)

    def _otherwise(self, chain: Chain, *, lost_a_branch: bool) -> Rule | None:
        if chain.otherwise is None:
            return None
        if is_hidden(chain.otherwise):
            self.omit(chain.otherwise.source, "comment", f'else: hidden by "{MARKER}"')
            return None
        if lost_a_branch:
            self.omit(
                chain.otherwise.source, "else", "else: left out, since a branch before it is not listed"
            )
            return None
        return self.rule(chain.otherwise)

    def _branch(self, branch: Branch, what: Literal["rule", "branch"]) -> Branch | None:
        if is_hidden(branch.rule):
            self.omit(branch.source, "comment", f'hidden by "{MARKER}"')
            return None
        removed: list[_Removed] = []
        condition = _listed_condition(branch.condition, "and", removed)
        listed = self.rule(branch.rule)
        # With half its condition, a branch without features would only keep requests from the others.
        if condition is None or (removed and (listed is None or self._unsupported == "drop")):
            if condition is None or listed is not None or what == "branch":
                self._tell_lost(branch.source, removed, condition, what)
            return None
        for name, joined_by in removed:
            effect = "more" if joined_by == "and" else "fewer"
            self.omit(
                branch.source,
                "condition",
                f"{_condition_on(name)} not known in the browser; "
                f"the {what} is listed without it (it applies to {effect} visitors there)",
            )
        return Branch(condition=condition, rule=listed or _NOTHING, source=branch.source)

    def _tell_lost(
        self, source: Source | None, removed: list[_Removed], condition: Condition | None, what: str
    ) -> None:
        names = ", ".join(dict.fromkeys(name for name, _ in removed))
        why = ": it would speak for every URL of the site" if condition is None else ""
        effect = "" if what == "rule" else ", and the branches after it apply to more visitors there"
        self.omit(
            source,
            "no-condition" if condition is None else "condition",
            f"{_condition_on(names)} not known in the browser; the {what} is left out{why}{effect}",
        )


_NOTHING = Apply(features=Features.trusted({}))
_Removed = tuple[str, Literal["and", "or"]]


def _condition_on(names: str) -> str:
    return f"condition on {names} is" if "," not in names else f"conditions on {names} are"


def _feature_names(rule: Rule) -> Iterator[str]:
    for apply in applied(rule):
        yield from _names(apply.features)


@once_for_each
def _names(features: Features) -> tuple[str, ...]:
    names: list[str] = []
    for name, part in items(features):
        names += _full_names(name, tuple(part.__dict__)) if isinstance(part, Section) else (name,)
    return tuple(names)


@lru_cache(maxsize=1024)
def _full_names(section: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of features of a section with its name: many rules write the same ones."""
    return tuple(f"{section}.{name}" for name in names)


def _unlisted(features: Features) -> tuple[str, ...]:
    names: list[str] = []
    for name, part in items(features):
        if isinstance(part, Section):
            names += _unlisted_names(name, tuple(part.__dict__))
        elif name not in _LISTED:
            names.append(name)
    return tuple(names)


@lru_cache(maxsize=1024)
def _unlisted_names(section: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in _full_names(section, names) if name not in _LISTED)


@once_for_each
def _listed_features(features: Features) -> Features | None:
    listed: dict[str, object] = {}
    for name, part in items(features):
        if isinstance(part, Section):
            section = _listed_section(part) if name in _LISTED_SECTIONS else None
            if section is not None:
                listed[name] = section
        elif name in _LISTED:
            listed[name] = part
    if len(listed) == 1 and isinstance(part := next(iter(listed.values())), Section):
        return _only(part)
    return Features.trusted(listed) if listed else None


@once_for_each
def _only(section: Section) -> Features:
    """Return features that are only this section: many rules share them, and so what is derived from them."""
    return Features.trusted({section.section_of or "": section})


@once_for_each
def _listed_section(section: Section) -> Section | None:
    name = section.section_of or ""
    values = with_codes(name, dict(items(section)))
    kept = {own: _kept(value) for own, value in values.items() if f"{name}.{own}" in _LISTED}
    return section.trusted(kept) if kept else None


def _kept(value: object) -> object:
    return FrozenDict(value) if isinstance(value, dict) else value


def _listed_condition(
    condition: Condition, joined_by: Literal["and", "or"], removed: list[_Removed]
) -> Condition | None:
    match condition:
        case Comparison():
            listed = _listed_comparison(condition)
            if listed is None:
                removed += [(name, joined_by) for name in _unknown_names(condition)]  # pyright: ignore[reportAssignmentType]
            return listed
        case AllOf(members=members):
            inside: list[_Removed] = []
            joined = _joined(condition, [_listed_condition(member, "and", inside) for member in members])
        case AnyOf(members=members):
            inside = []
            joined = _joined(condition, [_listed_condition(member, "or", inside) for member in members])
    # What is removed with its whole group is removed from where the group stood.
    removed += [(name, joined_by) for name, _ in inside] if joined is None else inside  # pyright: ignore[reportAssignmentType]
    return joined


def _joined(condition: AllOf | AnyOf, members: list[Condition | None]) -> Condition | None:
    listed = tuple(member for member in members if member is not None)
    if len(listed) < 2:
        return listed[0] if listed else None
    is_whole = len(listed) == len(condition.members) and all(map(is_, listed, condition.members))
    return condition if is_whole else type(condition)(members=listed)


def _listed_comparison(test: Comparison) -> Condition | None:
    has_part = False
    for operand in test.operands:
        if isinstance(operand, Variable):
            if not operand.spec.in_manifest:
                return None
            has_part = has_part or is_path_part(operand)
    return as_path_test(test) if has_part else test


def _unknown_names(test: Comparison) -> list[str]:
    variables = [operand for operand in test.operands if isinstance(operand, Variable)]
    unknown = [operand for operand in variables if not operand.spec.in_manifest] or variables
    return [f'{operand.namespace} "{operand.name}"' for operand in unknown]
