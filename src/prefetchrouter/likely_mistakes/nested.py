"""Warnings about rules that no request reaches, because of the rules around them or before them in a chain.

Conditions are converted to alternatives (disjunctive normal form). Alternatives in which comparisons
of one variable exclude each other are removed; a rule without alternatives is dead. Conditions with too many
alternatives are skipped, and so are comparisons of two variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from prefetchrouter.errors import Diagnostic, RuleError, shown
from prefetchrouter.likely_mistakes.comparing import Compared, can_all_be_true, can_be_true, compared
from prefetchrouter.likely_mistakes.ordinary import is_inside
from prefetchrouter.likely_mistakes.values import label
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable, variable
from prefetchrouter.rules.foreign_syntax import quoted
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, Rule
from prefetchrouter.rules.walk import comparisons
from prefetchrouter.source import Source

_PATH = variable("request", "path")

MOST_ALTERNATIVES = 32
"""A condition with more alternatives is skipped."""

MOST_BRANCHES = 200
"""In a longer chain only equal conditions are found, since the check is quadratic."""


Alternative: TypeAlias = "tuple[Compared, ...]"
"""Comparisons that must all be true. Others are omitted, which makes it true too often, never too rarely."""


@dataclass(frozen=True, slots=True)
class _Around:
    """A condition that is true when a rule is tried: of an outer rule, or negated, of an earlier branch."""

    alternatives: tuple[Alternative, ...]
    condition: Condition
    source: Source | None
    is_negated: bool = False


def dead_rules(rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """Return a warning for each rule or branch that no request reaches.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/a", Router().match("/b", comment="never"))
        >>> [warning.message for warning in dead_rules(router.rules)]
        ['can never match: path "/b" inside a rule for path "/a"']
    """
    for rule in rules:
        if not _is_plain(rule):
            yield from _dead(rule, ())


def _dead(rule: Rule, around: tuple[_Around, ...]) -> Iterator[Diagnostic]:
    match rule:
        case Apply():
            return
        case Group(rules=members):
            for member in members:
                yield from _dead(member, around)
        case Chain(branches=branches, otherwise=otherwise):
            if not (_is_plain(rule) and all(_is_inside(branches[0].condition, outer) for outer in around)):
                yield from _dead_branches(branches, otherwise, around)


def _draws(condition: Condition) -> bool:
    """Whether a condition uses a random number, and so may be true the second time."""
    for test in comparisons(condition):
        for operand in test.operands:
            if isinstance(operand, Variable) and operand.namespace == "random":
                return True
    return False


def _is_plain(rule: Rule) -> bool:
    """Whether a contradiction is impossible: comparisons of different variables, and no nested rules."""
    if not isinstance(rule, Chain) or len(rule.branches) != 1:
        return isinstance(rule, Apply)
    (branch,) = rule.branches
    if not isinstance(branch.rule, Apply) or not isinstance(rule.otherwise, Apply | None):
        return False
    match branch.condition:
        case Comparison():
            return True
        case AllOf(members=(Comparison(variable=first), Comparison(variable=second))):
            is_plain = first is not None and second is not None and first != second
        case AllOf(members=members):
            variables = {member.variable if isinstance(member, Comparison) else None for member in members}
            is_plain = len(variables) == len(members) and None not in variables
        case AnyOf(members=members):
            is_plain = all(isinstance(member, Comparison) for member in members)
    return is_plain


def _is_inside(condition: Condition, outer: _Around) -> bool:
    """Whether a rule is for paths in the folder of the rule around it, as most nested rules are.

    The rule is plain: what it tests besides is another variable, or another alternative.
    """
    first, folder = next(comparisons(condition), None), list(comparisons(outer.condition))
    if first is None or len(folder) != 1 or not (_is_of_path(first) and _is_of_path(folder[0])):
        return False
    return is_inside(str(first.operands[1]), str(folder[0].operands[1]))


def _is_of_path(test: Comparison) -> bool:
    return test.operator == "==" and test.operands[0] is _PATH and isinstance(test.operands[1], str)


def _dead_branches(
    branches: Sequence[Branch], otherwise: Rule | None, around: tuple[_Around, ...]
) -> Iterator[Diagnostic]:
    before: list[_Around] = []
    seen: dict[Condition, Branch] = {}
    for number, branch in enumerate(branches, 1):
        twin = branch if _draws(branch.condition) else seen.setdefault(branch.condition, branch)
        mine = alternatives(branch.condition)
        is_possible = mine is not None and any(map(_is_possible, mine))
        found = None
        if twin is not branch:
            found = _taken_before(branch, [twin])
        elif mine is not None and is_possible:
            found = _excluded(branch, mine, around, before if len(branches) <= MOST_BRANCHES else [])
        if found is not None:
            yield found
            continue
        inside = around
        if mine is not None and is_possible:
            inside = (*around, _Around(mine, branch.condition, branch.source))
        yield from _dead(branch.rule, inside)
        if number == len(branches):
            break
        opposite = _opposite(branch.condition)
        if opposite is not None:
            before.append(_Around(opposite, branch.condition, branch.source, is_negated=True))
    if otherwise is not None:
        yield from _dead(otherwise, around)


def _excluded(
    branch: Branch, mine: Sequence[Alternative], around: tuple[_Around, ...], before: list[_Around]
) -> Diagnostic | None:
    """Return the warning for a branch that contradicts itself, a rule around it, or earlier branches."""
    if not any(map(_can_hold, mine)):
        return _contradiction(branch, mine)
    left = tuple(mine)
    for outer in reversed(around):
        left = _joined(left, outer.alternatives)
        if not left:
            return _within(branch, outer)
    culprits = []
    for earlier in before:
        left = _joined(left, earlier.alternatives)
        culprits.append(earlier)
        if not left:
            return _taken_before(branch, culprits)
    return None


def _joined(left: Sequence[Alternative], right: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Return the combined alternatives that can be true; the left ones if there would be too many."""
    if len(left) * len(right) > MOST_ALTERNATIVES:
        return tuple(left)
    both = (tuple(dict.fromkeys((*one, *other))) for one, other in product(left, right))
    return tuple(alternative for alternative in both if _can_hold(alternative))


