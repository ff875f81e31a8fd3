"""What the portable form of a regular expression is, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter.errors import RegexError
from prefetchrouter.regex import PortableRegex, portable, to_python
from prefetchrouter.regex.backtracking import backtracking_warnings
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.portable import _is_ordinary


@pytest.mark.parametrize(
    "source",
    [
        r"^(?!www\.).*$",
        r"\b((?!172\.16\.16)(?!10.10.10.3)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})\b",
        "dev.example.com|staging.example.com",
        r"^(4|5)\d{2}$",
        r"\.(jpg|png|webp)$",
        "/(sign|verify)/(.*)",
        ".*",
        "",
        r"[\w.-]+?\-\_",
        "[a-z&&x]{2,4}|[[a]",
        "a{b}c]",
    ],
)
def test_what_means_the_same_everywhere_keeps_its_text(source: str) -> None:
    """Nothing is rewritten without need."""
    assert portable(source).source == source


@pytest.mark.parametrize(
    ("pattern", "source"),
    [
        (re.compile("/sale", re.I), "(?i)/sale"),
        (re.compile("(?i)/sale"), "(?i)/sale"),
        (re.compile("(?i)/sale", re.I), "(?i)/sale"),
        ("(?i)/sale", "(?i)/sale"),
        (r"^\/a[^\/]", "^/a[^/]"),
        ("(?P<id>x)", "(?<id>x)"),
        ("(?<id>x)", "(?<id>x)"),
        (re.compile("(?a)x", re.A), "x"),
        (re.compile(r"a\.b[.]", re.S), r"a\.b[.]"),
        (re.compile(r"a[$^]\$", re.M), r"a[$^]\$"),
    ],
)
def test_python_spelling_becomes_the_rule_sets(pattern: re.Pattern[str] | str, source: str) -> None:
    """Flags, names and escaped slashes are written as every edge reads them."""
    assert source == portable(pattern).source


@pytest.mark.parametrize(
    ("source", "construct", "cure"),
    [
        ("(?<=a)b", "lookbehind", "as part of the expression"),
        ("(?<!a)b", "lookbehind", "as part of the expression"),
        (r"(a)\1", r"backreference \"\1\"".replace('\\"', '"'), "alternatives"),
        ("(?P<n>a)(?P=n)", "backreference", "alternatives"),
        ("a++", "possessive", "second +"),
        ("a{2}+", "possessive", "second +"),
        ("(?>a)", "atomic", '"(?:"'),
        ("(a)(?(1)b|c)", "conditional", "two alternatives"),
        ("(?#x)a", "comment", "remove it"),
        ("a{,2}", '"{,2}"', '"{0,2}"'),
        ("a{1001}", "1,000", "smaller"),
        ("(a{40}){40}", "1,000", "smaller"),
        ("[]a]", '"]"', r"\]"),
        ("[^]a]", '"]"', r"\]"),
        ("[[:alpha:]]", '"[:"', r"\["),
        (r"[\w-z]", "hyphen", r"\-"),
        (r"[a-\d]", "range", r"\-"),
        (r"[\b]", "backspace", r"\x08"),
        (r"a\Z", r"\Z", '"$"'),
        (r"\Aa", r"\A", '"^"'),
        (r"a\B", r"\B", "name the characters"),
        (r"\v", r"\v", r"\x0b"),
        (r"\a", r"\a", r"\x07"),
        (r"\u0041", r"\u", "character itself"),
        (r"\N{DIGIT ONE}", r"\N", "character itself"),
        (r"\x{41}", r"\x", "two digits"),
        (r"\xe9", "byte", "percent-encoded"),
        (r"\141", "octal", r"\x2f"),
        (r"\p{L}", "Unicode property", "set"),
        (r"\y", r"\y", '"y"'),
        ("(?i:a)", '"(?i:"', '"(?i)" at the beginning'),
        ("a(?i)", '"(?i)"', '"(?i)" at the beginning'),
        ("[é]", "outside ASCII", "percent-encoded"),
        ("é+", "outside ASCII", "(?:é)+"),
        ("(?i)é", "either case", "both cases"),
        ("\ud800", "surrogate", "percent-encoded"),
        ("(?P<é>x)", "group name", "ASCII"),
        ("(?x)a b", "re.X", "without spaces"),
        ("(?s).", "re.S", "remove it"),
        ("(?m)^a", "re.M", "remove it"),
    ],
)
def test_what_differs_between_engines_is_refused(source: str, construct: str, cure: str) -> None:
    """The message names the construct and what to write instead."""
    with pytest.raises(RegexError) as caught:
        portable(source)
    assert caught.value.code == "regex-portability"
    assert construct in str(caught.value)
    assert cure in (caught.value.diagnostics[0].hint or "")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("(a", "not closed"),
        ("a)", "closes no group"),
        ("[a", "not closed"),
        ("a\\", "escapes nothing"),
        ("*a", "nothing to repeat"),
        ("a|*", "nothing to repeat"),
        ("^*", "anchor"),
        ("a**", "repetition"),
        ("(?=a)*", "lookahead"),
        ("[b-a]", "backwards"),
        ("a{2,1}", "backwards"),
        ("(?<n>a)(?<n>b)", "used twice"),
        ("(?@a)", "unknown"),
        ("(" * 60 + ")" * 60, "more than 50 deep"),
    ],
)
def test_what_no_engine_takes_is_refused(source: str, problem: str) -> None:
    """Broken text has its own code."""
    with pytest.raises(RegexError, match=problem) as caught:
        portable(source)
    assert caught.value.code == "regex-syntax"


def test_the_place_is_counted_from_one() -> None:
    """The message says at which character the construct begins."""
    with pytest.raises(RegexError, match=r'^"ab\(\?<=c\)" at character 3: '):
        portable("ab(?<=c)")


def test_a_long_expression_is_shown_around_the_place() -> None:
    """The wrong part is always in the message."""
    with pytest.raises(RegexError, match=r'"….*\(\?<=x\)b*…" at character 5001: '):
        portable("a" * 5000 + "(?<=x)" + "b" * 5000)


def test_a_pattern_over_bytes_is_refused() -> None:
    """Rules hold text."""
    with pytest.raises(RegexError, match="not a regular expression over text"):
        portable(re.compile(b"a"))  # type: ignore[arg-type]


def test_a_locale_is_refused() -> None:
    """What a letter is must not depend on a machine."""
    with pytest.raises(RegexError, match=r"re\.L"):
        portable("(?L)a")


def test_lookahead_is_a_warning() -> None:
    """RE2 alone has none, so the rule set takes it and the user gets a warning with its place."""
    (warning,) = portable(r"^(?!www\.)").warnings
    assert (warning.code, warning.severity) == ("regex-lookaround", "warning")
    assert "at character 2" in warning.message


def _portable_or_error(source: str) -> PortableRegex | RegexError:
    try:
        return portable(source)
    except RegexError as problem:
        return problem


PIECES = [
    "a",
    "é",
    ".",
    "*",
    "+",
    "?",
    "|",
    "(",
    "(?:",
    "(?!",
    "(?P<n>",
    ")",
    "[",
    "[^",
    "]",
    "-",
    "{2}",
    "{",
    "\\",
    "^",
]
SOURCES = st.one_of(
    st.text(max_size=40), st.lists(st.sampled_from([*PIECES, r"\d", "(?i)"]), max_size=12).map("".join)
)


@settings(deadline=None)
@given(SOURCES, st.sampled_from([0, re.I]))
def test_any_text_is_portable_or_a_coded_error(source: str, flags: int) -> None:
    """Nothing else is raised, what comes out compiles, and it is portable itself."""
    front = "(?i)" if flags else ""
    found = _portable_or_error(front + source)
    if isinstance(found, RegexError):
        assert found.code in {"regex-syntax", "regex-portability"}
    else:
        to_python(found.source)
        assert portable(found.source).source == found.source


@settings(deadline=None)
@given(SOURCES)
def test_what_python_refuses_is_never_portable(source: str) -> None:
    """The portable dialect is a part of Python's, except for the spelling of group names."""
    try:
        re.compile(source)
    except (re.error, RecursionError, OverflowError):
        with pytest.raises(RegexError):
            portable(source)
    except FutureWarning:
        pass


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a" * 10_000, id="text"),
        pytest.param("x*" * 5000, id="repetitions"),
        pytest.param("a|" * 5000, id="alternatives"),
        pytest.param("(a*b)*" * 1600, id="repeated groups"),
        pytest.param("(?:" + "a?" * 4990 + ")*", id="optional characters in a loop"),
        pytest.param("(?:" + "|".join(f"w{n}" for n in range(2000)) + ")+", id="words in a loop"),
        pytest.param("(" * 10_000, id="open groups"),
        pytest.param("[" * 10_000, id="open sets"),
        pytest.param("\\" * 10_000, id="backslashes"),
        pytest.param("a{" + "9" * 9990 + "}", id="a huge count"),
    ],
)
def test_ten_thousand_characters_are_read_or_refused(source: str) -> None:
    """Size alone never hangs or breaks the parser."""
    found = _portable_or_error(source)
    assert len(str(found)) < 1000 if isinstance(found, RegexError) else found.source == source


ORDINARY_PARTS = [
    "^",
    "$",
    "/re",
    "a-b",
    "~",
    r"\.",
    "[a-z]",
    "[a-z]+",
    "[0-9A-Z.]*",
    r"[\w-]",
    r"[\d.-]+",
    "[a-]",
    "(en|de)",
    "([a-z]+)",
    "(a|b)",
]


@given(st.lists(st.sampled_from([*ORDINARY_PARTS, "+", "(", "]", "|", "(?i)"]), max_size=8).map("".join))
def test_an_ordinary_expression_needs_no_closer_look(source: str) -> None:
    """What is taken as it is, is what the parser returns, without a warning."""
    if _is_ordinary(source):
        parsed = parse(source)
        assert parsed.source == source
        assert not (*parsed.warnings, *backtracking_warnings(source, parsed))


def test_nearly_all_expressions_of_a_large_router_are_ordinary() -> None:
    """So the closer look is not theirs."""
    assert all(map(_is_ordinary, ["^/re7/([a-z]+)$", r"^/blog/[0-9]+/[\w-]+\.html$", "^/(en|de)/shop"]))
