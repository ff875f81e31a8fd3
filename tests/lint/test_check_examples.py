"""Each check fires on all of its bad examples and on none of its good ones; each witness is confirmed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import CacheKey, Property, Router, RuleSet, evaluate, exact, not_, or_
from prefetchrouter.lint import Finding, lint
from prefetchrouter.lint.check_registry import OURS, all_checks

EXAMPLES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "check_examples.toml").read_text(encoding="utf-8")
)
ELSEWHERE = {"lint/manifest-size", "lint/suppression", "lint/vendor-limit"}
"""Those that need more than a few rules; they have their own tests."""
PAGE = {"max_age": "1h", "service_worker_max_age": "1h"}


def cases(kind: str) -> list[tuple[str, str]]:
    """Each example of a kind, with the code of its check."""
    return [(code, example) for code, examples in EXAMPLES.items() for example in examples[kind]]


def rules_of(code: str, example: str) -> RuleSet:
    """The rules of an example."""
    helpers = {"CacheKey": CacheKey, "exact": exact, "not_": not_, "or_": or_}
    router = eval(f"Router(){example}", {**helpers, "PAGE": PAGE, "Router": Router, "re": re})
    settings = EXAMPLES[code].get("property")
    return RuleSet(rules=router.rules, property=Property(**settings) if settings else None)


def found_by(code: str, rules: RuleSet) -> list[Finding]:
    """What a check finds in rules."""
    return [each for each in lint(rules, checks=all_checks()) if each.diagnostic.code == code]


def test_every_check_has_examples() -> None:
    """A new one, too."""
    codes = {check.code for check in OURS if check.code.startswith("lint/")}
    assert codes == EXAMPLES.keys() | ELSEWHERE


@pytest.mark.parametrize(("code", "example"), cases("bad"))
def test_a_check_fires_on_its_bad_examples(code: str, example: str) -> None:
    """Its witness gets to the line, by what `evaluate` says."""
    rules = rules_of(code, example)
    found = found_by(code, rules)
    assert found
    for each in found:
        if each.witness is not None and code != "lint/denied-spelling":  # shows what gets past the line
            assert str(each.diagnostic.source) in evaluate(rules, each.witness).lines


@pytest.mark.parametrize(("code", "example"), cases("good"))
def test_a_check_is_quiet_on_its_good_examples(code: str, example: str) -> None:
    """Near misses of the bad ones."""
    assert [str(each.diagnostic) for each in found_by(code, rules_of(code, example))] == []