def _can_hold(alternative: Alternative) -> bool:
    """Whether comparisons of the same variable can be true together."""
    return len(alternative) < 2 or _can_all_hold(alternative)


@lru_cache(maxsize=8192)
def _can_all_hold(alternative: Alternative) -> bool:
    by_variable: dict[Variable, list[Compared]] = {}
    for test in alternative:
        by_variable.setdefault(test.variable, []).append(test)
    return all(len(tests) == 1 or can_all_be_true(tests) for tests in by_variable.values())


def _is_possible(alternative: Alternative) -> bool:
    """Whether each comparison alone can be true; one that cannot has a separate warning."""
    return all(test.negated or can_be_true(test) for test in alternative)


def alternatives(condition: Condition) -> tuple[Alternative, ...] | None:
    """Return a condition as alternatives of comparisons, or None if there are too many.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> both = AllOf(members=(AnyOf(members=(path_is("/a"), path_is("/b"))), path_is("/:id")))
        >>> [[test.values[0] for test in alternative] for alternative in alternatives(both)]
        [['/a', '/:id'], ['/b', '/:id']]
    """
    match condition:
        case Comparison():
            found = compared(condition)
            return ((found,) if found is not None else (),)
        case AnyOf(members=members):
            several = [alternatives(member) for member in members]
            if any(found is None for found in several):
                return None
            joined = tuple(alternative for found in several for alternative in found or ())
            return joined if len(joined) <= MOST_ALTERNATIVES else None
        case AllOf(members=members):
            all_of: tuple[Alternative, ...] = ((),)
            for member in members:
                found_there = alternatives(member)
                if found_there is None or len(all_of) * len(found_there) > MOST_ALTERNATIVES:
                    return None
                all_of = tuple((*one, *other) for one, other in product(all_of, found_there))
            return all_of


