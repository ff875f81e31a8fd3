"""Plays a case: sends what its clients send, and compares what comes of it."""

from __future__ import annotations

import asyncio
from typing import Protocol

from cases.runners.case import Ask, Case, Leave, Purge, Receive, Release, Send, Step, Wait
from cases.runners.comparing import Response, response_problems
from cases.runners.origin import Script


class CannotPurge(Exception):
    """An engine has no purge of this kind; the message says why."""


class Session(Protocol):
    """One case on one engine: how its requests get there, and how its time goes by."""

    response_after: float
    """How long to wait for a response, in seconds."""

    missing_after: float
    """How long to wait for a request to the origin that does not come, in seconds."""

    def now(self) -> float:
        """Return the time of the engine, in seconds since 1970."""
        ...

    async def send(self, send: Send) -> Response:
        """Send a request, and return its response."""
        ...

    async def pass_time(self, seconds: float) -> None:
        """Let time go by."""
        ...

    async def purge(self, purge: Purge) -> None:
        """Remove stored responses; return when they are removed.

        Raises:
            CannotPurge: The engine has no such purge.
        """
        ...

    async def quiet(self) -> None:
        """Return when nothing moves but what waits for an origin."""
        ...

    async def settled(self) -> None:
        """Return when what happens in the background has happened."""
        ...


class _Player:
    def __init__(self, case: Case, session: Session, script: Script) -> None:
        self.case, self.session, self.script = case, session, script
        self.problems: list[str] = []
        self._open: list[tuple[Send, asyncio.Task[Response]]] = []

    async def play(self) -> list[str]:
        """Return what is wrong, up to the end of the first step where something is."""
        try:
            for step in self.case.steps:
                await self._step(step)
                self.problems += self.script.problems
                if self.problems:
                    return self.problems
            await self.session.quiet()
            return self.script.problems
        finally:
            self.script.close()
            for _, task in self._open:
                task.cancel()
            await asyncio.gather(*(task for _, task in self._open), return_exceptions=True)

    async def _step(self, step: Step) -> None:
        self.script.expect(step.asks)
        for event in step.events:
            match event:
                case Send():
                    tasks = [asyncio.create_task(self.session.send(event)) for _ in range(event.times)]
                    self._open += [(event, task) for task in tasks]
                    await asyncio.sleep(0)
                case Wait(_, seconds):
                    await self.session.pass_time(seconds)
                case Release():
                    await self.session.quiet()
                    self.script.release()
                    await self.session.settled()
                case Leave():
                    await self.session.quiet()
                    await self._leave(event)
                case Purge():
                    await self.session.quiet()
                    try:
                        await self.session.purge(event)
                    except CannotPurge as error:
                        self.problems.append(f"line {event.line}: {error}")
                case Receive():
                    await self._receive(event)
                case Ask():
                    pass  # the script expects it since the step began
        if not self.problems and not self.script.problems:
            await self.script.arrived(self.session.missing_after)
            self.problems += self.script.missing()
            if step.asks:
                await self.session.settled()

    async def _receive(self, event: Receive) -> None:
        came = []
        for _ in range(event.times):
            send, task = self._open.pop(await self._next(event.name))
            try:
                came.append((send, await asyncio.wait_for(task, self.session.response_after)))
            except (OSError, TimeoutError, ValueError) as error:
                self.problems.append(f"line {event.line}: {send.method} {send.target}: {error!r}")
        most_age = self.session.now() - self.script.start + 2
        for _, response in came:
            self.problems += [
                f"line {event.line}, response: {problem}"
                for problem in response_problems(event, response, self.script.start, most_age)
            ]

    async def _leave(self, event: Leave) -> None:
        _, task = self._open.pop(self._index(event.name))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _next(self, name: str) -> int:
        """Return the place of the request whose response comes next: of equal ones at once, any."""
        send = self._open[self._index(name)][0]
        alike = {at: task for at, (one, task) in enumerate(self._open) if one is send}
        if len(alike) > 1:  # which of them an engine takes first is its own affair
            await asyncio.wait(
                alike.values(), timeout=self.session.response_after, return_when=asyncio.FIRST_COMPLETED
            )
        return next((at for at, task in alike.items() if task.done()), min(alike))

    def _index(self, name: str) -> int:
        return next(at for at, (send, _) in enumerate(self._open) if send.name == name)


async def play(case: Case, session: Session, script: Script) -> list[str]:
    """Play a case, and return what differs; nothing if it goes as the case says."""
    return await _Player(case, session, script).play()
