"""Where a user wrote something: the file and line that every rule and every message carries.

A leaf module: rules and errors both build on it, it imports nothing of ours.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from types import FrameType

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in a user's file.

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
        return _relative(self.file, os.getcwd()) if os.path.isabs(self.file) else self.file


@lru_cache(maxsize=256)
def _relative(file: str, folder: str) -> str:
    return os.path.relpath(file, folder)


def caller() -> Source | None:
    """Return the nearest calling place outside this package, None when there is none.

    Loops, helper functions and plugins need no care: whoever made the call, its line is found.

    Example:
        >>> caller() is None or caller().line > 0
        True
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return Source(frame.f_code.co_filename, frame.f_lineno) if frame is not None else None
