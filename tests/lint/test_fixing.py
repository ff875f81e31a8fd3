"""Fixes are written into the file, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prefetchrouter.cli import main
from prefetchrouter.diagnostics import Diagnostic, Fix
from prefetchrouter.lint.fixing import fix_files, fixed_text
from prefetchrouter.source import Source, Span


def diagnostic(file: str, old: str, new: str, span: Span | None) -> Diagnostic:
    """A diagnostic with a fix."""
    return Diagnostic("unknown-feature", "", Source(file, 1), fix=Fix(old, new, span))


def test_line_ends_comments_and_all_else_stay(tmp_path: Path) -> None:
    """Windows line ends, too."""
    file = tmp_path / "routes.py"
    file.write_bytes(b"a = 'max_agee'  # a comment\r\nb = 1\r\n")
    assert fix_files([diagnostic(str(file), "max_agee", "max_age", Span(1, 5, 1, 15))], within=tmp_path) == 1
    assert file.read_bytes() == b"a = 'max_age'  # a comment\r\nb = 1\r\n"


def test_a_file_outside_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    """An installed package is not the user's to change."""
    (tmp_path / "site").mkdir()
    file = tmp_path / "lib.py"
    file.write_text("'max_agee'")
    found = diagnostic(str(file), "max_agee", "max_age", Span(1, 1, 1, 11))
    assert fix_files([found], within=tmp_path / "site") == 0
    assert file.read_text() == "'max_agee'"


def test_of_two_fixes_of_one_place_one_is_written() -> None:
    """The same mistake may be found twice."""
    found = diagnostic("r.py", "a", "bb", Span(1, 1, 1, 2))
    assert fixed_text("a a", [found, found]) == ("bb a", 1)


@given(
    st.text("ab\n", max_size=12),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(0, 4)), max_size=4),
)
def test_no_span_breaks_the_text(text: str, places: list[tuple[int, int, int]]) -> None:
    """Spans of a file that was changed meanwhile: what is not there any more is not replaced."""
    found = [
        diagnostic("r.py", "ab", "X", Span(line, column, line, column + length))
        for line, column, length in places
    ]
    fixed, count = fixed_text(text, found)
    assert fixed.replace("X", "ab") == text
    assert fixed.count("X") == count


WORDS = {
    "max_agee": "max_age",
    "stale_while_revalidat": "stale_while_revalidate",
    "set_response_header": "set_response_headers",
    "deny_acess": "deny_access",
}
"""Names that are certain to be meant otherwise."""
FEATURES = {
    "max_agee": 'caching={{{q}{word}{q}: "1h"}}',
    "stale_while_revalidat": 'caching={{"max_age":   "1h",  {q}{word}{q} :"5m"}}',
    "set_response_header": 'headers={{\n        {q}{word}{q}: {{"x-a": "max_agee"}},  # deny_acess\n    }}',
    "deny_acess": "access={{{q}{word}{q}:True}}",
}


@st.composite
def wrong_files(draw: st.DrawFn) -> tuple[str, str]:
    """A routes file with misspelled names, in some layout, and the same with the right ones."""
    wrong, right = ["from prefetchrouter import Router", "router = Router()"], list[str]()
    right += wrong
    for number in range(draw(st.integers(1, 4))):
        word = draw(st.sampled_from(sorted(WORDS)))
        quote, comment = draw(st.sampled_from("\"'")), draw(st.sampled_from(["", "  # max_agee", " #"]))
        blank = draw(st.sampled_from([[], [""], ["# deny_acess, as they say", ""]]))
        for lines, name in ((wrong, word), (right, WORDS[word])):
            features = FEATURES[word].format(q=quote, word=name)
            lines += [*blank, f'router.match("/{number}/max_agee",{features}){comment}']
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join([*wrong, ""]), end.join([*right, ""])


@given(files=wrong_files())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_fix_removes_its_finding_and_changes_nothing_else(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Layout, quotes, comments and line ends stay; the same words elsewhere stay, too."""
    wrong, right = files
    file = tmp_path / "routes.py"
    file.write_bytes(wrong.encode())
    assert main(["lint", "--fix", "--select", "unlikely-value", str(file)]) == 0
    assert file.read_bytes() == right.encode()
    assert "fixed" in capsys.readouterr().out
    assert main(["lint", "--fix", "--select", "unlikely-value", str(file)]) == 0
    assert file.read_bytes() == right.encode()
