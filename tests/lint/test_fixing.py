"""Fixes are written into the file, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

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
