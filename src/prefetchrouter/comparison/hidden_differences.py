"""Differences that other rules hide: the rules that changed would answer otherwise, but a later one decides.

For most requests that is so in both versions; the difference shows for those that the later rule leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from prefetchrouter.analysis.boundary_requests import escapes
from prefetchrouter.comparison.behaviour import behaviour
from prefetchrouter.comparison.request_space import Candidate
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.walk import walk

_MOST_RULES: Final = 50
"""If more rules differ, the rules that hide them are not searched."""
_MOST_NOTED: Final = 500
_MOST_KINDS: Final = 24
_MOST_OF_KIND: Final = 6


class HiddenDifferences:
    """Collects requests for which only the rules that differ would answer otherwise.

    Args:
        gone: The old rules that differ.
        come: The new ones.
        others: All other rules.
    """

    def __init__(self, gone: Sequence[Rule], come: Sequence[Rule], others: Sequence[Rule]) -> None:
        self._others = others
        self._before, self._after, self._rest = (
            Evaluator(RuleSet(rules=tuple(rules))) for rules in (gone, come, others)
        )
        self._left = _MOST_NOTED if others and len(gone) + len(come) <= _MOST_RULES else 0
        self._found: dict[tuple[str, frozenset[int]], list[Request]] = {}

    def note(self, candidate: Candidate, request: Request) -> None:
        """Look at a request that is answered in the same way by both versions."""
        if not self._left or len(self._found) >= _MOST_KINDS:
            return
        self._left -= 1
        hiding = frozenset(id(found.rule) for found in self._rest.evaluate(request).rules)
        known = self._found.get((candidate.rule, hiding), ())
        if hiding and len(known) < _MOST_OF_KIND and self._differs(request):
            self._found.setdefault((candidate.rule, hiding), []).append(request)

    def _differs(self, request: Request) -> bool:
        before, after = (
            {name: aspect.compared for name, aspect in behaviour(side, request).items()}
            for side in (self._before, self._after)
        )
        return before != after

    def candidates(self) -> Iterator[Candidate]:
        """Yield requests to which some of the hiding rules no longer apply."""
        rule_of = {
            id(node): rule
            for rule in (self._others if self._found else ())
            for node in walk(rule)
            if isinstance(node, Apply)
        }
        for (conditions, hiding), requests in self._found.items():
            hidden_by = {id(rule_of[number]) for number in hiding}
            rules = [rule for rule in self._others if id(rule) in hidden_by]
            for request in requests:
                yield from (Candidate(escaped, conditions) for escaped in escapes(request, rules))
