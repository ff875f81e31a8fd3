"""Every feature, variable, operator and construct of the model is fed to every target: none may be lost."""

from __future__ import annotations

import pytest

from prefetchrouter.catalog import FEATURES
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target
from prefetchrouter.targets.registry import OURS, target_named
from targets.feeding import VARIABLES, full_name, lost, unsupported_variables
from targets.toy import HeadersFile

TARGETS = [*map(target_named, [name for name in OURS if name != "speculation"]), HeadersFile()]
"""All but one: what links browsers may prefetch follows from all rules together (`tests/speculation`)."""


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_is_lost_without_a_diagnostic(target: Target) -> None:
    """It is in the output, or the build says that it is not."""
    assert lost(target) == []


class OnlyPaths(Target):
    """Supports one variable."""

    name = "only-paths"
    summary = "The path and nothing else."
    support = SupportTable(
        features={"caching": FULL}, variables={"request.path": FULL}, operators={"===": FULL}
    )

    def print(self, job: Job) -> list[Artifact]:
        return [Artifact("rules.txt", str(job.rules))]


def test_a_table_with_one_variable_claims_no_other() -> None:
    """`{"request": "path"}` is not the namespace of `{"request.path": "extension"}`."""
    assert unsupported_variables(OnlyPaths()) == {*map(full_name, VARIABLES)} - {"request.path"}


class Forgetful(Target):
    """Says that it supports everything, and prints nothing of it."""

    name = "forgetful"
    summary = "Nothing."
    support = SupportTable(otherwise=FULL)

    def print(self, job: Job) -> list[Artifact]:
        return [Artifact("nothing.txt", "")]


def test_a_target_that_loses_what_it_claims_to_support_is_found_out() -> None:
    """With the name of each thing that it loses."""
    found = lost(Forgetful())
    assert set(map(str, FEATURES)) | {"request.path", "=~", "or", "else", "nested"} <= set(found)
