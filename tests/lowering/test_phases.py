"""Each feature acts in some phase, and no projection shows a later arm that an earlier one hides."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router
from prefetchrouter.catalog import FEATURES
from prefetchrouter.lowering import PHASES, lower
from prefetchrouter.lowering.guards import Is, negation
from prefetchrouter.lowering.phases import PHASES_OF, acts_in
from prefetchrouter.lowering.steps import Fork
from prefetchrouter.targets import embedded
from prefetchrouter.targets.registry import OURS, target_named

SUPPORTED = {
    key
    for table in (embedded.SUPPORT, *(target_named(name).support for name in OURS))
    for key in FEATURES
    if table.edge_rules and table.of("feature", key).level != "none"
}
"""Features that some engine has. One that none has yet needs no phase."""


@pytest.mark.parametrize("feature", sorted(PHASES_OF.keys() | SUPPORTED))
def test_each_feature_has_its_phases_and_they_agree_with_the_catalogue(feature: str) -> None:
    """What acts before there is a response does so in `rewrite` or `early` only."""
    phases = PHASES_OF[feature]
    assert phases or feature in ("comment", "speculation.eagerness", "speculation.prerender")
    assert set(phases) <= set(PHASES)
    if FEATURES[feature].phase == "request":
        assert set(phases) <= {"rewrite", "early"}


def test_a_feature_without_phases_acts_in_none() -> None:
    """Such a feature is new, and every engine reports it as unsupported."""
    assert not any(acts_in("comment", phase) for phase in PHASES)


def test_an_arm_without_effect_still_hides_the_later_ones() -> None:
    """Here the first arm sets nothing early, and its pages get no other origin all the same."""
    router = Router().if_("/a", caching={"max_age": "1h"}).elif_("/:page", origin={"set_origin": "web"})
    (fork,) = lower(router).project("early").steps
    assert isinstance(fork, Fork)
    assert [bool(arm.steps) for arm in fork.arms] == [False, True]


def test_only_the_last_arms_without_effect_are_dropped() -> None:
    """Nothing follows that they could hide."""
    router = Router().if_("/a", origin={"set_origin": "web"}).elif_("/b", caching={"max_age": "1h"})
    (fork,) = lower(router).project("early").steps
    assert isinstance(fork, Fork)
    assert len(fork.arms) == 1


def test_an_else_behind_arms_without_effect_becomes_one_guard() -> None:
    """An engine need not print an empty block."""
    router = Router().if_("/a", caching={"max_age": "1h"}).else_(origin={"set_origin": "web"})
    (fork,) = lower(router).project("early").steps
    assert isinstance(fork, Fork)
    assert fork.arms[0].guard == Is(0, negated=True)
    assert fork.otherwise == ()


def test_a_condition_on_the_response_ends_its_chain_before_there_is_one() -> None:
    """Neither the branch nor the else applies."""
    late: Any = {"path": "/a", "response": {"status_code": "404"}}
    router = Router().if_(late, origin={"set_origin": "a"}).else_(origin={"set_origin": "b"})
    (fork,) = lower(router).project("early").steps
    assert isinstance(fork, Fork)
    assert [arm.guard for arm in fork.arms] == [negation(Is(0))]
    assert dict(lower(router).project("early").plans[0].values) == {"origin.set_origin": "b"}


def test_equal_features_are_one_plan_also_where_they_differ_in_another_phase() -> None:
    """A target prints each once."""
    router = Router().match("/a", caching={"max_age": "1h"}, headers={"set_response_headers": {"x": "1"}})
    router = router.match("/b", caching={"max_age": "1h"}, headers={"set_response_headers": {"x": "2"}})
    router = router.match("/c", caching={"max_age": "1h"})
    lowered = lower(router)
    assert [len(lowered.plans), len(lowered.project("keep").plans)] == [3, 1]
    assert len(lowered.project("client").plans) == 2


def test_an_operator_and_its_opposite_are_one_test() -> None:
    """Whatever else differs in how a rule writes it."""
    header, done = {"request.header": "x-kind"}, {"response": {"set_done": True}}
    router = Router().match({"headers": {"X-Kind": "a"}}, response={"set_done": True})
    router = router.conditional({"if": [{"!==": [header, "a"]}, done]})
    lowered = lower(router.conditional({"if": [{"not_in": [header, ["a"]]}, done]}))
    assert len(lowered.tests) == 1
    guards = [fork.arms[0].guard for fork in lowered.steps if isinstance(fork, Fork)]
    assert guards == [Is(0), Is(0, negated=True), Is(0, negated=True)]
