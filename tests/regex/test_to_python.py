"""What the rule set's expressions mean when Python evaluates them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter.errors import RegexError
from prefetchrouter.regex import literal, portable, to_python


def test_an_expression_is_searched_anywhere() -> None:
    """Nothing is anchored unless it says so."""
    assert to_python("/sale").search("/summer/sale/1")


def test_the_flag_in_front_ignores_case() -> None:
    """``(?i)`` is the only flag of the rule language."""
    assert to_python("(?i)^/a$").search("/A")


def test_groups_are_named() -> None:
    """The rule set names groups as JavaScript does."""
    assert to_python(r"/(?<id>\d+)").search("/7").groupdict() == {"id": "7"}  # type: ignore[union-attr]


def test_classes_stand_for_ascii() -> None:
    """A digit is 0 to 9 at every edge."""
    assert to_python(r"^\d\w$").search("٣é") is None


@pytest.mark.parametrize("source", ["a$", "^a$", "(a$|b)", "(?i)A$"])
def test_the_end_is_the_very_end(source: str) -> None:
    """A dollar does not match before a last line break."""
    assert to_python(source).search("a\n") is None


@pytest.mark.parametrize(("source", "text"), [("[$]", "$"), (r"\$", "$"), (r"[\]$]", "$"), (r"\[$", "[")])
def test_a_dollar_that_is_not_an_anchor_stays_one(source: str, text: str) -> None:
    """Inside a set and after a backslash it is a character."""
    assert to_python(source).search(text)


def test_lookbehind_is_not_a_group_name() -> None:
    """Rule sets from elsewhere may hold what the portable form refuses."""
    assert to_python("(?<=a)(?<!c)b").search("ab")


@pytest.mark.parametrize(
    "source", ["(", "a{2}{3}", r"\p{L}", "(?u)a", "a" + "{99999999999999999999}", "(" * 5000]
)
def test_what_cannot_be_compiled_is_a_coded_error(source: str) -> None:
    """Whatever Python's compiler raises, one error comes out."""
    with pytest.raises(RegexError) as caught:
        to_python(source)
    assert caught.value.code == "regex-syntax"


def test_sets_that_python_warns_of_are_taken_as_they_are() -> None:
    """A later Python may read ``[[`` anew, the edges do not."""
    assert to_python("[[a&&b]").search("&")


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_a_literal_matches_exactly_its_text(text: str, other: str) -> None:
    """Every character stands for itself."""
    compiled = re.compile(literal(text))
    assert compiled.fullmatch(text)
    assert (text == other) == (compiled.fullmatch(other) is not None)


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_a_literal_is_portable(text: str) -> None:
    """Only escapes that all engines know are used."""
    assert literal(text) == portable(literal(text)).source
