"""A case as data: routes, and what clients, the edge and origins do, in order; `reader.py` makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Literal, TypeAlias, get_args

Headers: TypeAlias = tuple[tuple[str, str], ...]

State = Literal[
    "hit", "stale", "stale-error", "revalidated", "miss", "coalesced", "pass", "refused", "synthetic", "error"
]
"""How the cache handled a request: the words of docs/edge-rules.md."""

STATES: tuple[State, ...] = get_args(State)

Behaviour = Literal["answers", "held", "held-body", "drops", "held-drops", "hangs"]
"""What an origin does: answers at once, at `release`, or with its body at `release`; closes the connection
without an answer, at once or at `release`; or never answers."""

BEHAVIOURS: tuple[Behaviour, ...] = get_args(Behaviour)

_TIME = re.compile(r"\{start(?:([+-]\d+)s)?\}")


@dataclass(frozen=True, slots=True)
class Expected:
    """One expected header: a text, one that matches an expression, none, or any."""

    name: str
    text: str | None
    is_regex: bool = False
    is_any: bool = False

    def holds(self, value: str | None, start: float) -> bool:
        """Return whether a header is as expected; None for one that is not there."""
        if self.is_any:
            return True
        if value is None or self.text is None:
            return value is None and self.text is None
        if self.is_regex:
            return re.fullmatch(self.text, value) is not None
        return value == filled(self.text, start)

    def __str__(self) -> str:
        if self.text is None:
            return f"{'any' if self.is_any else 'no'} {self.name}"
        return f"{self.name} ~ {self.text}" if self.is_regex else f"{self.name}: {self.text}"


@dataclass(frozen=True, slots=True)
class Send:
    """`>`: a client sends a request, or several at once."""

    line: int
    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    name: str = ""
    times: int = 1
    version: str = "1.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """`<<`: what an origin does about a request."""

    line: int
    behaviour: Behaviour = "answers"
    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """`>>`: a request that an origin gets, with its answer."""

    line: int
    origin: str
    method: str
    target: str
    answer: Answer
    headers: tuple[Expected, ...] = ()
    body: bytes = b""
    times: int = 1

    @property
    def at_most(self) -> int:
        """A GET or HEAD whose connection was dropped may be sent once more (E37)."""
        may_repeat = (
            self.answer.behaviour in ("drops", "held-drops")
            and self.method in ("GET", "HEAD")
            and not self.body
        )
        return self.times * 2 if may_repeat else self.times


@dataclass(frozen=True, slots=True)
class Receive:
    """`<`: the response that a client gets, or several."""

    line: int
    statuses: tuple[int, ...]
    state: State | None
    """None for any."""
    headers: tuple[Expected, ...] = ()
    body: bytes | None = b""
    """None for any."""
    is_cut: bool = False
    name: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Wait:
    """`wait`: time goes by."""

    line: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Release:
    """`release`: held answers of origins go out."""

    line: int


@dataclass(frozen=True, slots=True)
class Leave:
    """`leave`: a client closes its connection before it has its response."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Purge:
    """`purge`: stored responses are removed, by tag and by URL; all of them without any."""

    line: int
    tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


Event: TypeAlias = Send | Ask | Receive | Wait | Release | Leave | Purge


@dataclass(frozen=True, slots=True)
class Step:
    """Events between which nothing but their causes orders: what is sent, then what comes of it."""

    events: tuple[Event, ...]

    @property
    def asks(self) -> tuple[Ask, ...]:
        return tuple(event for event in self.events if isinstance(event, Ask))


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Args:
        path: Its file.
        title: The sentence that it shows.
        concerns: Rules of edge behaviour, features, variables and operators, as support tables name them.
        routes: The routes file, as Python.
        events: What happens, in order.
    """

    path: Path
    title: str
    concerns: tuple[str, ...]
    routes: str
    events: tuple[Event, ...] = field(repr=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """A step begins with what is sent, waited for or released; what comes of it belongs to it."""
        steps: list[list[Event]] = []
        last: Event | None = None
        for event in self.events:
            begins = isinstance(event, Wait | Release | Leave | Purge) or (
                isinstance(event, Send) and not isinstance(last, Send)
            )
            if begins or not steps:
                steps.append([])
            steps[-1].append(event)
            last = event
        return tuple(Step(tuple(events)) for events in steps)

    @property
    def origins(self) -> tuple[str, ...]:
        """The names of the origins that get requests; empty for the default one."""
        return tuple(dict.fromkeys(event.origin for event in self.events if isinstance(event, Ask)))

    @property
    def has_silent_origin(self) -> bool:
        """Whether an origin never answers: engines then wait for seconds, and not for a minute."""
        return any(event.answer.behaviour == "hangs" for event in self.events if isinstance(event, Ask))

    @property
    def needs_its_own_host(self) -> bool:
        """Whether it must not share an engine with others: it says itself which hosts there are."""
        sent = [event for event in self.events if isinstance(event, Send)]
        purges = any(isinstance(event, Purge) for event in self.events)  # what all cases have stored
        return (
            purges
            or self.has_silent_origin
            or "Property(" in self.routes
            or any(
                event.version == "1.0" or any(name.lower() == "host" for name, _ in event.headers)
                for event in sent
            )
        )


def filled(text: str, start: float) -> str:
    """Return a text with the times that it names, as HTTP writes them.

    Example:
        >>> filled("{start+60s}", 0)
        'Thu, 01 Jan 1970 00:01:00 GMT'
    """
    return _TIME.sub(lambda found: formatdate(int(start) + int(found[1] or 0), usegmt=True), text)
