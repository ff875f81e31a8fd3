"""Rewrites and redirects by themselves: a path, a destination, and the entry that they make."""

from __future__ import annotations

import pytest
from hypothesis import given

from prefetchrouter import PathPattern
from prefetchrouter.authoring.rewrites import ANY_PATH, RulePath, redirect, refuse_built_query, rewrite
from prefetchrouter.errors import HelperError
from strategies.paths import paths

PATTERN = RulePath.pattern("/p/:id")
REGEX = RulePath.regex("^/p/(.*)")


def test_a_rewrite_of_a_pattern_keeps_slash_and_query() -> None:
    """Both are optional groups at the end of the source."""
    assert rewrite(PATTERN, "/q/:id") == {
        "source": r"/p/:id:optionalSlash(\/?)?:optionalQuery(\?.*)?",
        "syntax": "path-to-regexp",
        "destination": "/q/:id:optionalSlash:optionalQuery",
    }


def test_a_rewrite_can_leave_the_slash_out() -> None:
    """It is matched all the same."""
    assert rewrite(PATTERN, "/q", keep_slash=False)["destination"] == "/q:optionalQuery"
    assert rewrite(PATTERN, "/q", keep_slash=False)["source"] == rewrite(PATTERN, "/q")["source"]


def test_a_rewrite_of_a_regex_is_written_as_it_is() -> None:
    """Whether the slash is kept or not."""
    expected = {"syntax": "regexp", "source": "^/p/(.*)", "destination": "/q/$1"}
    assert rewrite(REGEX, "/q/$1") == rewrite(REGEX, "/q/$1", keep_slash=False) == expected


@pytest.mark.parametrize(
    "to, destination",
    [
        ("/q", "/q:optionalSlash"),
        ("/q?a=1", "/q?a=1"),
        ("/q?", "/q?"),
        ("/q#top", "/q#top"),
        ("https://b.example:8080/q", "https://b.example:8080/q:optionalSlash"),
    ],
)
def test_a_redirect_keeps_the_slash_only_at_the_end_of_a_path(to: str, destination: str) -> None:
    """Not after a query string or a fragment."""
    assert redirect(PATTERN, to, 302)["destination"] == destination


def test_a_redirect_without_path_has_only_code_and_destination() -> None:
    """An edge then redirects every request of the rule."""
    assert redirect(None, "/q", 301) == {"code": 301, "destination": "/q"}


def test_a_redirect_names_the_captured_parameter_that_it_cannot_use() -> None:
    """The first of them."""
    with pytest.raises(HelperError, match='the captured query parameter "a"'):
        refuse_built_query(PATTERN, "/q", 302, None, ("a", "b"))


@given(paths())
def test_exact_text_becomes_the_pattern_that_matches_only_it(path: str) -> None:
    """What the syntax would read otherwise is escaped."""
    text = path + "/:x(1)*+?{a}\\d"
    pattern = PathPattern(RulePath.exact(text).text)
    assert pattern.match(text) == ()
    assert pattern.match(path + "/1") is None


def test_any_path_is_a_pattern_that_matches_every_path() -> None:
    """The root too."""
    pattern = PathPattern(ANY_PATH.text)
    assert all(pattern.match(path) is not None for path in ("/", "/a", "/a/b/c.html"))
