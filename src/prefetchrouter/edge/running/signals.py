"""Signals: those that end the edge, the one that reads its rules again, and those of log rotation."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

ENDING: Final = ("SIGINT", "SIGTERM", "SIGQUIT")
"""Ctrl+C, a service manager, and Ctrl+\\: what is under way is finished; the second one breaks it off."""


class Heard:
    """What the process was told.

    Attributes:
        once: It is to end.
        twice: It was told so again, and is not to wait any more.
        again: It is to read its rules again.
    """

    def __init__(self) -> None:
        self.once = asyncio.Event()
        self.twice = asyncio.Event()
        self.again = asyncio.Event()

    def end(self) -> None:
        """End, or wait no more."""
        (self.twice if self.once.is_set() else self.once).set()


@contextmanager
def heard_signals(reopen: Callable[[], None]) -> Iterator[Heard]:
    """Hear signals as nginx does.

    INT, TERM and QUIT end the edge, HUP reads the rules again and opens the access log anew, USR1 opens the
    access log anew. USR2, with which nginx changes its program, does nothing. HUP ends the edge when its
    terminal was closed, unless it was started with ``nohup``.

    Args:
        reopen: Opens the access log anew.
    """
    loop = asyncio.get_running_loop()
    heard = Heard()
    had_terminal = _has_terminal()

    def hang_up() -> None:
        reopen()
        if had_terminal and not is_detached and not _has_terminal():
            heard.end()
        else:
            heard.again.set()

    does: dict[str, Callable[[], None]] = {
        **dict.fromkeys(ENDING, heard.end),
        "SIGHUP": hang_up,
        "SIGUSR1": reopen,
        "SIGUSR2": lambda: None,
    }
    numbers = {name: signal.Signals[name] for name in does if name in signal.Signals.__members__}
    is_detached = "SIGHUP" in numbers and signal.getsignal(numbers["SIGHUP"]) == signal.SIG_IGN
    before = {number: signal.signal(number, _caller(loop, does[name])) for name, number in numbers.items()}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _caller(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> Callable[[int, object], None]:
    def call(number: int, frame: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(act)

    return call


def _has_terminal() -> bool:
    """Return whether the process has a terminal, and that one is still there."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        return False
    return True
