"""Every features object of the recorded programs, as written and as exported, is one that we take."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.corpus import lines
from prefetchrouter.rules.features import features_from, written

PROGRAMS = lines("programs.jsonl")


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_exported_features_are_accepted_and_kept_as_they_are(record: Any) -> None:
    """Values and order of keys stay."""
    for features in _of_rules(record["rules"]):
        kept = written(features_from(features))
        assert (features, list(features)) == (kept, list(kept))


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_features_as_programs_write_them_are_accepted(record: Any) -> None:
    """The mappings that calls pass as targets."""
    for features in _of_calls(record["program"]):
        assert features == written(features_from(features))


def _of_rules(rule: Any) -> Iterator[dict[str, Any]]:
    if isinstance(rule, list):
        for part in rule:
            yield from _of_rules(part)
    elif "if" in rule:
        branches = rule["if"]
        yield from _of_rules(branches[1::2])
        yield from _of_rules(branches[-1:] if len(branches) % 2 else [])
    else:
        yield rule


def _of_calls(calls: list[Any]) -> Iterator[dict[str, Any]]:
    for call in calls:
        criteria = 0 if call["m"] in {"else", "always", "conditional"} else 1
        for target in call["args"][criteria:]:
            if not isinstance(target, dict):
                continue
            if "$router" in target:
                yield from _of_calls(target["$router"])
            elif not any(key.startswith("$") for key in target) and call["m"] not in {
                "forceHttps",
                "conditional",
            }:
                yield target
