"""The worker's edge beside the model: random rules and requests, equal answers and equal origin traffic.

In Node, on a clock set by hand. `HYPOTHESIS_PROFILE=thorough` takes thousands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import event, given

from cases.runners.worker_pair import WorkerPair, WorkerProcess
from edge.model.plain import Ask
from edge.model.random_rules import rule_lists
from edge.model.random_steps import Crowd, Step, sequences
from edge.model.rules import Rule
from edge.pair import Different
from strategies.effort import times

pytestmark = pytest.mark.needs("worker")


class Node:
    """A process for all sequences: importing the runtime takes longer than a sequence."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.process = WorkerProcess(folder)
        self.runner.run(self.process.__aenter__())

    def follow(self, rules: list[Rule], steps: list[Step]) -> list[str]:
        """Compare, and return the outcomes."""
        pair = WorkerPair(rules, self.process)
        self.runner.run(pair.follow(steps))
        return pair.outcomes

    def close(self) -> None:
        self.runner.run(self.process.__aexit__())
        self.runner.close()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    found = Node(tmp_path_factory.mktemp("worker"))
    yield found
    found.close()


@times(3)
@given(rules=rule_lists(), steps=sequences())
def test_the_worker_does_what_the_model_does(node: Node, rules: list[Rule], steps: list[Step]) -> None:
    for outcome in set(node.follow(rules, steps)):
        event(outcome)


def test_coalesced_requests_are_compared_too(node: Node) -> None:
    hour = Rule("all", "", {"caching": {"max_age": "1h"}})
    outcomes = node.follow([hour], [Crowd(Ask(path="/a"), 3), Ask(path="/a")])
    assert outcomes == ["miss 200", "coalesced 200", "coalesced 200", "hit 200"]


@pytest.mark.parametrize(
    "features", [{"caching": {"max_age": "0s"}}, {"headers": {"set_response_headers": {"x-own": "1"}}}]
)
def test_a_worker_with_other_rules_differs(node: Node, features: dict[str, dict[str, object]]) -> None:
    """So that a comparison which sees nothing does not pass."""
    pair = WorkerPair([Rule("all", "", {"caching": {"max_age": "1h"}})], node.process)
    pair.model.rules = [Rule("all", "", features)]
    with pytest.raises(Different):
        node.runner.run(pair.follow([Ask(path="/a"), Ask(path="/a")]))
