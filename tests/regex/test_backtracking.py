"""Which expressions can take exponential time."""

from __future__ import annotations

import pytest

from prefetchrouter.regex import portable


def _repeated_twice(source: str) -> list[str]:
    return [warning.code for warning in portable(source).warnings if warning.code == "regex-backtracking"]


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+",
        "(a*)*",
        "(a*?)+",
        "(a|a)*",
        "(.*)*",
        "(?:a|ab|b)*",
        "(a?b?)*",
        r"(\w+\s?)*",
        r"(\d{1,3})+",
        "([^/]+/?)*",
        "(a+){12}",
        "x(?:(?:ab)*|a)*y",
        "(?i)(?:a|A)*",
        "(?=(a+)+)b",
        "(?:a{1,1000})*",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
    ],
)
def test_a_repetition_that_matches_in_several_ways_is_reported(source: str) -> None:
    """One warning names the part."""
    assert _repeated_twice(source) == ["regex-backtracking"]


@pytest.mark.parametrize(
    "source",
    [
        "a+b*c?",
        "(?:/[^/]+)+",
        "(a|b)*",
        "(?:a|A)*",
        "(?:[^a]|a)*",
        "((a+)b)*",
        r"(\d{3})+",
        "(?:[a-z]{50})+",
        r"(?:[a-z]{2,63}\.)+",
        "(foo|bar|baz)+",
        "(a+){2}",
        ".*.*.*",
        "((?!x).)*",
        r"^(4|5)\d{2}$",
    ],
)
def test_a_repetition_that_matches_in_one_way_is_not_reported(source: str) -> None:
    """Nested quantifiers alone are not a fault."""
    assert _repeated_twice(source) == []


def test_the_message_shows_the_part_and_its_place() -> None:
    """A long expression has one part to look at."""
    (warning,) = portable("^/x/(a+)+$").warnings
    assert '"^/x/(a+)+$" at character 5: "(a+)+" can match' in warning.message


def test_each_part_is_reported_once() -> None:
    """A repetition inside a reported one is not reported again."""
    assert len(_repeated_twice("((a+)+)+b(c|c)*")) == 2


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("(.*)(.*)(.*)(.*)x", 4),
        (".*.*.*.*=.*", 4),
        ("a*a*a*b", 3),
        (".*a.*b.*c", 3),
        ("(?i)[a-z]*[A-Z]*[a-z]+!", 3),
        (".+(?:/.*)?(?:-.*)?x", 3),
        (r"\w+\d+\w+$", 3),
        (r"^/\d{0,200}\d{0,200}\d{0,200}x", 3),
        ("(?:x|.*y.*z.*!)", 3),
        ("a(?=.*b.*c.*d)", 3),
    ],
)
def test_repetitions_that_share_text_are_counted(source: str, count: int) -> None:
    """Three or more in a row take the length of the text to that power."""
    found = [warning for warning in portable(source).warnings if warning.code == "regex-backtracking"]
    assert [f"{count} repetitions can share" in warning.message for warning in found] == [True]


@pytest.mark.parametrize(
    "source",
    [
        "(.*)(.*)x",
        "^/(.*)/(.*)/(.*)$",
        "^/([^/]+)/([^/]+)/([^/]+)/([^/]+)$",
        ".*.*.*",
        "a*b*c*d",
        "(?:a*|a*|a*|a*)x",
        r"\w*-\d*a\w*-\d*x",
        r"[\w.]+@\w+\.\w+\.\w+",
        r"\d*a\d*b\d*c\d*d",
    ],
)
def test_repetitions_that_share_no_text_are_not_counted(source: str) -> None:
    """Nor two of them, nor those after which nothing fails."""
    assert _repeated_twice(source) == []
