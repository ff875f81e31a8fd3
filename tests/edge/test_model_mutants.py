"""Edges with one fault each: the comparison with the model finds every one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from edge.model.origin import Page
from edge.model.plain import Ask
from edge.model.random_rules import rule_lists
from edge.model.random_steps import Change, Step, Turn, Wait, sequences
from edge.model.rules import Rule
from edge.pair import Different, Pair
from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.engine import cache_filler, edge, machine, storing, synthetic
from prefetchrouter.edge.engine.fetching import Fetcher
from prefetchrouter.edge.engine.hit_for_miss import HitForMiss
from prefetchrouter.edge.engine.in_flight import InFlightTable
from prefetchrouter.edge.engine.plan import RequestPlan, SharedDecision
from prefetchrouter.edge.requests import EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.storage import (
    NotStorable,
    StoragePolicy,
    reason_to_pass,
    state,
    storage_policy,
)

Patch = pytest.MonkeyPatch


def _keeps(patch: Patch, change: Callable[[StoragePolicy], StoragePolicy]) -> None:
    def keep(*given: Any, **named: Any) -> StoragePolicy | NotStorable:
        found = storage_policy(*given, **named)
        return found if isinstance(found, NotStorable) else change(found)

    patch.setattr(storing, "storage_policy", keep)


def _hides(patch: Patch, name: str, text: str = "") -> None:
    """Let the edge keep an answer as if the origin had not said something."""

    def keep(*given: Any, **named: Any) -> StoragePolicy | NotStorable:
        decision, method, request_headers, status, headers = given
        kept = [pair for pair in headers.fields() if pair[0] != name or text not in pair[1].lower()]
        return storage_policy(decision, method, request_headers, status, HeaderFields(kept), **named)

    patch.setattr(storing, "storage_policy", keep)


def stale_a_second_too_long(patch: Patch) -> None:
    _keeps(patch, lambda found: replace(found, stale=found.stale + 1 if found.stale else 0.0))


def stale_after_errors_a_second_too_short(patch: Patch) -> None:
    _keeps(patch, lambda found: replace(found, error=max(0.0, found.error - 1)))


def fresh_at_its_very_end(patch: Patch) -> None:
    patch.setattr(machine, "state", lambda keep, resident: state(keep, resident - 1e-6))


def times_by_rules_count_from_the_making(patch: Patch) -> None:
    def keep(*given: Any, age: float, **named: Any) -> StoragePolicy | NotStorable:
        found = storage_policy(*given, age=age, **named)
        if isinstance(found, NotStorable) or found.basis != "rule":
            return found
        return replace(found, fresh=found.fresh - age)

    patch.setattr(storing, "storage_policy", keep)


def the_origins_age_is_not_heard(patch: Patch) -> None:
    patch.setattr(storing, "corrected_initial_age", lambda *_, **__: 0.0)


def set_cookie_is_kept(patch: Patch) -> None:
    _hides(patch, "set-cookie")


def private_is_kept(patch: Patch) -> None:
    _hides(patch, "cache-control", "private")


def the_targeted_field_is_not_heard(patch: Patch) -> None:
    _hides(patch, "cdn-cache-control")


def must_revalidate_is_not_heard(patch: Patch) -> None:
    _hides(patch, "cache-control", "must-revalidate")


def vary_is_not_heard(patch: Patch) -> None:
    patch.setattr(storing, "selecting", lambda *_: ())


def authorization_is_not_heard(patch: Patch) -> None:
    def reason(*given: Any, **named: Any) -> str | None:
        found = reason_to_pass(*given, **named)
        return None if found == "authorization" else found

    patch.setattr(machine, "reason_to_pass", reason)


def copies_are_not_checked(patch: Patch) -> None:
    patch.setattr(cache_filler, "conditional_headers", lambda _: HeaderFields())


def a_304_changes_nothing(patch: Patch) -> None:
    patch.setattr(cache_filler, "freshened", lambda before, _: before)


def a_post_removes_nothing(patch: Patch) -> None:
    patch.setattr(edge, "invalidated_addresses", lambda *_: ())


def prefetches_reach_the_origin(patch: Patch) -> None:
    patch.setattr(SharedDecision, "may_fetch", True)


def prefetches_begin_refreshes(patch: Patch) -> None:
    patch.setattr(RequestPlan, "may_refresh", True)


def the_worker_may_keep_refusals(patch: Patch) -> None:
    headers = HeaderFields({"cache-control": "no-store", "x-sw-cache-control": "max-age=60"})
    patch.setattr(synthetic, "refused_prefetch", lambda _: EdgeResponse(412, headers))


def age_is_a_second_behind(patch: Patch) -> None:
    resident = StoredResponse.resident_time
    patch.setattr(StoredResponse, "resident_time", lambda copy, now: max(0.0, resident(copy, now) - 1))


def everybody_asks_the_origin(patch: Patch) -> None:
    patch.setattr(InFlightTable, "joinable", lambda *_: None)


def all_requests_wait(patch: Patch) -> None:
    patch.setattr(HitForMiss, "__contains__", lambda *_: False)


def failed_origins_are_asked_at_once(patch: Patch) -> None:
    patch.setattr(Fetcher, "failed_within", lambda *_: False)


def failures_end_copies(patch: Patch) -> None:
    patch.setattr(machine, "serves_on_error", lambda *_: False)


EXAMPLES = 1000
_ask = Ask(path="/a")
_rests = {"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 5}
RARE: list[tuple[list[Rule], list[Step]]] = [
    ([Rule("all", "", {"caching": _rests})], [_ask, Wait(11), Turn("unreachable"), _ask, _ask]),
    ([], [Change("/a", Page(headers=(("cache-control", "private, max-age=10"),))), _ask, _ask]),
]
"""What random ones may happen to miss."""
MUTANTS = (
    a_304_changes_nothing,
    a_post_removes_nothing,
    age_is_a_second_behind,
    authorization_is_not_heard,
    copies_are_not_checked,
    everybody_asks_the_origin,
    failed_origins_are_asked_at_once,
    failures_end_copies,
    fresh_at_its_very_end,
    must_revalidate_is_not_heard,
    all_requests_wait,
    prefetches_begin_refreshes,
    prefetches_reach_the_origin,
    private_is_kept,
    set_cookie_is_kept,
    stale_a_second_too_long,
    stale_after_errors_a_second_too_short,
    the_origins_age_is_not_heard,
    the_targeted_field_is_not_heard,
    the_worker_may_keep_refusals,
    times_by_rules_count_from_the_making,
    vary_is_not_heard,
)


@pytest.fixture(scope="module")
def examples() -> list[tuple[list[Rule], list[Step]]]:
    """Random rules and sequences, the same ones each time."""
    found = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rule_lists(), sequences())
    def collect(rules: list[Rule], steps: list[Step]) -> None:
        found.append((rules, steps))

    collect()
    return [*found, *RARE]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_comparison_sees_mutants(
    mutant: Callable[[Patch], None],
    examples: list[tuple[list[Rule], list[Step]]],
    monkeypatch: Patch,
) -> None:
    mutant(monkeypatch)

    async def compare() -> None:
        for rules, steps in examples:
            await Pair(rules).follow(steps)

    with pytest.raises(Different):
        asyncio.run(compare())
