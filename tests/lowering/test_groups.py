"""Rules found by segment or in runs are those that a walk over all rules finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    by_prefix,
    by_segment,
    first_segment,
    lower,
    runs,
    taken,
)
from prefetchrouter.lowering.groups import Run
from prefetchrouter.lowering.guards import holds
from prefetchrouter.lowering.steps import Step
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


def longest(path: str, prefixes: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest prefix that a path has."""
    segments = tuple(path.lower().split("/")[1:])
    return max((prefix for prefix in prefixes if segments[: len(prefix)] == prefix), key=len)


@given(programs(), st.sampled_from(PHASES), st.lists(requests(certain=True), min_size=1, max_size=6))
def test_segments_and_runs_leave_out_no_rule_and_keep_the_order(
    program: Program, phase: Phase, asked: list[Request]
) -> None:
    """Compared with all rules, one after the other."""
    lowered = lower(RuleSet(rules=run(program).rules)).project(phase)
    groups, stretches = by_segment(lowered), runs(lowered)
    prefixed = by_prefix([rule.prefixes for rule in lowered.rules])
    for request in asked:
        if request.refusal is not None:
            continue
        path = path_for_rules(request.path)
        segment = first_segment(path)
        expected = plans_for(lowered, lowered.steps, request)
        for places in (groups.get(segment, groups[None]), prefixed[longest(path, prefixed)]):
            found = tuple(step for place in places for step in lowered.rules[place].steps)
            assert plans_for(lowered, found, request) == expected
        in_runs = tuple(
            step for stretch in stretches for step in stretch.by_segment.get(segment, stretch.anywhere)
        )
        assert plans_for(lowered, in_runs, request) == expected
        in_nested = tuple(nested_steps(runs(lowered, 0), path))
        assert plans_for(lowered, in_nested, request) == expected


def nested_steps(stretches: Iterable[Run], path: str) -> Iterator[Step]:
    """Yield the steps that runs by two segments lead to."""
    first, second = (*path.lower().split("/")[1:3], "")[:2]
    for stretch in stretches:
        below = stretch.below.get(first)
        if below is None:
            yield from stretch.by_segment.get(first, stretch.anywhere)
            continue
        for inner in below:
            yield from inner.by_segment.get(second, inner.anywhere)


def test_many_rules_below_a_segment_are_runs_by_the_second() -> None:
    """A rule for all of the section ends a run, as one for any path does."""
    router = Router().match("/shop/a", comment="1").match("/shop/:any", comment="2")
    router = router.match("/shop/b/:id", comment="3").match("/news", comment="4")
    (run,) = runs(lower(router), 2)
    assert [(list(one.by_segment), len(one.anywhere)) for one in run.below["shop"]] == [
        (["a"], 0), ([], 1), (["b"], 0),
    ]  # fmt: skip
    assert list(run.below) == ["shop"]
    assert all(not one.below for one in runs(lower(router), 3))


def test_rules_below_one_section_are_found_by_more_segments() -> None:
    """Else a language in front of all paths would make every rule a candidate of every request."""
    router = Router()
    for number in range(200):
        router.match(f"/en/shop/s{number}/:id", comment=str(number))
    found = by_prefix([rule.prefixes for rule in lower(router).rules])
    assert found["en", "shop", "s7"] == (7,)
    assert found[()] == ()
    assert len(found) == 201


def test_prefixes_stay_short_where_longer_ones_would_list_rules_too_often() -> None:
    """A thousand rules for a whole section beside a thousand parts of it are a list of two thousand."""
    router = Router()
    for number in range(1_000):
        router.match({"path": "/en/:rest*", "headers": {"x-a": str(number)}}, comment=f"a{number}")
        router.match(f"/en/s{number}/:id", comment=f"b{number}")
    found = by_prefix([rule.prefixes for rule in lower(router).rules])
    assert list(found) == [(), ("en",)]
    assert len(found["en",]) == 2_000


def test_a_rule_for_any_path_ends_a_run() -> None:
    """So the later one wins, whichever kind it is."""
    router = Router().match("/a", comment="1").match("/b", comment="2").match("/:x", comment="3")
    router = router.match("/a/:y", comment="4")
    found = [(sorted(stretch.by_segment), len(stretch.anywhere)) for stretch in runs(lower(router))]
    assert found == [(["a", "b"], 0), ([], 1), (["a"], 0)]
