"""Signals: shutdown, reload of the rules, and log rotation."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

ENDING: Final = ("SIGINT", "SIGTERM", "SIGQUIT")
"""Ctrl+C, a service manager, and Ctrl+\\: the first finishes open requests, the second aborts them."""


class ReceivedSignals:
    """The signals that the process received.

    Attributes:
        once: The first one to shut down.
        twice: A second one, to abort open requests.
        again: One to reload the rules.
    """

    def __init__(self) -> None:
        self.once = asyncio.Event()
        self.twice = asyncio.Event()
        self.again = asyncio.Event()

    def end(self) -> None:
        """Shut down; the second time, abort open requests."""
        (self.twice if self.once.is_set() else self.once).set()


@contextmanager
def receive_signals(reopen: Callable[[], None]) -> Iterator[ReceivedSignals]:
    """Handle signals as nginx does.

    INT, TERM and QUIT shut down, HUP reloads the rules and reopens the access log, USR1 reopens the access
    log. USR2, with which nginx replaces its executable, does nothing. HUP shuts down when the terminal was
    closed, unless it was started with ``nohup``.

    Args:
        reopen: Reopens the access log.
    """
    loop = asyncio.get_running_loop()
    received = ReceivedSignals()
    had_terminal = _has_terminal()

    def hang_up() -> None:
        reopen()
        if had_terminal and not is_detached and not _has_terminal():
            received.end()
        else:
            received.again.set()

    does: dict[str, Callable[[], None]] = {
        **dict.fromkeys(ENDING, received.end),
        "SIGHUP": hang_up,
        "SIGUSR1": reopen,
        "SIGUSR2": lambda: None,
    }
    numbers = {name: signal.Signals[name] for name in does if name in signal.Signals.__members__}
    is_detached = "SIGHUP" in numbers and signal.getsignal(numbers["SIGHUP"]) == signal.SIG_IGN
    before = {number: signal.signal(number, _caller(loop, does[name])) for name, number in numbers.items()}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _caller(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> Callable[[int, object], None]:
    def call(number: int, frame: object) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(act)

    return call


def _has_terminal() -> bool:
    """Return whether the process has a terminal that is still open."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        return False
    return True
