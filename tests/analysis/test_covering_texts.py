"""Texts that cover an expression match it, and reach each of its parts."""

from __future__ import annotations

import re

import pytest

from prefetchrouter.analysis.covering_texts import covering_texts


@pytest.mark.parametrize(
    "source",
    [r"^/(en|fr|de)/(a|b)?$", r"\.(css|js)$", r"^/p/\d{2,4}$", "^/[a-c]+/x*$", "(?i)^/A(b|c){2}$", "^/(|x)$"],
)
def test_each_text_matches(source: str) -> None:
    """Without lookaheads, what is generated from an expression is matched by it."""
    texts = covering_texts(source)
    assert texts
    assert [text for text in texts if re.search(source, text) is None] == []


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("(a|b|c(d|e))", ["a", "b", "cd", "ce"]),
        ("[a-d1]", ["a", "d", "1"]),
        ("x{2,4}", ["xx", "xxxx"]),
        ("x?y", ["y", "xy"]),
        ("x(?!no)", ["x", "xno"]),
        ("(a|b)+", ["a", "b", "aa"]),
    ],
)
def test_each_part_is_reached(source: str, parts: list[str]) -> None:
    """Alternatives, the ends of a set, the least and the most, what a lookahead names."""
    assert set(parts) <= set(covering_texts(source))


def test_an_invalid_expression_has_no_texts() -> None:
    """Such as a half-written one."""
    assert covering_texts("(a") == ()
    assert len(covering_texts("(" + "|".join(map(str, range(2000))) + ")")) <= 256
