"""Patterns with many repeated parameters: the same answers as the expression gives, in bounded time."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.errors import PatternError
from prefetchrouter.regex import to_python
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_matcher import Matcher, is_slow
from strategies.effort import times

PIECES = [
    "/", "/a", "/B", "-", ".", "/:a", "/:b?", "/:c*", "/:d+", ":e", ":f?", "-:g", "{-:h}*", "{:i/}+", "{a}*",
    "{/b}?", "{ab:j-}?", "{/:k.}*", ".:l?", "(a|b)", "/(.*)", "/:m(a+)*", "{aB:n}+", "{aB:o}?",
]  # fmt: skip


@st.composite
def patterns(draw: st.DrawFn) -> PathPattern | None:
    """A pattern of a few pieces, or None if they cannot be joined."""
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6)))
    try:
        return PathPattern(text)
    except PatternError:
        return None


@times(10)
@given(patterns(), st.lists(st.text(alphabet="/aAbB-.#x", max_size=9), max_size=4))
def test_a_matcher_gives_what_the_expression_gives(pattern: PathPattern | None, paths: list[str]) -> None:
    """Whether a path matches and what each parameter captures, for every pattern."""
    if pattern is None:
        return
    matcher, expression = Matcher(pattern.tokens), to_python(pattern.regex)
    for path in [*paths, *("/" + path for path in paths)]:
        found = expression.match(path)
        assert (found.groups() if found else None) == matcher.match(path)


@pytest.mark.parametrize(
    ("pattern", "path", "captures"),
    [
        ("/:a*/:b*/:c*", "/x/y/z", ("x/y/z", None, None)),
        ("/:a+/:b+/:c+", "/w/x/y/z/", ("w/x", "y", "z")),
        ("/:a*/x/:b*/X/:c*", "/1/X/2/x/3", ("1", "2", "3")),
        ("/:a?/:b?/:c?/:d?/:e?", "/1/2", ("1", "2", None, None, None)),
        ("/:a*/:b*/:c*/:f.:ext(js|css)", "/x/y/app.JS", ("x/y", None, None, "app", "JS")),
        ("/:a*/:b*/:c*/end", "/x/y", None),
    ],
)
def test_many_repeated_parameters_capture_as_few_do(
    pattern: str, path: str, captures: tuple[str | None, ...] | None
) -> None:
    """The first takes as much as it can."""
    assert captures == PathPattern(pattern).match(path)


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        ("/:a*/:b*", False),
        ("/:a*/:b*/:c*", True),
        ("{/a}*{/b}*{/c}*", True),
        ("/:a?/:b?/:c?/:d?", False),
        ("/:a?/:b?/:c?/:d?/:e?", True),
        ("/x{-:a}*", True),
        ("/x{a}*", False),
    ],
)
def test_only_patterns_that_may_take_long_need_it(pattern: str, slow: bool) -> None:
    """The expression engine is quicker for all others."""
    assert slow == is_slow(PathPattern(pattern).tokens)


@pytest.mark.parametrize(
    "pattern",
    [
        "/:a*/:b*/:c*/:d*/end",
        "/:a*/:b*/:c*/:d*/:e*/:f*/:g*/:h*/end",
        "".join(f"/:x{number}?" for number in range(30)) + "/end",
        "/{:a-b}*",
        "/{:a.}+b",
        "{/a}*{/a}*{/a}*{/a}*{/a}*/end",
        r"/:a*/:b*/:c*/:d*/end:slash(\/?)?:query(\?.*)?",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/a" * 1000 + "//", id="segments"),
        pytest.param("/" + "a" * 2000 + "//", id="one long segment"),
        pytest.param("/" + "a-b" * 600 + "//", id="hyphens"),
    ],
)
def test_a_long_path_that_does_not_match_takes_no_power_of_its_length(pattern: str, path: str) -> None:
    """Five seconds of the processor are many times what it takes, and far below what an engine needs."""
    begin = process_time()
    assert PathPattern(pattern).match(path) is None
    assert process_time() - begin < 5
