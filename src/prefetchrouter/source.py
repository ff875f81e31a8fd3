"""Where a user wrote something: the file and line that every rule and every message carries.

A leaf module: rules and errors both build on it, it imports nothing of ours.
"""

from __future__ import annotations

import ast
import io
import linecache
import os
import sys
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FrameType, ModuleType
from typing import NamedTuple

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class Span(NamedTuple):
    """A part of a file: lines and columns counted from 1 in characters; the end is after the last one."""

    line: int
    column: int
    end_line: int
    end_column: int


class _Call:
    """The instruction of the code that made a call: its columns are computed on demand."""

    __slots__ = ("_code", "_instruction")
    _code: CodeType
    _instruction: int


@dataclass(frozen=True, slots=True, order=True)
class Source(_Call):
    """A place in a user's file.

    Two of them are equal when they are on one line, whatever their columns.

    Args:
        file: The file as Python knows it; shown relative to the current folder.
        line: The line of the call, counted from 1.

    Example:
        >>> str(Source("routes.py", 12))
        'routes.py:12'
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.display_file}:{self.line}"

    @property
    def display_file(self) -> str:
        """The file relative to the current folder, so that no output depends on the machine."""
        return _relative(self.file, os.getcwd()) if os.path.isabs(self.file) else shown_path(self.file, "")

    @property
    def span(self) -> Span | None:
        """The call with its columns, or None if they are not known, as of what was read from JSON.

        Of a call at the end of a chain it begins with the name of the method.
        """
        code = getattr(self, "_code", None)
        if code is None:
            return None
        line, end_line, column, end_column = _positions(code)[self._instruction // 2]
        if line is None or end_line is None or column is None or end_column is None:
            return None
        linecache.checkcache(self.file)  # `serve` reads a file again and again
        start = _characters(self.file, line, column)
        return Span(line, start + 1, end_line, _characters(self.file, end_line, end_column) + 1)

    def find(self, text: str) -> Span | None:
        """Return where the call writes a text, as a string or a name; None unless it does exactly once.

        Example:
            >>> Source("routes.py", 3).find("max_agee") is None
            True
        """
        span = self.span
        return None if span is None else _find(self.file, span, text)


@lru_cache(maxsize=4)
def _positions(code: CodeType) -> tuple[tuple[int | None, int | None, int | None, int | None], ...]:
    return tuple(code.co_positions())


def _characters(file: str, line: int, offset: int) -> int:
    """Return how many characters of a line are before an offset, which Python counts in bytes of UTF-8."""
    before = linecache.getline(file, line).encode()[:offset]
    return len(before.decode(errors="replace")) if len(before) == offset else offset


def _find(file: str, span: Span, text: str) -> Span | None:
    lines = [line.rstrip("\n") for line in linecache.getlines(file)[span.line - 1 : span.end_line]]
    if not lines:
        return None
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = " " * (span.column - 1) + lines[0][span.column - 1 :]
    try:
        tokens = list(_outside_f_strings("\n".join(lines)))
    except (tokenize.TokenError, SyntaxError):  # half of it could be found, and the other half not
        return None
    found = [
        Span(span.line - 1 + line, column + 1, span.line - 1 + end_line, end_column + 1)
        for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False)
        if _value(token) == text and not _is_part(before, token) and not _is_part(token, after)
        for (line, column), (end_line, end_column) in [(token.start, token.end)]
    ]
    return found[0] if len(found) == 1 else None


def _outside_f_strings(code: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of code; of an f-string, which is many tokens from Python 3.12 on, the ends."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        kind = tokenize.tok_name[token.type]
        depth -= kind.endswith("STRING_END")
        if depth == 0 and kind not in ("NL", "COMMENT"):
            yield token
        depth += kind.endswith("STRING_START")


def _is_part(token: tokenize.TokenInfo | None, after: tokenize.TokenInfo | None) -> bool:
    """Return whether two tokens are strings that Python joins to one."""
    return all(each is not None and "STRING" in tokenize.tok_name[each.type] for each in (token, after))


def _value(token: tokenize.TokenInfo) -> object:
    if token.type == tokenize.NAME:
        return token.string
    if token.type != tokenize.STRING or "f" in token.string.partition(token.string[-1])[0].lower():
        return None
    return ast.literal_eval(token.string)


@lru_cache(maxsize=256)
def _relative(file: str, folder: str) -> str:
    return shown_path(file, folder)


def shown_path(file: str, folder: str, paths: ModuleType = os.path) -> str:
    """Return a file relative to a folder, with forward slashes: as output has it on each system.

    Args:
        file: An absolute path, or a relative one.
        folder: The folder that absolute paths are shown from.
        paths: How the system writes paths, such as `ntpath` for Windows.

    Example:
        >>> import ntpath
        >>> shown_path("C:\\\\site\\\\cdn\\\\routes.py", "C:\\\\site", ntpath)
        'cdn/routes.py'
    """
    if paths.isabs(file):
        with suppress(ValueError):  # it is on another drive
            file = paths.relpath(file, folder)
    return file.replace(paths.sep, "/") if paths.sep != "/" else file


def caller() -> Source | None:
    """Return the nearest calling place outside this package, or None.

    Loops, helper functions and plugins need no care: whoever made the call, its line is found.

    Example:
        >>> caller() is None or caller().line > 0
        True
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    if frame is None:
        return None
    # A rule set of ten thousand rules makes as many sources: the slots are set without a detour.
    source = object.__new__(Source)
    code = frame.f_code
    _set_file(source, code.co_filename)
    _set_line(source, frame.f_lineno)
    _set_code(source, code)
    _set_instruction(source, frame.f_lasti)
    return source


_set_file, _set_line, _set_code, _set_instruction = (
    vars(owner)[slot].__set__
    for owner, slot in ((Source, "file"), (Source, "line"), (_Call, "_code"), (_Call, "_instruction"))
)
