"""The rule index changes no answer of the corpus's programs."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from conformance.corpus import lines
from prefetchrouter import RuleSet
from prefetchrouter.rules.rule import Chain, Group, Rule
from prefetchrouter.rules.walk import comparisons
from strategies.index_cases import compare, requests

PROGRAMS = lines("programs.jsonl")
REQUESTS = 30
"""For each program."""


def path_texts(rule: Rule) -> list[str]:
    """Return what a rule compares with, roughly as paths: parameters and groups are left out, or taken."""
    if isinstance(rule, Group):
        return [text for member in rule.rules for text in path_texts(member)]
    if not isinstance(rule, Chain):
        return []
    texts = [text for branch in rule.branches for text in path_texts(branch.rule)]
    values = [test.value for branch in rule.branches for test in comparisons(branch.condition)]
    for value in values:
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                texts += (re.sub(r"[/.]?:\w+(?:\([^)]*\))?[?*+]?", by, text) for by in ("", "/x", "/x/y"))
                texts += (re.sub(r"\([^)]*\)[?*+]?|[\^$?*+\\{}]|\[[^]]*\]", by, text) for by in ("", "a"))
    return texts


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_the_index_changes_no_answer(record: Any) -> None:
    """For requests made from the patterns of the program."""
    rule_set = RuleSet.from_json({"rules": record["rules"]}, "exported")
    paths = ("/", *(text for rule in rule_set.rules for text in path_texts(rule)))
    differences: list[str] = []

    compare(rule_set, requests(Random(record["name"]), paths, REQUESTS), differences.append)
    assert not differences
