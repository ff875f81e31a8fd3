"""The packages that a newcomer opens first begin with a worked example and the picture of the parts."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize("name", ["", ".rules", ".evaluation", ".targets", ".edge"])
def test_the_docstring_teaches(name: str) -> None:
    """The example runs with the tests of docstrings."""
    docstring = importlib.import_module(f"prefetchrouter{name}").__doc__ or ""
    assert ">>> " in docstring
    assert "──" in docstring
