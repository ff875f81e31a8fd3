"""How messages show what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given

from prefetchrouter import Router
from prefetchrouter.errors import shown
from strategies.anything import values


class Broken:
    """Not even its repr works."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "value, text",
    [
        ("a", '"a"'),
        ([Router()], "[<Router>]"),
        ((lambda: 1), "<function <lambda>>"),
        (shown, "<function shown>"),
        ((n for n in ""), "<generator object <genexpr>>"),
        ({"b", "a", "c"}, "{'a', 'b', 'c'}"),
        (set(), "set()"),
        (Broken(), "this Broken"),
        pytest.param(10**5000, "this int", id="a long number"),
        ("x" * 100, '"' + "x" * 78 + "…"),
    ],
)
def test_a_value_is_shown_the_same_on_every_machine(value: object, text: str) -> None:
    """Without addresses in memory, and sets not in the order of their hashes."""
    assert shown(value) == text


@given(values)
def test_every_value_can_be_shown_on_a_line(value: object) -> None:
    """It is printable and short."""
    assert shown(value).isprintable()
    assert len(shown(value)) <= 80
