"""With the index or without, the same rules match, for random rules and requests made from their patterns.

By hand, a million: `INDEX_CHECKS=1000000 INDEX_SEED=1 pytest tests/evaluation/test_index_random.py`.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from prefetchrouter.rules.rule_json import rule_to_json
from strategies.index_cases import compare, requests, rule_set

CHECKS = int(os.environ.get("INDEX_CHECKS", "20000"))
SEED = int(os.environ.get("INDEX_SEED", "0"))
BATCHES = 8
REQUESTS = 100
"""Requests for each rule set."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_index_never_changes_an_answer(batch: int) -> None:
    """Rules, their number and their values are those of asking every rule in turn."""
    random, done = Random(f"{SEED} {batch}"), 0
    while done < CHECKS // BATCHES:
        router, paths = rule_set(random)
        differences: list[str] = []
        done += compare(router, requests(random, paths, REQUESTS), differences.append)
        assert not differences, [rule_to_json(rule) for rule in router.rules]
