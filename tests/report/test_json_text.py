"""Reports as JSON: the very text of the standard encoder."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.report.json_text import json_text

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(DATA)
def test_the_text_is_that_of_the_standard_encoder(data: Any) -> None:
    """So that programs and people read what they always read."""
    assert json_text(data) == json.dumps(data, indent=2)


@pytest.mark.parametrize(
    "value",
    [2**53, 2**63, -(2**63) - 1, 10**40, 1e15, 1e16, 123456789012345680.0, 1e-4, 1e-5, 1e-7, -0.0, 5e-324],
)
def test_numbers_are_written_as_by_the_standard_encoder(value: float) -> None:
    """Two encoders in different languages agree on the number, not always on its text."""
    assert json_text({"a": [value]}) == json.dumps({"a": [value]}, indent=2)


def test_tuples_and_generators_are_lists() -> None:
    """A report makes its rules one by one, so that not all of them are in memory as data."""
    data = {"rules": (number for number in range(2)), "none": iter(()), "both": (1, 2)}
    assert json_text(data) == json.dumps({"rules": [0, 1], "none": [], "both": [1, 2]}, indent=2)
