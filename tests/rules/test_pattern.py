"""What path patterns match, capture and say about themselves."""

from __future__ import annotations

import copy
import pickle

import pytest

from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter


@pytest.mark.parametrize(
    ("pattern", "path", "captures"),
    [
        ("/team/:id", "/team/7", ("7",)),
        ("/team/:id", "/team", None),
        ("/team/:id", "/team/7/x", None),
        ("/team/:id?", "/team", (None,)),
        ("/docs/:rest*", "/docs", (None,)),
        ("/docs/:rest*", "/docs/a/b", ("a/b",)),
        ("/docs/:rest*", "/docsx", None),
        ("/docs/:rest+", "/docs", None),
        (r"/v:n(\d+)", "/v12", ("12",)),
        (r"/v:n(\d+)", "/vx", None),
        ("/logs/(.*)", "/logs/a/b", ("a/b",)),
        ("/:a{-:b}?", "/x-y", ("x", "y")),
        ("/:dir*/:file.:ext(png|jpg)", "/a/b/c.png", ("a/b", "c", "png")),
        (r"/files\/:name?", "/files/", (None,)),
        ("/a%20b", "/a%20b", ()),
        ("/a b", "/a%20b", None),
    ],
)
def test_a_path_matches_the_whole_pattern_or_not_at_all(
    pattern: str, path: str, captures: tuple[str | None, ...] | None
) -> None:
    """A path gives the captures in order when all of it matches, else None."""
    assert captures == PathPattern(pattern).match(path)


def test_letter_case_does_not_matter() -> None:
    """Upper and lower case match each other in literal text and in expressions."""
    assert PathPattern("/shop/(en|fr)").match("/SHOP/EN") == ("EN",)


@pytest.mark.parametrize(("path", "fits"), [("/x", True), ("/x/", True), ("/x//", False), ("/x?", True)])
def test_one_delimiter_at_the_end_is_tolerated(path: str, fits: bool) -> None:
    """A single trailing slash (or the start of a query) makes no difference."""
    assert fits == (PathPattern("/x").match(path) is not None)


def test_a_slash_at_the_end_of_a_pattern_is_demanded() -> None:
    """A pattern that ends in a slash rejects the path without."""
    assert PathPattern("/x/").match("/x") is None


def test_a_line_break_at_the_end_never_matches() -> None:
    """The end of the pattern is the very end of the path."""
    assert PathPattern("/x").match("/x\n") is None


def test_a_parameter_stops_at_the_text_that_precedes_it() -> None:
    """So the last of two dots separates the extension, as in path-to-regexp 6.3."""
    assert PathPattern("/:name.:ext").match("/route.html.json") == ("route.html", "json")


def test_an_optional_expression_that_captures_nothing_is_missing() -> None:
    """An empty capture of ``(...)?`` is None, as in JavaScript."""
    assert PathPattern(r"/a:slash(\/?)?").match("/a") == (None,)


def test_a_hyphen_after_a_class_stands_for_itself() -> None:
    """JavaScript reads ``[\\w-.]`` so, and Python must too."""
    assert PathPattern(r"/:host([\w-.]+)").match("/a-b.c") == ("a-b.c",)


def test_the_parts_of_a_pattern_can_be_read() -> None:
    """Tokens say literal text, names, prefixes, suffixes, expressions and modifiers."""
    assert PathPattern(r"/a\:b/:id{-:kind(x|y)!}?").tokens == (
        LiteralText("/a:b"),
        Parameter("id", prefix="/"),
        Parameter("kind", prefix="-", suffix="!", expression="x|y", modifier="?"),
    )


def test_expressions_without_a_name_are_numbered() -> None:
    """Names and numbers stand in the order of the captures; braces around text capture nothing."""
    assert PathPattern("/(a|b)/:id{/x}?/(.*)").names == (0, "id", 1)


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("/about", "/about"),
        ("/team/:id", "/team/"),
        ("/team/:id?", "/team"),
        ("/team{/a}/:id", "/team/a/"),
        ("/team{/a}+/b", "/team/a"),
        (":path", ""),
        (r"/\*/:x", "/*/"),
    ],
)
def test_the_literal_prefix_begins_every_path_that_matches(pattern: str, prefix: str) -> None:
    """It ends where the first parameter or optional part begins."""
    assert prefix == PathPattern(pattern).literal_prefix


def test_more_specific_patterns_sort_first() -> None:
    """Literal text, then expressions, then segments, then patterns that span several segments."""
    ordered = ["/shop/cart", "/shop", r"/shop/:id(\d+)", "/shop/:id", "/:a/:b", "/shop/:rest*", "/:path*"]
    shuffled = sorted(ordered)
    assert ordered == sorted(shuffled, key=lambda text: PathPattern(text).specificity)


@pytest.mark.parametrize(
    ("pattern", "spans"),
    [
        ("/:a", False),
        ("/:a*", True),
        ("/x.:ext+", False),
        ("/(.*)", True),
        ("/([^/]+)", False),
        ("{:a/}+", True),
    ],
)
def test_a_parameter_says_whether_it_may_hold_a_slash(pattern: str, spans: bool) -> None:
    """Readers that index by segments need to know which parameters stay within one."""
    assert spans == PathPattern(pattern).parameters[0].spans_segments


def test_patterns_are_values() -> None:
    """Equal text makes equal patterns, also after matching, copying and pickling."""
    pattern = PathPattern("/a/:b")
    pattern.match("/a/1")
    assert {PathPattern("/a/:b")} == {pattern, copy.deepcopy(pattern), pickle.loads(pickle.dumps(pattern))}


def test_the_text_shows_in_the_repr() -> None:
    """Nothing but the text makes a pattern, so nothing else is shown."""
    assert repr(PathPattern("/a/:b")) == "PathPattern(text='/a/:b')"


def test_a_pattern_cannot_be_changed() -> None:
    """Rules stay what they were when they were made."""
    with pytest.raises(AttributeError):
        PathPattern("/a").text = "/b"  # type: ignore[misc]


@pytest.mark.parametrize(
    "text, cure",
    [("/:päth", "/:path"), ("/a/:größe/x", "/a/:groe/x"), ("/:idé.html", "/:ide.html")],
)
def test_a_name_with_a_letter_outside_ascii_ends_before_it(text: str, cure: str) -> None:
    """The warning says so, instead of proposing to percent-encode a part of the name; its cure works."""
    (warning,) = PathPattern(text).warnings
    assert "names hold ASCII letters" in warning.message
    assert f'write "{cure}"' == warning.hint
    assert PathPattern(cure).warnings == ()
