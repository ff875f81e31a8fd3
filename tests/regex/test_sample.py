"""Samples of expressions, and for which of them no engine need be asked."""

from __future__ import annotations

import pytest

from prefetchrouter.regex import to_python
from prefetchrouter.regex.sample import certain_sample

SIMPLE = [
    "^/re1/([a-z]+)$",
    "^/a",
    r"\.html$",
    "/(en|de)/[0-9]",
    "^(a)?$",
    "^/[ab.]+/x",
    "a~b",
    "^/([a-z]*)",
]
OTHERS = [
    "^a|b$",
    "(?!a)b",
    "(?i)^/a$",
    r"a\b",
    "a.c",
    "[^a]",
    "a^b",
    "a{2}",
    "^/a$b",
    "",
    "(?:ab)",
    r"\d",
]


@pytest.mark.parametrize("source", SIMPLE)
def test_a_certain_sample_is_found_by_the_engine(source: str) -> None:
    found = certain_sample(source)
    assert found is not None
    assert to_python(source).search(found)


@pytest.mark.parametrize("source", OTHERS)
def test_an_expression_that_is_not_simple_has_no_certain_sample(source: str) -> None:
    assert certain_sample(source) is None