def _opposite(condition: Condition) -> tuple[Alternative, ...] | None:
    """Return the alternatives of a negated condition, or None if they are unknown or too many."""
    match condition:
        case Comparison():
            found = compared(condition)
            return None if found is None else ((replace(found, negated=not found.negated),),)
        case AllOf(members=members):
            several = [_opposite(member) for member in members]
            if any(part is None for part in several):
                return None
            joined = tuple(alternative for part in several for alternative in part or ())
            return joined if len(joined) <= MOST_ALTERNATIVES else None
        case AnyOf(members=members):
            all_of: tuple[Alternative, ...] = ((),)
            for member in members:
                part = _opposite(member)
                if part is None or len(all_of) * len(part) > MOST_ALTERNATIVES:
                    return None
                all_of = tuple((*one, *other) for one, other in product(all_of, part))
            return all_of


_RELATION = {"==": "", "=~": "=~ ", "===": "exactly ", "in": "in "}


def _described(test: Compared) -> str:
    values = ", ".join(map(shown, test.values[:3])) + (", …" if len(test.values) > 3 else "")
    values = f"[{values}]" if test.operator == "in" else values
    return f"{label(test.variable)} {'not ' if test.negated else ''}{_RELATION[test.operator]}{values}"


def _clashing(mine: Iterable[Compared], theirs: Iterable[Compared]) -> tuple[Compared, Compared] | None:
    theirs = list(theirs)
    for test in mine:
        for other in theirs:
            if test is not other and test.variable == other.variable and not can_all_be_true([test, other]):
                return test, other
    return None


def _contradiction(branch: Branch, mine: Sequence[Alternative]) -> Diagnostic:
    clash = _clashing(mine[0], mine[0])
    if clash is None:
        return _warning("can never match: its conditions exclude each other", branch.source, None)
    first, second = clash
    hint = None
    is_plain = first.operator == second.operator == "==" and not (first.negated or second.negated)
    if is_plain and len(mine) == 1 and len(mine[0]) == 2:
        hint = f"write or_({quoted(first.values[0])}, {quoted(second.values[0])}) for either of them"
    problem = f"can never match: {_described(first)} and {_described(second)} at once"
    return _warning(problem, branch.source, hint)


def _within(branch: Branch, outer: _Around) -> Diagnostic:
    mine, theirs = alternatives(branch.condition) or ((),), outer.alternatives
    clash = _clashing(mine[0], theirs[0]) if len(theirs) == 1 else None
    where = f" ({outer.source})" if outer.source and outer.source != branch.source else ""
    if clash is None:
        problem = f"can never match: its conditions exclude those of the rule around it{where}"
        return _warning(problem, branch.source, None)
    inner, outside = clash
    problem = f"can never match: {_described(inner)} inside a rule for {_described(outside)}{where}"
    return _warning(problem, branch.source, _cure_within(inner, outside))


def _cure_within(inner: Compared, outside: Compared) -> str | None:
    """Return how to write a path within a path: nested paths are not joined."""
    if inner.operator != "==" or outside.operator != "==" or inner.negated or outside.negated:
        return None
    child, parent = inner.values[0], outside.values[0]
    start = parent.rstrip("/")
    for stem in (start, start.rpartition("/:")[0]):
        whole = f"{stem}{child if child.startswith('/') else '/' + child}"
        candidate = replace(inner, values=(whole,))
        if stem and _is_valid(whole) and can_all_be_true([candidate, outside]):
            return f"write {quoted(whole)}: a nested path is the whole path"
    wider, whole = f"{start}/:rest*", f"{start}{child}"
    if _is_valid(wider) and _is_valid(whole):
        return f"write {quoted(wider)} around it and {quoted(whole)} within: a nested path is the whole path"
    return None


def _is_valid(pattern: str) -> bool:
    try:
        return not PathPattern(pattern).warnings
    except RuleError:
        return False


def _taken_before(branch: Branch, culprits: Sequence[_Around | Branch]) -> Diagnostic:
    places = [str(culprit.source) for culprit in culprits if culprit.source is not None]
    where = f" ({', '.join(dict.fromkeys(places))})" if places else ""
    many = "an earlier branch matches" if len(culprits) == 1 else "earlier branches match"
    return _warning(
        f"can never match: {many} every request that it matches{where}",
        branch.source,
        "put it before them, or remove it" if len(culprits) > 1 else "put it before that one, or remove it",
    )


def _warning(problem: str, source: Source | None, hint: str | None) -> Diagnostic:
    return Diagnostic("never-matches", problem, source, hint=hint, severity="warning")
