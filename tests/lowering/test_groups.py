"""Rules found by segment, in runs or in tables of combinations are those that a walk over all rules finds."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowering.interpreter import true_of
from lowering.reading import Seen
from prefetchrouter import Request, Router, RuleSet
from prefetchrouter.http.message import Response
from prefetchrouter.http.request_target import path_for_rules
from prefetchrouter.lowering import (
    PHASES,
    Lowered,
    Phase,
    Steps,
    by_segment,
    combinations,
    first_segment,
    lower,
    runs,
    taken,
)
from prefetchrouter.lowering.combinations import TooManyCombinations
from prefetchrouter.lowering.guards import holds
from strategies.programs import Program, programs, run
from strategies.requests import requests

SEEN = Response(404, {"x-a": "b"})


def seen(request: Request) -> Seen:
    """Return a request that was answered."""
    return Seen(request, request.path, request.query, request.host or "localhost", (404, SEEN.fields))


def plans_for(lowered: Lowered, steps: Steps, request: Request) -> tuple[int, ...]:
    """Return the plans that steps lead to."""
    found = seen(request)
    truths = [true_of(test, found) for test in lowered.tests]
    return tuple(each.plan for each in taken(steps, lambda guard: holds(guard, truths.__getitem__)))


@given(programs(), st.sampled_from(PHASES), st.lists(requests(certain=True), min_size=1, max_size=6))
def test_segments_and_runs_leave_out_no_rule_and_keep_the_order(
    program: Program, phase: Phase, asked: list[Request]
) -> None:
    """Compared with all rules, one after the other."""
    lowered = lower(RuleSet(rules=run(program).rules)).project(phase)
    groups, stretches = by_segment(lowered), runs(lowered)
    for request in asked:
        if request.refusal is not None:
            continue
        segment = first_segment(path_for_rules(request.path))
        expected = plans_for(lowered, lowered.steps, request)
        assert plans_for(lowered, groups.get(segment, groups[None]), request) == expected
        in_runs = tuple(
            step for stretch in stretches for step in stretch.by_segment.get(segment, stretch.anywhere)
        )
        assert plans_for(lowered, in_runs, request) == expected


@given(programs(), st.sampled_from(PHASES), st.lists(requests(certain=True), min_size=1, max_size=6))
def test_a_table_of_combinations_has_the_plan_of_each_request(
    program: Program, phase: Phase, asked: list[Request]
) -> None:
    """None that can occur is left out, and its plans are those that a walk finds."""
    lowered = lower(RuleSet(rules=run(program).rules)).project(phase)
    with suppress(TooManyCombinations):
        numbers, found = combinations(lowered, lowered.steps)
        table = {combination.bits: combination.plans for combination in found}
        assert len(table) == len(found)
        for request in asked:
            if request.refusal is None:
                bits = tuple(true_of(lowered.tests[number], seen(request)) for number in numbers)
                assert table.get(bits, ()) == plans_for(lowered, lowered.steps, request)


def test_only_what_can_occur_together_is_in_the_table() -> None:
    """A path is one of twenty, so there are twenty rows, not a million."""
    router = Router()
    for number in range(20):
        router = router.match(f"/a/{number}", caching={"max_age": f"{number + 1}s"})
    lowered = lower(router)
    numbers, found = combinations(lowered, lowered.steps)
    assert len(numbers) == len(found) == 20


def test_too_many_combinations_are_refused() -> None:
    """A target falls back to something else, or names the line."""
    router = Router()
    for number in range(8):
        router = router.match(
            {"headers": {f"x-{number}": "a"}}, caching={"max_age": {str(200 + number): "1s"}}
        )
    lowered = lower(router)
    with pytest.raises(TooManyCombinations, match="combinations of 8 tests"):
        combinations(lowered, lowered.steps)
    assert len(combinations(lowered, lowered.steps, most=256)[1]) == 255


def test_a_rule_for_any_path_ends_a_run() -> None:
    """So the later one wins, whichever kind it is."""
    router = Router().match("/a", comment="1").match("/b", comment="2").match("/:x", comment="3")
    router = router.match("/a/:y", comment="4")
    found = [(sorted(stretch.by_segment), len(stretch.anywhere)) for stretch in runs(lower(router))]
    assert found == [(["a", "b"], 0), ([], 1), (["a"], 0)]
