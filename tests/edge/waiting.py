"""Waiting without a guess at how fast the machine is: for what happens, or on a clock that is set by hand.

A test never sleeps for as long as something ought to take. It waits `until` it is so; what would wait for a
time limit runs on a `HandLoop`, whose clock the test puts forward. `PATIENCE` only ends what hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from prefetchrouter.edge.limits import Limits

PATIENCE = 60.0
"""After this many seconds a test that hangs fails; nothing that works takes as long on any machine."""

Result = TypeVar("Result")


async def until(condition: Callable[[], object]) -> None:
    """Return as soon as something is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.002)


async def settled() -> None:
    """Let all tasks run that wait for nothing but each other, and neither for a socket nor for a thread."""
    for _ in range(100):
        await asyncio.sleep(0)


@contextmanager
def limited(limits: Limits, **seconds: float) -> Iterator[None]:
    """Change limits that are in use, until the end of the block: for nothing but what is to meet them."""
    before = {name: getattr(limits, name) for name in seconds}
    for name, value in seconds.items():
        object.__setattr__(limits, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(limits, name, value)


class HandLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward, so that no limit has to be waited for."""

    _ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def pass_by(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self._ahead += seconds
        self.call_soon(lambda: None)  # so that it looks at its timers now


def pass_by(seconds: float) -> None:
    """Let that much time pass at once on the running loop, which is a `HandLoop`."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, HandLoop)
    loop.pass_by(seconds)


def run_by_hand(main: Coroutine[Any, Any, Result]) -> Result:
    """Run on a loop whose clock is set by hand."""
    with asyncio.Runner(loop_factory=HandLoop) as runner:
        return runner.run(main)
