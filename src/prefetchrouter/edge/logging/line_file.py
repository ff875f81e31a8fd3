"""A file that lines are added to, complete, and that log rotation may move away."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from prefetchrouter.edge.logging.line_writer import Line, LineWriter, Output


class LineFile:
    """Writes lines to a file, and reopens it when it was moved or removed, or on a signal.

    Args:
        path: The file; lines are added at its end.
        what: What it is, for messages, such as ``"the access log"``.
        failed: Called with a message when the file cannot be written, and when it can be again.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path, what: str, failed: Callable[[str], None]) -> None:
        self.what = what
        self._path = path.absolute()
        self._failed = failed
        self._file = _opened(self._path)
        self._output = Output(self._file)
        self._wants_new = False
        self._writer = LineWriter(self._write, failed=self._on_failed)
        self.drained = self._writer.drained

    @property
    def is_full(self) -> bool:
        """Whether the edge is to wait before it serves the next request."""
        return self._writer.is_full

    def line(self, line: Line) -> None:
        """Queue a line."""
        self._writer.line(line)

    def reopen(self) -> None:
        """Reopen the file before the next line."""
        self._wants_new = True

    def close(self) -> int:
        """Write the queued lines; return how many could not be written."""
        left = self._writer.close()
        os.close(self._file)
        return left

    def _write(self, text: str) -> None:
        if self._wants_new or not _is_there(self._path, self._file):
            new = _opened(self._path)
            os.close(self._file)
            self._file, self._output, self._wants_new = new, Output(new), False
        self._output.write(text)

    def _on_failed(self, error: Exception | None) -> None:
        if error is not None:
            reason = getattr(error, "strerror", None) or str(error)
            self._failed(f"{self.what} {self._path} cannot be written: {reason}")
        else:
            lost, self._writer.lost = self._writer.lost, 0
            note = f"; {lost:,} lines were lost" if lost else ""
            self._failed(f"{self.what} {self._path} is written again{note}")


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o640)


def _is_there(path: Path, file: int) -> bool:
    """Return whether a path still names the open file."""
    try:
        found, own = os.stat(path), os.fstat(file)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino)
