"""Writes every line from a separate thread, so that no line is dropped and the event loop never blocks."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

Line: TypeAlias = str | Callable[[], str]
"""A line, or a function that formats it in the writing thread."""

_PAUSE_SECONDS = 0.01


class LineWriter:
    """Queues lines and writes them in batches.

    A stream that is slower than the requests fills the queue. Code that awaits `drained` before serving
    the next request then waits: the edge becomes as slow as its log, and no line is lost. When writing fails,
    lines wait as long as there is room; more than that are counted as lost.

    Args:
        write: Writes a text whole, or raises `OSError` or `ValueError`; called in the thread.
        most: How many lines wait before the edge does.
        batch_seconds: How long lines are buffered.
        failed: Called in the thread when writing begins to fail, and with None when it works again.

    Example:
        >>> import sys
        >>> writer = LineWriter(sys.stdout.write)
        >>> writer.line("one"); writer.line(lambda: "two"); writer.close()
        one
        two
        0
    """

    def __init__(
        self,
        write: Callable[[str], object],
        *,
        most: int = 5000,
        batch_seconds: float = 0.05,
        failed: Callable[[Exception | None], None] | None = None,
    ) -> None:
        self.lost = 0
        """How many lines were left out since writing failed."""
        self._write = write
        self._most = most
        self._batch_seconds = batch_seconds
        self._on_failed = failed
        self._lines: deque[Line] = deque()
        self._wake = threading.Event()
        self._is_closing = False
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
        self._thread.start()

    def line(self, line: Line) -> None:
        """Queue a line."""
        if self._has_failed and len(self._lines) >= self._most:
            self.lost += 1
            return
        self._lines.append(line)
        if not self._wake.is_set():
            self._wake.set()

    @property
    def is_full(self) -> bool:
        """Whether the queue is full, so that the edge waits before the next request."""
        return len(self._lines) > self._most and not self._has_failed

    async def drained(self) -> None:
        """Return when the queue has room again."""
        while self.is_full:
            await asyncio.sleep(_PAUSE_SECONDS)

    def close(self, wait_seconds: float = 10.0) -> int:
        """Write the queued lines and stop; return how many could not be written within this time."""
        self._is_closing = True
        self._wake.set()
        self._thread.join(wait_seconds)
        return len(self._lines) + self.lost

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if not self._is_closing:
                time.sleep(self._batch_seconds)
            self._wake.clear()
            is_last = self._is_closing
            if not self._written() and not is_last:
                time.sleep(self._batch_seconds)
                self._wake.set()
            if is_last:
                return

    def _written(self) -> bool:
        """Write the queued lines; the lines of a batch that fails stay first in the queue."""
        while count := min(len(self._lines), 1000):
            batch = [self._lines.popleft() for _ in range(count)]
            text = "".join([f"{line if isinstance(line, str) else line()}\n" for line in batch])
            try:
                self._write(text)
            except (OSError, ValueError) as error:
                self._lines.appendleft(text[:-1])
                self._tell(error)
                return False
            self._tell(None)
        return True

    def _tell(self, error: Exception | None) -> None:
        if (error is not None) == self._has_failed:
            return
        self._has_failed = error is not None
        if self._on_failed is not None:
            self._on_failed(error)


class Output:
    """An open file that completes a partial write, as when the disk was full.

    Args:
        file: The descriptor of the file.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._begun = b""

    def write(self, text: str) -> None:
        """Write a text, or raise `OSError`; one that starts with the failed text is continued."""
        data = text.encode("ascii", "backslashreplace")
        begun = self._begun if data.startswith(self._begun) else b""
        data = data[len(begun) :]
        while data:
            self._begun = begun
            count = os.write(self._file, data)
            begun, data = begun + data[:count], data[count:]
        self._begun = b""
