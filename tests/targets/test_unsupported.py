"""What a target cannot express is an error, a warning or nothing, as the caller of the build says."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router, RuleSet, build
from prefetchrouter.errors import TargetError, UnsupportedError
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target, none
from prefetchrouter.targets.findings import findings

ROUTER = Router().match("/a", caching={"max_age": "1h"}, headers={"debug_header": True})


PATHS = SupportTable(variables={"request.path": FULL}, operators={"==": FULL})
"""Paths, and no feature."""


class Picky(Target):
    """Refuses lifetimes itself; the rest of what it lacks is in its table."""

    name = "picky"
    summary = "Nothing much."
    support = SupportTable(
        features={"headers.debug_header": none("it has no debug mode", nearest="leave it out")},
        otherwise=FULL,
    )
    printed = 0

    def print(self, job: Job) -> list[Artifact]:
        Picky.printed += 1
        for rule in job.rules:
            job.unsupported("caching.max_age", rule.source, "an hour is too long", nearest="write 30m")
        return [Artifact("picky.txt", "printed\n")]


class Careless(Target):
    """Fails while it prints."""

    name = "careless"
    summary = "Fails."
    support = SupportTable(otherwise=FULL)

    def print(self, job: Job) -> list[Artifact]:
        raise KeyError("path")


def test_errors_of_the_table_come_before_the_printer_runs() -> None:
    """It need not be ready for what it does not support."""
    Picky.printed = 0
    with pytest.raises(UnsupportedError, match="debug mode") as raised:
        build(ROUTER, targets=[Picky()])
    assert Picky.printed == 0
    assert raised.value.diagnostics[0].hint == "leave it out"


def test_what_only_the_printer_can_tell_is_an_error_too() -> None:
    """With the line of the rule and the nearest thing."""
    with pytest.raises(UnsupportedError) as raised:
        build(Router().match("/a", {}), targets=[Picky()])
    (found,) = raised.value.diagnostics
    assert (found.code, found.hint) == ("unsupported", "write 30m")
    assert found.source is not None


@pytest.mark.parametrize(("policy", "count"), [("warn", 2), ("ignore", 0)])
def test_the_caller_can_build_without_it(policy: Any, count: int) -> None:
    """With warnings, or in silence."""
    built = build(ROUTER, targets=[Picky()], unsupported=policy)
    assert built["picky.txt"] == "printed\n"
    assert [found.severity for found in built.warnings] == ["warning"] * count


def test_rules_without_a_line_are_named_by_their_number() -> None:
    """As in a rule set that was read from JSON."""
    rules = RuleSet.from_json([{}, {"headers": {"debug_header": True}}])
    with pytest.raises(UnsupportedError, match=r"rules\[1\]"):
        build(rules, targets=[Picky()])


@pytest.mark.parametrize(
    ("section", "feature", "value"),
    [
        ("headers", "age_response_header", False),
        ("caching", "cacheable_status_codes", []),
        ("origin", "proxy_special_headers", []),
        ("response", "set_response_body", ""),
    ],
)
def test_an_empty_value_that_changes_something_needs_support(section: str, feature: str, value: Any) -> None:
    """Without it, the age is sent and 200 is in the list."""
    features: Any = {section: {feature: value}}
    rules = Router().match("/a", features).rules
    assert [use.name for use, _ in findings(PATHS, rules)] == [f"{section}.{feature}"]


@pytest.mark.parametrize(
    "features",
    [
        {"headers": {"age_response_header": True}},
        {"caching": {"cacheable_status_codes": [200]}},
        {"headers": {"set_response_headers": {}}},
        {"caching": {"cache_key_query_string": {"include_all": True}}},
    ],
)
def test_a_default_needs_no_support(features: Any) -> None:
    """A rule that sets it means the same without it."""
    assert not list(findings(PATHS, Router().match("/a", features).rules))


def test_a_switch_that_is_off_needs_no_support() -> None:
    """It is off by default."""
    router = Router().match("/a", headers={"debug_header": False})
    assert build(router, targets=[Picky()], unsupported="warn").warnings[0].message.endswith("long)")


def test_errors_of_all_targets_come_together() -> None:
    """So that one run names all there is to change."""
    with pytest.raises(UnsupportedError) as raised:
        build(ROUTER, targets=[Picky(), "ruleset", type("Other", (Picky,), {"name": "other"})()])
    assert len(raised.value.diagnostics) == 2


def test_a_printer_that_fails_is_named() -> None:
    """Its own error is the cause, for `--debug`."""
    with pytest.raises(TargetError, match='the target "careless" failed: KeyError') as raised:
        build(ROUTER, targets=[Careless()])
    assert raised.value.code == "broken-target"
    assert isinstance(raised.value.__cause__, KeyError)
