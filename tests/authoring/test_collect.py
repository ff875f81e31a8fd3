"""How the errors and warnings of one call on a router come together."""

from __future__ import annotations

import pytest

from prefetchrouter.authoring.collect import Collector, gather
from prefetchrouter.errors import CriteriaError, Diagnostic, FeatureError, RoutesError, RuleError
from prefetchrouter.source import Source

LINE = Source("routes.py", 3)
CRITERIA = CriteriaError.of("empty-criteria", "no criteria")
FEATURES = FeatureError.of("rule-body", "no features")


def test_an_error_outside_of_loading_is_raised_with_the_line_of_its_call() -> None:
    """The type of the error stays."""
    with pytest.raises(CriteriaError) as raised, Collector(LINE, []):
        raise CRITERIA
    assert [found.source for found in raised.value.diagnostics] == [LINE]


def test_an_error_while_loading_ends_only_its_own_call() -> None:
    """The file goes on, so that all of its errors are known."""
    with gather() as problems:
        for error in (CRITERIA, FEATURES):
            with Collector(LINE, []):
                raise error
    assert [problem.code for problem in problems] == ["empty-criteria", "rule-body"]


def errors_of_parts(*errors: RuleError | None) -> None:
    """Run a call of one part for each error; None is a part that succeeds."""
    with Collector(LINE, []) as collector:
        for error in errors:
            with collector.part:
                if error is not None:
                    raise error
        collector.check()


def test_the_error_of_one_part_keeps_its_type() -> None:
    """Only several need their own type."""
    with pytest.raises(FeatureError):
        errors_of_parts(None, FEATURES)


def test_the_errors_of_several_parts_are_raised_together() -> None:
    """In the order of the parts."""
    with pytest.raises(RoutesError) as raised:
        errors_of_parts(CRITERIA, FEATURES)
    assert [found.code for found in raised.value.diagnostics] == ["empty-criteria", "rule-body"]


def test_an_error_that_is_not_about_rules_is_left_alone() -> None:
    """A function of the user may fail in any way."""
    with pytest.raises(ZeroDivisionError), Collector(LINE, []) as collector, collector.part:
        raise ZeroDivisionError


def test_a_warning_goes_to_the_router_and_to_what_is_gathered() -> None:
    """With the line of the call."""
    kept: list[Diagnostic] = []
    with gather() as problems, Collector(LINE, kept) as collector:
        collector.warn(Diagnostic("unlikely-value", "odd", severity="warning"))
    assert kept == problems
    assert [found.source for found in kept] == [LINE]
