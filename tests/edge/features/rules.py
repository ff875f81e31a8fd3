"""Rules for a harness, with one feature left out where a test is to fail without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from edge.harness import Harness, run_scenario
from prefetchrouter import RuleSet

Scene = Callable[[], Awaitable[None]]
Rule = dict[str, Any]

_left_out: list[str] = []


def shows(*features: str) -> Callable[[Scene], Callable[[], None]]:
    """Mark a scenario as a test of these features: it fails when any one of them is left out of its rules."""

    def marked(scenario: Scene) -> Callable[[], None]:
        @wraps(scenario)
        def test() -> None:
            run_scenario(scenario)

        test.shows = features  # type: ignore[attr-defined]
        return test

    return marked


@contextmanager
def left_out(feature: str) -> Iterator[None]:
    """Leave a feature out of all rules that are made meanwhile."""
    _left_out.append(feature)
    try:
        yield
    finally:
        _left_out.pop()


def harness(*rules: Rule, **options: Any) -> Harness:
    """Return a harness under rules that are written as a rule set holds them."""
    return Harness(RuleSet.from_json([_without(rule) for rule in rules], "raw"), **options)


def when(condition: Rule, *rest: Rule) -> Rule:
    """Return a chain: conditions with their features, perhaps features for all others at the end."""
    return {"if": [condition, *rest]}


def path(text: str) -> Rule:
    """Return the condition that the path matches."""
    return {"==": [{"request": "path"}, text]}


def status(text: str) -> Rule:
    """Return the condition that the response has a status."""
    return {"===": [{"response": "status_code"}, text]}


def _without(value: Any) -> Any:
    if isinstance(value, list):
        return [_without(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _without(part) for name, part in value.items() if name not in _left_out}
    for feature in _left_out:
        section, _, own = feature.partition(".")
        if own and isinstance(kept.get(section), dict):
            kept[section].pop(own, None)
    return kept
