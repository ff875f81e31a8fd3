"""Aligned columns, and colour only for a terminal that wants it."""

from __future__ import annotations

import io

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.report.table import Style, cut, cut_middle, table, wrapped

ROWS = [["a", "bb", "c"], ["aaa", "b", ""]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_columns_are_aligned_and_lines_end_without_spaces() -> None:
    """The last column is not padded."""
    assert table(ROWS) == "a    bb  c\naaa  b"


def test_a_table_without_rows_is_empty() -> None:
    """Nothing to align."""
    assert table([]) == ""


def test_colours_do_not_disturb_the_alignment() -> None:
    """What a terminal does not show has no width."""
    plain = table(ROWS)
    coloured = table(ROWS, ["green", ""], Style(enabled=True))
    assert "\x1b[32m" in coloured
    assert coloured.replace("\x1b[32m", "").replace("\x1b[0m", "") == plain


@pytest.mark.parametrize("colour", ["bold", "dim", "red", "green", "yellow", "cyan"])
def test_a_style_colours_only_when_it_is_enabled(colour: str) -> None:
    """And ends what it began."""
    assert Style(enabled=False)("text", colour) == "text"
    assert Style(enabled=True)("text", colour).endswith("mtext\x1b[0m")


@pytest.mark.parametrize(
    "stream, environment, coloured",
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_only_a_terminal_that_wants_colour_gets_it(
    stream: io.StringIO, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it is, by TERM and by NO_COLOR (no-color.org)."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (Style.of(stream)("x", "red") != "x") is coloured


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M", "Zs"])), st.integers(1, 60))
def test_cut_text_takes_no_more_columns_than_there_are(text: str, columns: int) -> None:
    """Wherever it is cut, and whatever its characters take; what has room stays as it is."""
    for found in (cut(text, columns), cut_middle(text, columns)):
        assert wcwidth.width(found) <= columns or found == "…"
        assert found == text or "…" in found
    if wcwidth.width(text) <= columns:
        assert cut(text, columns) == cut_middle(text, columns) == text


def test_wide_characters_keep_columns_aligned() -> None:
    """A Chinese character takes two columns, a combining accent none."""
    assert table([["/東京", "a"], ["/cafe\u0301", "b"], ["/abcd", "c"]]).splitlines() == [
        "/東京  a",
        "/cafe\u0301  b",
        "/abcd  c",
    ]


def test_a_broken_line_is_coloured_on_each_of_its_lines() -> None:
    """A pager that shows one of them alone shows it in its colour."""
    text = wrapped(Style(enabled=True)("several words in one colour", "red"), 12, 2)
    assert text.splitlines() == [
        f"\x1b[31m{part}\x1b[0m" for part in ("several", "  words in", "  one colour")
    ]
