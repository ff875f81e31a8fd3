"""What is said about a pattern that breaks the syntax, or that was probably a mistake so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter.errors import PatternError
from prefetchrouter.rules.pattern import PathPattern


@pytest.mark.parametrize(
    ("pattern", "place", "cure"),
    [
        ("/api/*", "character 6", '"/api/:rest*"'),
        ("/api/*", "character 6", 'exact("/api/*")'),
        ("*", "character 1", '"/:rest*"'),
        ("/a/*/b/*", "character 4", '"/a/:rest*/b/:rest2*"'),
        ("/img*", "character 5", '"/img(.*)"'),
        ("/a/:b/*", "character 7", '"/:rest*"'),
        ("/s?q=1", "character 3", 'write {"path": "/s", "query": {"q": "1"}}'),
        ("/s?q=1&p=:page", "character 3", '"query": {"q": "1", "p": ":page"}'),
        ("/users/*name", "character 8", 'write "/users/:name*"'),
        ("/{id?}", "character 5", 'write "/:id?"'),
        ("/colou?r", "character 7", '"{u}?"'),
        ("/c++", "character 3", r"\+"),
        ("/x(", "character 3", 'exact("/x(")'),
        ("/x{a", "character 3", 'exact("/x{a")'),
        ("/x}", "character 3", 'exact("/x}")'),
        ("/a:/b", "character 3", r"\:"),
        ("https://a.example/a", "character 6", 'write {"headers": {"host": "a.example"}, "path": "/a"}'),
        ("https://a.example", "character 6", 'write {"headers": {"host": "a.example"}, "path": "/"}'),
        ("/**", "character 2", '"/:rest*"'),
        ("/a/**/*.js", "character 4", '"/a/:rest*/:rest2*.js"'),
        ("/a/.*", "character 5", '"/a/:rest*"'),
        ("^/a/*$", "character 5", 're.compile(r"^/a/*$")'),
        (r"/a/\d+", "character 6", r're.compile(r"^/a/\d+$")'),
        ("^/(?P<id>a)", "character 4", 're.compile(r"^/(?P<id>a)")'),
        ('^/"+', "character 4", "re.compile(...)"),
        ("/x()", "character 3", '"(.*)"'),
        ("/x{}", "character 3", "remove it"),
        ("/{a{b}}", "character 4", r"\{"),
        ("/{:a:b}", "character 5", "close the first group"),
        ("/{:a+}", "character 5", "after the group"),
        ("/:a(?:b)", "character 5", "((?:a|b)c)"),
        ("/:a((b))", "character 5", '"(?:"'),
        ("/:a:b", "character 4", '":a-:b"'),
        (":a*", "character 3", '"/:a*"'),
        ("/a(.*)*", "character 7", '"(.*)" without "*"'),
        ("/a\\", "character 3", "a path contains no backslash"),
        ("", "empty", '"/"'),
        ("/\ud800", "character 2", "percent-encoded"),
    ],
)
def test_a_message_names_the_character_and_the_cure(pattern: str, place: str, cure: str) -> None:
    """The place is counted from 1, and the proposal can be copied."""
    with pytest.raises(PatternError) as caught:
        PathPattern(pattern)
    assert caught.value.code == "path-pattern"
    assert place in str(caught.value)
    assert cure in str(caught.value)


@pytest.mark.parametrize(
    "proposal",
    ["/api/:rest*", "/:rest*", "/a/:rest*/b/:rest2*", "/img(.*)", "/colo{u}?r", r"/c\+\+", "/:a-:b"],
)
def test_what_a_message_proposes_is_a_pattern(proposal: str) -> None:
    """No one is sent from one error to the next."""
    assert proposal == PathPattern(proposal).text


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (r"/:a(\1)", "regex-portability"),
        ("/:a((?<=x)y)", "regex-portability"),
        ("/:a([b-a])", "regex-syntax"),
    ],
)
def test_a_bad_expression_keeps_its_own_code(pattern: str, code: str) -> None:
    """The page of the code explains the expression; the message shows the pattern around it."""
    with pytest.raises(PatternError) as caught:
        PathPattern(pattern)
    assert (code, True) == (caught.value.code, "at character 5, in the expression" in str(caught.value))


def test_anything_but_text_is_refused() -> None:
    """A number is not a pattern."""
    with pytest.raises(PatternError, match="5 is not a path pattern"):
        PathPattern(5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "code", "says"),
    [
        ("pages/:id", "unlikely-pattern", 'write "/pages/:id"'),
        (":path", "unlikely-pattern", 'write "/:path"'),
        ("/users/{id}", "unlikely-pattern", 'write "/users/:id"'),
        ("/a:80", "unlikely-pattern", r'write r"/a\:80"'),
        ("^/foo/(.*)$", "unlikely-pattern", 're.compile(r"^/foo/(.*)$")'),
        ("/foo$", "unlikely-pattern", 're.compile(r"^/foo$")'),
        (r"/a/\d", "unlikely-pattern", r're.compile(r"^/a/\d$")'),
        ("/a b", "unlikely-pattern", '"/a%20b"'),
        ("/café", "unlikely-pattern", '"/caf%C3%A9"'),
        ("/café/:id", "unlikely-pattern", 'as "%C3%A9"'),
        ("/:a{ b}?", "unlikely-pattern", 'as "%20"'),
        ("/a/<int:id>", "unlikely-pattern", r'write r"/a/:id(\d+)"'),
        ("/a/<id>", "unlikely-pattern", 'write "/a/:id"'),
        ("/a<b", "unlikely-pattern", '"/a%3Cb"'),
        ("/:a/:a", "unlikely-pattern", '2 parameters are called ":a"'),
        ("/:a((?!x)[^/]+)", "regex-lookaround", "RE2"),
        ("/:a((?:b+)+)", "regex-backtracking", "exponential"),
        ("/:a(.*)*", "regex-backtracking", 'leave out "*"'),
        ("/{:a-b}*", "regex-backtracking", 'leave out "*"'),
        ("/:a*/x/:b*/y/:c*", "regex-backtracking", "3 parts repeat"),
        ("/x{a}*{b}*{c}*", "regex-backtracking", "3 parts repeat"),
        ("".join(f"/:x{n}?" for n in range(11)), "regex-backtracking", "11 parts are optional"),
    ],
)
def test_what_is_probably_a_mistake_is_a_warning(pattern: str, code: str, says: str) -> None:
    """The pattern is accepted, and the warning says what to look at."""
    (warning,) = PathPattern(pattern).warnings
    assert (code, "warning") == (warning.code, warning.severity)
    assert says in str(warning)


@pytest.mark.parametrize(
    "pattern",
    [
        "/a",
        "/:a/:b",
        r"/:id(\d+)",
        r"/cost\$",
        "/a$/b",
        "/a%20b",
        "/:a(x|<y> )",
        "/docs/:rest*",
        "{/login}?",
        "/x.:ext(json|xml)+",
        "/x{-:a}+",
        "/:path*/:f.:e(js|css)",
    ],
)
def test_ordinary_patterns_give_no_warning(pattern: str) -> None:
    """A warning that is always there is never read."""
    assert PathPattern(pattern).warnings == ()


def _pattern_or_error(text: str) -> PathPattern | PatternError:
    try:
        return PathPattern(text)
    except PatternError as problem:
        return problem


PIECES = [
    "/",
    "a",
    ".",
    "-",
    ":x",
    ":",
    "(",
    ")",
    "(a|b)",
    "{",
    "}",
    "?",
    "*",
    "+",
    "\\",
    "(?:",
    "[",
    "]",
    "é",
    "\n",
]
PATTERNS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@settings(deadline=None)
@given(PATTERNS, st.text(alphabet="/ab.-x?é", max_size=12))
def test_any_text_is_a_pattern_or_a_coded_error(text: str, path: str) -> None:
    """No other exception leaves the parser, and a pattern that was accepted works."""
    pattern = _pattern_or_error(text)
    if isinstance(pattern, PatternError):
        assert pattern.code in {"path-pattern", "regex-syntax", "regex-portability"}
        return
    captures = pattern.match(path)
    assert captures is None or len(captures) == len(pattern.names)
    assert captures is None or path.lower().startswith(pattern.literal_prefix.lower())
    assert all(warning.severity == "warning" for warning in pattern.warnings)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("/a" * 5000, id="segments"),
        pytest.param("/:a" * 3333, id="parameters"),
        pytest.param("(" * 10_000, id="parentheses"),
        pytest.param("{" * 10_000, id="braces"),
        pytest.param("*" * 10_000, id="stars"),
        pytest.param(":" * 10_000, id="colons"),
        pytest.param("é" * 10_000, id="outside ASCII"),
        pytest.param("\\a" * 5000, id="escapes"),
        pytest.param("{a}*" * 2500, id="repeated groups"),
        pytest.param("/:a(" + "(?:" * 3000, id="open groups in an expression"),
        pytest.param("/:a(" + "[a" * 3000, id="open sets in an expression"),
        pytest.param("/:a(" + "(?:" * 45 + "a" + ")+" * 45 + ")", id="nested repetitions"),
    ],
)
def test_ten_thousand_characters_are_read_or_refused(text: str) -> None:
    """Size alone never hangs or breaks the parser, whatever is nested."""
    pattern = _pattern_or_error(text)
    if isinstance(pattern, PatternError):
        assert len(str(pattern)) < 1000
    else:
        assert pattern.match("/!!") is None
        assert len(pattern.warnings) <= 3


@pytest.mark.parametrize(
    "pattern", ["/:a*", "/:a*/x", "/:a*/:b*", "/:path*/:file.:ext(js|css)", "/:a-:b-:c", "/(.*)/x"]
)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/a" * 999 + "//", id="segments"),
        pytest.param("/" + "a" * 1997 + "//", id="one long segment"),
        pytest.param("/" + "a-" * 998 + "//", id="hyphens"),
        pytest.param("/a." * 666, id="dots"),
    ],
)
def test_a_long_path_that_does_not_match_is_rejected(pattern: str, path: str) -> None:
    """Ordinary patterns take time that grows with the path, not with its powers."""
    assert PathPattern(pattern).match(path + "##") is None
