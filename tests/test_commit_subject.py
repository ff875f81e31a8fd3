"""The rule for subjects of commits."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def script() -> ModuleType:
    path = Path(__file__).parents[1] / "scripts" / "commit_subject.py"
    spec = importlib.util.spec_from_file_location("commit_subject", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WORDS = ("Alias", "Proceed", "Ping", "Bring", "Shed", "String", "Spread", "Need", "Exceed", "Bypass", "Wed")
"""Imperatives that end as other forms do."""


@pytest.mark.parametrize(
    "message",
    [
        "Add a target for Varnish",
        "test: import the package in a subprocess",
        "Process each rule once\n\nThe list was walked twice.\n",
        "Embed the stub\n# Please enter the commit message\n",
        'Revert "Wrapped"',
        "Pass what is unknown\n",
        *(f"{word} the cache" for word in WORDS),
    ],
)
def test_an_imperative_subject_passes(message: str) -> None:
    """With or without a scope and a body."""
    assert script().problems(message) == []


@pytest.mark.parametrize(
    "message, problem",
    [
        ("Added a target", "not imperative"),
        ("Adds a target", "not imperative"),
        ("Adding a target", "not imperative"),
        *(
            (f"{word} it", "not imperative")
            for word in ("Agreed", "Pinged", "Pinging", "Pings", "Needs", "Tried")
        ),
        ("Wrapped", "not imperative"),
        ("Pages lead to faults and load", "not imperative"),
        ("Add a target.", "no full stop"),
        (f"Add {'x' * 69}", "73 characters"),
        ("Add a target\nwith a body", "blank line"),
        ("", "no subject"),
        ("# only comments\n", "no subject"),
    ],
)
def test_any_other_is_refused_with_its_reason(message: str, problem: str) -> None:
    """One line for each thing that is wrong."""
    assert problem in "\n".join(script().problems(message))
