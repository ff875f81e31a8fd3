"""Patterns that are called ordinary, and not looked at more closely, deserve no closer look."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.likely_mistakes.comparing import can_all_be_true, compared
from prefetchrouter.likely_mistakes.ordinary import is_inside
from prefetchrouter.regex.language import common_text, language
from prefetchrouter.rules.conditions import path_is
from prefetchrouter.rules.foreign_syntax import parameters, whole_text
from prefetchrouter.rules.pattern import PathPattern, check_pattern
from prefetchrouter.rules.pattern_errors import is_regex
from prefetchrouter.rules.pattern_warnings import ORDINARY, is_unremarkable

SEGMENTS = st.sampled_from(
    ["a", "i", "~b", "x.json", "-", "_", ":id", ":rest*", ":a?", ":b+", ":f.json", "d/", "0"]
)
PATTERNS = st.one_of(
    st.lists(SEGMENTS, max_size=5).map(lambda parts: "/" + "/".join(parts)),
    st.text(alphabet="/:a.~-_?*+i0", max_size=12),
).filter(ORDINARY.fullmatch)


@given(PATTERNS)
def test_some_path_matches_an_ordinary_pattern(text: str) -> None:
    """As the closer look finds, which compiles the pattern and makes paths from it."""
    test = compared(path_is(text))
    assert test is not None
    assert can_all_be_true([test])


@given(PATTERNS)
def test_an_ordinary_pattern_is_meant_as_one(text: str) -> None:
    """Not as that of another router, nor as a regular expression."""
    assert PathPattern(text).text == text
    assert whole_text(text) is None
    assert parameters(text) is None
    assert not is_regex(text)


@given(PATTERNS)
def test_an_unremarkable_pattern_has_no_warnings(text: str) -> None:
    """Neither of its syntax nor of its cost, and no test with it is worth a word."""
    if is_unremarkable(text):
        assert PathPattern(text).warnings == ()
    else:
        assert ":" in text
    assert check_pattern(text) == PathPattern(text).warnings


@given(PATTERNS, PATTERNS)
def test_a_pattern_inside_a_folder_shares_a_path_with_it(text: str, folder: str) -> None:
    """As the closer look finds, which intersects their languages."""
    if is_inside(text, folder):
        both = [language(PathPattern(text).regex), language(PathPattern(folder).regex)]
        assert common_text(both, []) is not None
