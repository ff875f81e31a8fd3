"""Where in the rules a features object is: the conditions and branches that lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prefetchrouter.evaluation import Matched
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.rules.rule import Chain, Rule
from prefetchrouter.rules.walk import Turn, ways_in
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class Applied:
    """Features that apply to a request, and what led to them.

    Args:
        source: The line that wrote them.
        when: The conditions that were true, from the outside in; empty for every request.
        branch: Which branch of its chain it is, such as ``"branch 2 of 3"``; None if there is only one.
        comment: Its comment.
        late: Whether a condition on the response decided it.
    """

    source: Source | None
    when: str
    branch: str | None
    comment: str | None
    late: bool


def applied_rules(rules: Iterable[Rule], matched: Iterable[Matched]) -> tuple[Applied, ...]:
    """Return where each matched features object is, in rule order; empty ones are left out.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.evaluation import evaluate
        >>> from prefetchrouter.http.message import Request
        >>> router = Router().if_("/a", caching={"max_age": "1h"}).else_(caching={"max_age": "1m"})
        >>> (found,) = applied_rules(router.rules, evaluate(router, Request("/b")).rules)
        >>> found.when, found.branch
        ('not path matches /a', 'else, branch 2 of 2')
    """
    matched = tuple(found for found in matched if found.rule.features.model_fields_set)
    wanted = {id(found.rule) for found in matched}
    ways = {
        id(found.apply): found.way for rule in rules for found in ways_in(rule) if id(found.apply) in wanted
    }
    return tuple(_applied(found, ways.get(id(found.rule), ())) for found in matched)


def _applied(found: Matched, way: tuple[Turn, ...]) -> Applied:
    branch = _branch(*way[-1]) if way else None
    comment = found.rule.features.comment or (way[-1].chain.comment if way else None)
    late = found.phase == "response"
    return Applied(found.source, "; ".join(map(_condition, way)), branch, comment, late)


def _condition(turn: Turn) -> str:
    if turn.branch is not None:
        return describe_condition(turn.branch.condition)
    failed = [describe_condition(branch.condition) for branch in turn.chain.branches]
    return f"not {failed[0]}" if len(failed) == 1 else f"none of {len(failed)} branches before it"


def _branch(chain: Chain, number: int) -> str | None:
    count = len(chain.branches) + (chain.otherwise is not None)
    if count == 1:
        return None
    is_else = number == len(chain.branches)
    return f"{'else, ' if is_else else ''}branch {number + 1} of {count}"
