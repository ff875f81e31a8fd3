"""Engines on sockets beside the model: random rules and requests, equal answers and equal origin traffic.

`RANDOM_SEQUENCES=300` takes that many for each engine, `RANDOM_SEED=7` others.
"""

from __future__ import annotations

import asyncio
import os

import pytest

from cases.runners.embedded import Embedded
from cases.runners.engine import Engine
from cases.runners.nginx import Nginx
from cases.runners.socket_pair import compare, compare_many
from cases.runners.varnish import Varnish
from edge.model.plain import Ask
from edge.model.random_steps import Crowd
from edge.model.rules import Rule
from edge.pair import Different, rule_set

HOUR = Rule("all", "", {"caching": {"max_age": "1h"}})


def test_the_edge_on_a_socket_does_what_the_model_does() -> None:
    outcomes, differences = asyncio.run(compare_many(Embedded, 25, 1))
    assert differences == []
    assert outcomes["miss 200"] > 20
    assert not any(outcome.startswith("not started") for outcome in outcomes)


@pytest.mark.parametrize(
    ("engine", "count"),
    [
        pytest.param(Nginx, 40, marks=pytest.mark.needs("nginx", "njs"), id="nginx"),
        pytest.param(Varnish, 10, marks=pytest.mark.needs("varnishd"), id="varnish"),
    ],
)
def test_engines_do_what_the_model_does(engine: type[Engine], count: int) -> None:
    count = int(os.environ.get("RANDOM_SEQUENCES", count))
    outcomes, differences = asyncio.run(compare_many(engine, count, int(os.environ.get("RANDOM_SEED", "2"))))
    assert differences == []
    assert outcomes["miss 200"] > count / 4
    assert not any(outcome.startswith("not started") for outcome in outcomes), outcomes


def test_several_clients_are_compared_too() -> None:
    outcomes = asyncio.run(compare(Embedded, [HOUR], [Crowd(Ask(path="/a"), 3), Ask(path="/a")]))
    assert outcomes == ["miss 200", "coalesced 200", "coalesced 200", "hit 200"]


def test_an_edge_with_other_rules_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a comparison which sees nothing does not pass."""
    past = rule_set([Rule("all", "", {"caching": {"bypass_cache": True}})])
    monkeypatch.setattr("cases.runners.socket_pair.rule_set", lambda rules: past)
    with pytest.raises(Different):
        asyncio.run(compare(Embedded, [HOUR], [Ask(path="/a"), Ask(path="/a")]))
