"""The list of cases that differ names cases and entries that there are."""

from __future__ import annotations

import pytest

from cases.runners.differences import FOLDER, differences, entry_of, named_by
from cases.runners.reader import read
from cases.runners.registry import ENGINES

BY_NAME = {engine.name: engine for engine in ENGINES}
LISTED = [(engine, path) for engine, paths in differences().items() for path in paths]


@pytest.mark.parametrize("engine, path", LISTED)
def test_a_case_that_differs_concerns_an_entry_of_the_support_table(engine: str, path: str) -> None:
    case = read(FOLDER / path)
    name = named_by(engine, case)
    assert name in case.concerns
    assert entry_of(name, BY_NAME[engine].support).level != "full"


@pytest.mark.parametrize("engine", ENGINES)
def test_few_of_all_cases_are_listed(engine: type) -> None:
    cases = len(list(FOLDER.rglob("*.case")))
    assert len(differences().get(engine.name, {})) <= engine.most_listed * cases  # type: ignore[attr-defined]
