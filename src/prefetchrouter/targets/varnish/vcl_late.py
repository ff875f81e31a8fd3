"""Conditions on the response: decided for the origin's response, and again for what a client gets.

Before there is a response the text of settings names such a fork, `l00001`, with those tests of the
request that it needs, `t00004`. Once there is one, what the fork sets takes the place of its name, and so
stays in the order of the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from prefetchrouter.lowering.guards import Guard, tests_in
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.plans import Plan, writes
from prefetchrouter.lowering.steps import Fork, Set, Steps, forks_in, without_response
from prefetchrouter.targets.varnish.vcl_conditions import condition, guard_condition
from prefetchrouter.targets.varnish.vcl_readings import CLIENT, ORIGIN
from prefetchrouter.targets.varnish.vcl_settings import plain_settings
from prefetchrouter.targets.varnish.vcl_text import Vcl, string
from prefetchrouter.targets.varnish.vcl_walk import Subroutines, Walk, comment, in_order


class PrintedRules(Protocol):
    """What is printed of the rules so far; `vcl_rules.RuleCode` is it."""

    lowered: Lowered
    subroutines: Subroutines
    networks: dict[tuple[str, ...], str]
    tests: dict[int, Vcl]
    late: list[Fork]
    late_numbers: dict[int, int]
    early_only: bool

    def guard(self, guard: Guard) -> Vcl:
        """Return the condition of a guard before there is a response."""
        ...

    def set_lines(self, step: Set) -> list[str]:
        """Return the statements of what a rule sets before there is a response."""
        ...

    def settings(self, plan: Plan, step: Set) -> Vcl | None:
        """Return the text that a rule appends to the settings, or None if it appends nothing."""
        ...


def is_late(lowered: Lowered, fork: Fork) -> bool:
    """Return whether a fork needs the response."""
    return any(test in lowered.late_tests for arm in fork.arms for test in tests_in(arm.guard))


def late_lines(code: PrintedRules, fork: Fork) -> list[str] | None:
    """Return the statements of a fork that needs the response, None for any other.

    What acts before the response is set at once. The text names the fork, for later phases, with the
    tests of the request that it needs.
    """
    if not is_late(code.lowered, fork):
        return None
    early = without_response((fork,), code.lowered.late_tests)
    was = code.early_only
    walk = Walk(code.subroutines, "pr_walk", code.set_lines, lambda _: None, code.guard)
    code.early_only = True
    lines = walk.steps(early)
    code.early_only = was
    lines = _with_settings_of(code, early, lines)
    for test in _request_tests(code.lowered, fork):
        made = code.tests[test]
        lines.append(f'if ({made}) {{ set req.http.pr_set = req.http.pr_set + "t{test:05d}\t"; }}')
    number = code.late_numbers.setdefault(id(fork), len(code.late) + 1)
    if number > len(code.late):
        code.late.append(fork)
    lines.append(f'set req.http.pr_set = req.http.pr_set + "l{number:05d}\t";')
    return lines


def _with_settings_of(code: PrintedRules, early: Steps, lines: list[str]) -> list[str]:
    """Return the statements of what a late fork sets before the response: settings that act early, too."""
    walk = Walk(
        code.subroutines, "pr_walk", lambda step: _both_phases(code, step), lambda _: None, code.guard
    )
    return [*lines, *walk.steps(early)]


def _both_phases(code: PrintedRules, step: Set) -> list[str]:
    plan = code.lowered.plans[step.plan].reduced("early")
    made = "".join(plain_settings(writes(plan)))
    return [f"set req.http.pr_set = req.http.pr_set + {string(made)};{comment(step.source)}"] if made else []


def _request_tests(lowered: Lowered, fork: Fork) -> list[int]:
    late = lowered.late_tests
    return [
        test
        for test in dict.fromkeys(
            test for found in forks_in((fork,)) for arm in found.arms for test in tests_in(arm.guard)
        )
        if test not in late
    ]


def add_late(code: PrintedRules) -> None:
    """Add the subroutines that decide such forks: for the origin's response, and for the client's."""
    for name, where in (("pr_late_keep", ORIGIN), ("pr_late_client", CLIENT)):
        if not code.late and where is CLIENT:
            continue  # Varnish refuses a subroutine that nothing calls.
        http = f"{where.request}.http"
        of_test = {
            number: condition(test, where, code.networks)
            if number in code.lowered.late_tests
            else Vcl(f'{http}.pr_set ~ "\tt{number:05d}\t"')
            for number, test in enumerate(code.lowered.tests)
        }
        cases = []
        for number, fork in enumerate(code.late, 1):
            walk = Walk(
                code.subroutines, name, _late_set(code, http), lambda _: None,
                lambda guard, of_test=of_test: guard_condition(guard, of_test),  # type: ignore[misc]
            )  # fmt: skip
            entry = f'"\tl{number:05d}\t"'
            cases.append(
                [
                    f'set {http}.pr_late = "";',
                    *walk.steps([fork]),
                    f'set {http}.pr_set = regsub({http}.pr_set, {entry}, "\t" + {http}.pr_late);',
                ]
            )
        lines = in_order(code.subroutines, name, f"{http}.pr_set", "l", cases)
        code.subroutines.add(name, lines or ["# No rule has a condition on the response."])


def _late_set(code: PrintedRules, http: str) -> Callable[[Set], list[str]]:
    def lines(step: Set) -> list[str]:
        made = code.settings(code.lowered.plans[step.plan], step)
        return [f"set {http}.pr_late = {http}.pr_late + {made};{comment(step.source)}"] if made else []

    return lines
