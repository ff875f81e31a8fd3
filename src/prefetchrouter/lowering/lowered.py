"""`lower`: a rule set as plain data, and what is left of it in one phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from prefetchrouter.evaluation.index_keys import index_key_of
from prefetchrouter.lowering.first_segments import FirstSegments, Prefixes, prefixes
from prefetchrouter.lowering.guards import Is, tests_in
from prefetchrouter.lowering.phases import BEFORE_RESPONSE, Phase
from prefetchrouter.lowering.plans import Plan, plan_of
from prefetchrouter.lowering.steps import Steps, forks_in, sets_in, steps_of, with_plans, without_response
from prefetchrouter.lowering.tests import Test, atomic, is_late
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule import Apply, HasRules
from prefetchrouter.rules.rule_set import property_of


@dataclass(frozen=True, slots=True)
class LoweredRule:
    """One rule.

    Args:
        number: Its place in the rule set, from 0.
        steps: What it does.
        prefixes: What the paths that it is for begin with, in lower case; None if any path may be.
        methods: The methods that it is for; None for all.
    """

    number: int
    steps: Steps
    prefixes: Prefixes
    methods: frozenset[str] | None

    @property
    def segments(self) -> FirstSegments:
        """The first segments of the paths that it is for, in lower case, or None if any path may be."""
        return None if self.prefixes is None else frozenset(prefix[0] for prefix in self.prefixes)


@dataclass(frozen=True)
class Lowered:
    """A rule set as data.

    Args:
        rules: The rules, in order.
        tests: Each atomic test once; guards name it by its place here.
        plans: Each set of features once; a `Set` names it by its place here.
        site: The property around the rules: origins, hostnames; None without one.
        phase: The phase that it is reduced to; None for all of them.
        facts: The mapping of the property from facts to headers.
    """

    rules: tuple[LoweredRule, ...]
    tests: tuple[Test, ...]
    plans: tuple[Plan, ...]
    site: Property | None = None
    phase: Phase | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> Steps:
        """The steps of all rules, in order."""
        return tuple(step for rule in self.rules for step in rule.steps)

    @cached_property
    def late_tests(self) -> frozenset[int]:
        """The numbers of the tests that only a response decides."""
        return frozenset(number for number, test in enumerate(self.tests) if is_late(test))

    def used_tests(self, steps: Steps | None = None) -> tuple[int, ...]:
        """Return the numbers of the tests that steps make, each once, in order.

        Args:
            steps: The steps; those of all rules when not given.
        """
        forks = forks_in(self.steps if steps is None else steps)
        return tuple(
            dict.fromkeys(test for fork in forks for arm in fork.arms for test in tests_in(arm.guard))
        )

    def project(self, phase: Phase, *, has_response: bool | None = None) -> Lowered:
        """Return what the rules do in one phase; the tests keep their numbers, the plans get new ones.

        Args:
            phase: The phase.
            has_response: Whether there is a response of an origin. By default, only in the phases `keep` and
                `client`; a response that the edge makes itself gets `client` without one.

        Example:
            >>> from prefetchrouter import Router
            >>> router = Router().match("/a", caching={"max_age": "1h"}, origin={"set_origin": "web"})
            >>> early = lower(router).project("early")
            >>> [dict(plan.values) for plan in early.plans]
            [{'origin.set_origin': 'web'}]
        """
        if has_response is None:
            has_response = phase not in BEFORE_RESPONSE
        table = _Plans(self.facts)
        reduced: dict[int, int | None] = {}

        def renumbered(number: int) -> int | None:
            if number not in reduced:
                plan = self.plans[number].reduced(phase)
                reduced[number] = None if plan.is_empty else table.number(plan)
            return reduced[number]

        rules = []
        for rule in self.rules:
            steps = rule.steps
            if not has_response and self.late_tests:
                steps = without_response(steps, self.late_tests)
            steps = with_plans(steps, renumbered)
            if steps:
                rules.append(LoweredRule(rule.number, steps, rule.prefixes, rule.methods))
        return Lowered(tuple(rules), self.tests, tuple(table.plans), self.site, phase, self.facts)

    def merged(self, numbers: tuple[int, ...]) -> Plan:
        """Return the plan of several that apply together, in the order of the rules.

        Args:
            numbers: Their numbers.

        Example:
            >>> from prefetchrouter import Router
            >>> router = Router().always(caching={"max_age": "1h"}).match("/a", caching={"max_age": "1d"})
            >>> dict(lower(router).merged((0, 1)).values)
            {'caching.max_age.200': '1d'}
        """
        applied = [apply for number in numbers for apply in self.plans[number].applied]
        plan = plan_of(applied, self.facts)
        return plan if self.phase is None else plan.reduced(self.phase)


def lower(rules: HasRules) -> Lowered:
    """Return a rule set as data that targets print.

    Args:
        rules: A `RuleSet` or a `Router`.

    Example:
        >>> from prefetchrouter import Router
        >>> lowered = lower(Router().get("/a", caching={"max_age": "1h"}))
        >>> lowered.steps[0].arms[0].guard
        Every(members=(Is(test=0, negated=False), Is(test=1, negated=False)))
    """
    return _Lowering(rules).lowered()


class _Plans:
    """Plans by number, equal ones once."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts
        self._numbers: dict[tuple[object, ...], int] = {}
        self._known: dict[int, int] = {}
        self.plans: list[Plan] = []

    def number(self, plan: Plan) -> int:
        """Return the number of a plan, or of an equal one."""
        number = self._numbers.setdefault(plan.identity, len(self.plans))
        if number == len(self.plans):
            self.plans.append(plan)
        return number

    def number_of(self, apply: Apply) -> int:
        """Return the number of the plan of a features object; rules often share these."""
        found = self._known.get(id(apply.features))
        if found is None:
            found = self._known[id(apply.features)] = self.number(plan_of([apply], self._facts))
        return found


class _Lowering:
    def __init__(self, rules: HasRules) -> None:
        self._rules = rules.rules
        self._property = property_of(rules)
        self._facts = facts_of(self._property)
        self._plans = _Plans(self._facts)
        self._tests: dict[Test, int] = {}
        self._references: dict[Comparison, Is] = {}

    def lowered(self) -> Lowered:
        rules = tuple(self._lowered_rules())
        return Lowered(rules, tuple(self._tests), tuple(self._plans.plans), self._property, None, self._facts)

    def _lowered_rules(self) -> Iterator[LoweredRule]:
        for number, rule in enumerate(self._rules):
            steps = steps_of(rule, self._refer, self._plans.number_of)
            key = index_key_of(rule)
            if any(sets_in(steps)):
                yield LoweredRule(number, steps, prefixes(key.keys), key.methods)

    def _refer(self, comparison: Comparison) -> Is:
        found = self._references.get(comparison)
        if found is None:
            test = atomic(comparison, self._facts)
            number = self._tests.setdefault(test, len(self._tests))
            found = Is(number, OPERATORS[comparison.operator].negated)
            self._references[comparison] = found
        return found
