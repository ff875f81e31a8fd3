"""Where in the rules a features object stands: the conditions and branches that lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prefetchrouter.evaluation import Matched
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class Applied:
    """Features that apply to a request, and what led to them.

    Args:
        source: The line that wrote them.
        when: The conditions that were true, from the outside in; empty for every request.
        branch: Which branch of its chain it is, such as ``"branch 2 of 3"``; None where there is only one.
        comment: Its comment.
        late: Whether a condition on the response decided it.
    """

    source: Source | None
    when: str
    branch: str | None
    comment: str | None
    late: bool


def applied_rules(rules: Iterable[Rule], matched: Iterable[Matched]) -> tuple[Applied, ...]:
    """Return where each matched features object stands, in rule order; empty ones are left out.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.evaluation import evaluate
        >>> from prefetchrouter.http.message import Request
        >>> router = Router().if_("/a", caching={"max_age": "1h"}).else_(caching={"max_age": "1m"})
        >>> (found,) = applied_rules(router.rules, evaluate(router, Request("/b")).rules)
        >>> found.when, found.branch
        ('not path fits /a', 'else, branch 2 of 2')
    """
    matched = tuple(found for found in matched if found.rule.features.model_fields_set)
    wanted = {id(found.rule) for found in matched}
    places = {id(apply): trail for rule in rules for apply, trail in _places(rule, ()) if id(apply) in wanted}
    return tuple(_applied(found, places.get(id(found.rule), ())) for found in matched)


_Step = tuple[Chain, int]


def _places(rule: Rule, trail: tuple[_Step, ...]) -> Iterator[tuple[Apply, tuple[_Step, ...]]]:
    match rule:
        case Apply():
            yield rule, trail
        case Group(rules=rules):
            for member in rules:
                yield from _places(member, trail)
        case Chain(branches=branches, otherwise=otherwise):
            for number, branch in enumerate(branches):
                yield from _places(branch.rule, (*trail, (rule, number)))
            if otherwise is not None:
                yield from _places(otherwise, (*trail, (rule, len(branches))))


def _applied(found: Matched, trail: tuple[_Step, ...]) -> Applied:
    branch = _branch(*trail[-1]) if trail else None
    comment = found.rule.features.comment or (trail[-1][0].comment if trail else None)
    late = found.phase == "response"
    return Applied(found.source, "; ".join(_condition(*step) for step in trail), branch, comment, late)


def _condition(chain: Chain, number: int) -> str:
    if number < len(chain.branches):
        return describe_condition(chain.branches[number].condition)
    failed = [describe_condition(branch.condition) for branch in chain.branches]
    return f"not {failed[0]}" if len(failed) == 1 else f"none of {len(failed)} branches before it"


def _branch(chain: Chain, number: int) -> str | None:
    count = len(chain.branches) + (chain.otherwise is not None)
    if count == 1:
        return None
    is_else = number == len(chain.branches)
    return f"{'else, ' if is_else else ''}branch {number + 1} of {count}"
