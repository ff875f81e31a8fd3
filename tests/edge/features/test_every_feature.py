"""Each feature that the edge says it has is shown by a scenario here, which fails without the feature."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from edge.features.rules import left_out
from prefetchrouter.targets.embedded import SUPPORT

HERE = Path(__file__)
MODULES = sorted(file.stem for file in HERE.parent.glob("test_*.py") if file.name != HERE.name)
CHANGES_NOTHING = {
    "caching.partial_cache_sharing_min_hit_size",
    "comment",
    "nel.disabled",
    "set_variables",
}
"""What the edge may be reported, and what makes no difference: held by `test_nothing.py`."""

OF_BROWSERS = {"speculation.eagerness", "speculation.prerender"}
"""What browsers read in a file that the edge serves: held by `tests/speculation`."""

DONE = {name for name, support in SUPPORT.features.items() if support.level != "none"} - OF_BROWSERS


def scenes(feature: str) -> list[Callable[[], None]]:
    """Return the tests that show a feature."""
    modules = [import_module(f"edge.features.{name}") for name in MODULES]
    found = [test for module in modules for test in vars(module).values()]
    return [test for test in found if feature in getattr(test, "shows", ())]


@pytest.mark.parametrize("feature", sorted(DONE))
def test_it_is_shown(feature: str) -> None:
    assert scenes(feature)


@pytest.mark.parametrize("feature", sorted(DONE - CHANGES_NOTHING))
def test_it_is_missed(feature: str) -> None:
    """Every scenario that shows a feature fails without it."""
    for scenario in scenes(feature):
        with left_out(feature), pytest.raises((AssertionError, KeyError)):
            scenario()


@pytest.mark.parametrize("feature", sorted(CHANGES_NOTHING))
def test_it_makes_no_difference(feature: str) -> None:
    for scenario in scenes(feature):
        with left_out(feature):
            scenario()
