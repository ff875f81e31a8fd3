"""Prints many lines without blocking the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import TextIO, TypeAlias

Line: TypeAlias = str | Callable[[], str]
"""A line, or a function that formats it; dropped lines are not formatted."""


class Printer:
    """Buffers lines and writes them in batches, from a separate thread.

    A paused terminal or an unread pipe blocks only that thread: further lines are counted, and the count is
    printed in their place.

    Args:
        stream: Where lines are written.
        per_second: The most lines printed in one second; the rest is only counted.
        batch_seconds: How long lines are buffered.
        clock: Seconds, as of `time.monotonic`.

    Example:
        >>> import sys
        >>> printer = Printer(sys.stdout)
        >>> printer.line("GET  /pages/2"); printer.close()
        GET  /pages/2
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        per_second: int = 200,
        batch_seconds: float = 0.05,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._stream = stream
        self._per_second = per_second
        self._batch_seconds = batch_seconds
        self._clock = clock
        self._gathered: list[Line] = []
        self._second = clock()
        self._printed = 0
        self._dropped = 0
        self._timer: asyncio.TimerHandle | None = None
        self._batches: SimpleQueue[str | None] = SimpleQueue()
        self._is_idle = threading.Event()
        self._is_idle.set()
        self._is_closed = False
        self._writer = threading.Thread(target=self._write, name="printer", daemon=True)
        self._writer.start()

    def line(self, line: Line) -> None:
        """Buffer a line, or count it when there are too many."""
        now = self._clock()
        if now - self._second >= 1.0 and self._is_idle.is_set():
            self._tell_dropped()
            self._second, self._printed = now, 0
        if self._printed >= self._per_second:
            self._dropped += 1
        else:
            self._printed += 1
            self._gathered.append(line)
        self._schedule()

    def message(self, text: str) -> None:
        """Buffer a text that is never dropped."""
        self._tell_dropped()
        self._gathered.append(text)
        self._schedule()

    def flush(self) -> None:
        """Pass the buffer to the writing thread without waiting; if that is busy, try again later."""
        self._timer = None
        if not self._is_idle.is_set():
            self._schedule()
            return
        if self._dropped and self._clock() - self._second >= 1.0:
            self._tell_dropped()
            self._second, self._printed = self._clock(), 0
        if self._gathered:
            self._hand_over()
        if self._dropped:
            self._schedule()

    def close(self, wait_seconds: float = 1.0) -> None:
        """Write the buffer and stop; a blocked stream is waited for no longer than this."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._tell_dropped()
        if self._gathered:
            self._hand_over()
        self._batches.put(None)
        self._writer.join(wait_seconds)

    def _schedule(self) -> None:
        if self._timer is not None or self._is_closed:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            if self._is_idle.is_set() and self._gathered:
                self._hand_over()
            return
        self._timer = loop.call_later(self._batch_seconds, self.flush)

    def _tell_dropped(self) -> None:
        if self._dropped:
            more = f"... and {self._dropped:,} more"
            self._gathered.append(more)
            self._dropped = 0

    def _hand_over(self) -> None:
        lines, self._gathered = self._gathered, []
        text = "".join(f"{line if isinstance(line, str) else line()}\n" for line in lines)
        self._is_idle.clear()
        self._batches.put(text)

    def _write(self) -> None:
        while (text := self._batches.get()) is not None:
            with contextlib.suppress(OSError, ValueError):  # the reader left, or the stream was closed
                self._stream.write(self._encodable(text))
                self._stream.flush()
            if self._batches.empty():
                self._is_idle.set()

    def _encodable(self, text: str) -> str:
        encoding = self._stream.encoding or "utf-8"
        return text if text.isascii() else text.encode(encoding, "backslashreplace").decode(encoding)
