"""The docstring of the package is a map of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prefetchrouter import browser_view, evaluation


@pytest.mark.parametrize("package", [evaluation, browser_view])
def test_the_map_lists_all_modules(package: object) -> None:
    """Each once, and none that is gone."""
    listed = re.findall(r"\w+\.py", package.__doc__ or "")
    folder = Path(str(package.__file__)).parent  # type: ignore[attr-defined]

    assert sorted(listed) == sorted(path.name for path in folder.glob("*.py") if path.stem != "__init__")
