"""Loads a routes file for a command, and gives up on one that never ends."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.authoring.loader import Routes
    from prefetchrouter.rules.typed_property import UnsupportedConditions

SLOW_SECONDS = 3.0
"""After this long a line on the standard error output says where the file is."""
PATIENCE_SECONDS = 60.0
"""After this long the command gives up."""
_AGAIN_SECONDS = 1.0
"""Code that swallows every exception is interrupted again after this long."""


class _TimeUp(BaseException):
    """Raised inside the routes file; no `Exception`, so that its own handlers let it pass."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def load_routes(
    path: str, *, unsupported_conditions: UnsupportedConditions | None = None, strict: bool = False
) -> Routes:
    """Return what a routes file defines, as `prefetchrouter.load` does, within `PATIENCE_SECONDS`.

    Args:
        path: The routes file.
        unsupported_conditions: Overrides the setting of the property.
        strict: Whether warnings are errors.

    Raises:
        LoadError: The file cannot be read, fails, or is still running when the time is over.
        RoutesError: Its rules are wrong.
    """
    from prefetchrouter.authoring.loader import load
    from prefetchrouter.errors import LoadError
    from prefetchrouter.source import Source

    try:
        with _interrupted(path):
            return load(path, unsupported_conditions=unsupported_conditions, strict=strict)
    except _TimeUp as late:
        raise LoadError.of(
            "import-failed",
            f"it is still running after {PATIENCE_SECONDS:g} seconds",
            source=Source(str(Path(path).absolute()), late.line),
            hint="look for a loop that never ends, or for a call that waits",
        ) from None


@contextmanager
def _interrupted(path: str) -> Iterator[None]:
    """Interrupt the block when its time is over, in the main thread of a Unix process; elsewhere not."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer") or signal.getsignal(signal.SIGALRM) != signal.SIG_DFL:
        yield
        return
    was_announced = False

    def on_alarm(number: int, frame: FrameType | None) -> None:
        nonlocal was_announced
        line = _line_in(path, frame)
        if was_announced:
            raise _TimeUp(line)
        was_announced = True
        print(f"{path}:{line} is still running after {SLOW_SECONDS:g} seconds", file=sys.stderr)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS - SLOW_SECONDS, _AGAIN_SECONDS)

    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, SLOW_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _line_in(path: str, frame: FrameType | None) -> int:
    """Return the line of the routes file that is running, or that has called what is."""
    file = str(Path(path).absolute())
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return frame.f_lineno if frame is not None else 1
