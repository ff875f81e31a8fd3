"""A call finds where it writes a text, so that a fix changes that text and no other."""

from __future__ import annotations

import ntpath
import posixpath
from pathlib import Path

import pytest

import prefetchrouter.source
from prefetchrouter.source import Source, caller, shown_path

MADE: list[Source | None] = []
"""Who called `made`, which is a function of the package, as the methods of a router are."""

INSIDE = {"MADE": MADE, "caller": caller}
exec(compile("def made(*_, **named): MADE.append(caller())", prefetchrouter.source.__file__, "exec"), INSIDE)


@pytest.mark.parametrize(
    ("call", "column"),
    [
        ('made("text")', 6),
        ("made(text=1)", 6),
        ('made({"text": 1}, "other")', 7),
        ('made(f"{other}", "text")', 18),
        ('made("text", f"{other}")', 6),
        ('made("text", f"text")', 6),
        ("made('text', f'{other!r:>{width}}')", 6),
        ('made(r"text", b"text")', 6),
        ('made("text", "text")', None),
        ('made("text", f"{other}", "text")', None),
        ('made(f"text", other)', None),
        ("made(f\"{named['text']}\")", None),
        ('made("some" "text")', None),
        ('made("text" "some")', None),
        ('made("some" f"{other}" "text")', None),
        ('made("textual", other)', None),
        ('made("text"  # text\n)', 6),
        ('made(\n    f"{other}"\n    "text",\n    other)', None),
    ],
)
def test_a_text_is_found_where_a_call_writes_it_alone(tmp_path: Path, call: str, column: int | None) -> None:
    """An f-string, or what Python joins to a longer string, is another text."""
    file = tmp_path / "routes.py"
    file.write_text(call)
    names = {"made": INSIDE["made"], "other": "x", "width": 3, "named": {"text": "y"}}
    exec(compile(call, str(file), "exec"), names)
    source = MADE.pop()
    assert source is not None
    span = source.find("text")
    assert (None if span is None else span.column) == column


def test_nothing_is_found_in_a_file_that_has_changed(tmp_path: Path) -> None:
    """What is there now may be half a call."""
    file = tmp_path / "routes.py"
    file.write_text('made("text")')
    exec(compile(file.read_text(), str(file), "exec"), {"made": INSIDE["made"]})
    file.write_text('made(""" "text"')
    source = MADE.pop()
    assert source is not None
    assert source.find("text") is None


@pytest.mark.parametrize(
    ("file", "folder", "shown"),
    [
        (r"C:\site\cdn\routes.py", r"C:\site", "cdn/routes.py"),
        (r"C:\rules\routes.py", r"C:\site\shop", "../../rules/routes.py"),
        (r"D:\routes.py", r"C:\site", "D:/routes.py"),
        (r"\\server\share\routes.py", r"C:\site", "//server/share/routes.py"),
        (r"cdn\routes.py", r"C:\site", "cdn/routes.py"),
    ],
)
def test_paths_of_windows_are_shown_with_forward_slashes(file: str, folder: str, shown: str) -> None:
    """They are in built files and reports, which are the same on each system."""
    assert shown_path(file, folder, ntpath) == shown


def test_a_backslash_in_a_name_stays_where_it_separates_nothing() -> None:
    assert shown_path(r"/srv/a\b.py", "/srv", posixpath) == r"a\b.py"
