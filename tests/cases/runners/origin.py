"""The scripted origin of a case: it counts, compares and answers what an edge requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus

from cases.runners.case import Answer, Ask, filled
from cases.runners.comparing import Fields, header_problems
from edge.origins.raw_origin import RawOrigin, raw_origin, read_request

NOT_COMPARED = frozenset(
    {"host", "via", "connection", "content-length", "transfer-encoding"}
    | {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
)
"""Request headers that every proxy writes in its own way; they are compared where a case names them."""

UNEXPECTED = Answer(0, status=500, body=b"The case expects no such request.")


@dataclass(frozen=True)
class Seen:
    """A request that an origin got."""

    origin: str
    method: str
    target: str
    headers: Fields
    body: bytes

    def __str__(self) -> str:
        return " ".join(part for part in (self.origin, self.method, self.target) if part)


@dataclass
class _Expectation:
    ask: Ask
    came: int = 0


@dataclass
class Script:
    """What the origins of one case do.

    Args:
        start: When the case began, in seconds since 1970.
        added: Request headers that the engine's platform adds to every request.
    """

    start: float
    added: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    last_event: float = 0.0
    _expected: list[_Expectation] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, asks: Sequence[Ask]) -> None:
        """Expect these requests from now on, and no others but those that may still be repeated."""
        repeated = [one for one in self._expected if one.ask.times <= one.came < one.ask.at_most]
        self._expected = [*(_Expectation(ask) for ask in asks), *repeated]

    def take(self, seen: Seen) -> Answer:
        """Take a request, compare it with the expected one, and return what to do about it."""
        self.seen.append(seen)
        self.last_event = time.monotonic()
        found = self._match(seen)
        if found is None:
            self.problems.append(f"unexpected request to the origin: {seen}")
            self._changed.set()
            return UNEXPECTED
        found.came += 1
        where = f"line {found.ask.line}, request to the origin"
        ignored = NOT_COMPARED | self.added
        self.problems += [
            f"{where}: {problem}"
            for problem in header_problems(found.ask.headers, seen.headers, ignored, self.start)
        ]
        if seen.body != found.ask.body:
            self.problems.append(f"{where}: body {seen.body!r} instead of {found.ask.body!r}")
        self._changed.set()
        answer = found.ask.answer
        if answer.behaviour == "held-drops" and found.came > found.ask.times:
            return replace(answer, behaviour="drops")  # it comes after the release of the first
        return answer

    @property
    def gate(self) -> asyncio.Event:
        """What is set at the next `release`."""
        return self._released

    async def over(self) -> None:
        """Wait for the end of the case."""
        await self._over.wait()

    def release(self) -> None:
        """Release what is held now."""
        self._released.set()
        self._released = asyncio.Event()

    def close(self) -> None:
        """End the case: nothing is held any longer."""
        self._released.set()
        self._over.set()

    def missing(self) -> list[str]:
        """Return the expected requests that have not come."""
        return [
            f"line {one.ask.line}: no request {one.ask.method} {one.ask.target} to the origin"
            + (f", {one.came} of {one.ask.times} times" if one.ask.times > 1 else "")
            for one in self._expected
            if one.came < one.ask.times
        ]

    async def arrived(self, patience: float) -> None:
        """Wait until all expected requests have come, or patience ends."""
        end = time.monotonic() + patience
        while self.missing() and time.monotonic() < end:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(0.5, max(0.0, end - time.monotonic())))
            except TimeoutError:
                continue

    def _match(self, seen: Seen) -> _Expectation | None:
        alike = [
            one
            for one in self._expected
            if (one.ask.method, one.ask.target) == (seen.method, seen.target)
            and one.ask.origin in ("", seen.origin)
            and one.came < one.ask.at_most
        ]
        ignored = NOT_COMPARED | self.added

        def order(one: _Expectation) -> tuple[bool, int]:
            problems = header_problems(one.ask.headers, seen.headers, ignored, self.start)
            return one.came >= one.ask.times, len(problems) + (seen.body != one.ask.body)

        return min(alike, key=order, default=None)

    def answer_headers(self, answer: Answer, now: float) -> list[tuple[str, str]]:
        """Return the headers of an answer, with `date` unless it names one or says `x-no-date`."""
        sent = [(name, filled(text, self.start)) for name, text in answer.headers]
        names = {name for name, _ in sent}
        if "date" not in names and "x-no-date" not in names:
            sent.append(("date", formatdate(int(now), usegmt=True)))
        has_body = answer.status not in (204, 304)
        if has_body and not names & {"content-length", "transfer-encoding"}:
            sent.append(("content-length", str(len(answer.body) + answer.is_cut)))
        return [pair for pair in sent if pair[0] != "x-no-date"]


class OriginServers:
    """Origins on sockets, one for each name; each case that runs has a script, by its host."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}
        self.urls: dict[str, str] = {}
        self.is_of_one_case = False

    def script_for(self, seen: Seen) -> Script | None:
        """Return the script of the case that a request belongs to: by its host, unless there is one alone."""
        if self.is_of_one_case:
            return next(iter(self.scripts.values()), None)
        hosts = dict(seen.headers)
        for name in ("x-forwarded-host", "host"):
            found = self.scripts.get(hosts.get(name, "").partition(":")[0])
            if found is not None:
                return found
        return None

    async def serve(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: RawOrigin
    ) -> None:
        """Answer the requests of one connection."""
        while True:
            await read_request(reader, raw)
            seen = _seen(name, raw.heads[-1], raw.bodies[-1])
            script = self.script_for(seen)
            if script is None or not await _answer(script, seen, writer):
                return


async def _answer(script: Script, seen: Seen, writer: asyncio.StreamWriter) -> bool:
    """Answer one request, and return whether the connection goes on."""
    answer, gate = script.take(seen), script.gate
    if answer.behaviour in ("held", "held-drops"):
        await gate.wait()
    if answer.behaviour in ("drops", "held-drops"):
        return False
    if answer.behaviour == "hangs":
        await script.over()
        return False
    headers = script.answer_headers(answer, time.time())
    is_chunked = ("transfer-encoding", "chunked") in headers
    bodiless = seen.method == "HEAD" or answer.status == 304
    head = f"HTTP/1.1 {answer.status} {_phrase(answer.status)}\r\n"
    head += "".join(f"{name}: {text}\r\n" for name, text in headers) + "\r\n"
    writer.write(head.encode())
    if answer.behaviour == "held-body":
        await writer.drain()
        await gate.wait()
    if not bodiless:
        body = answer.body
        if is_chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"[
                : 0 if answer.is_cut else 5
            ]
        writer.write(body)
    await writer.drain()
    return not answer.is_cut


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _seen(name: str, head: bytes, body: bytes) -> Seen:
    first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")[:-2]
    method, target, _ = (*first.split(" "), "", "")[:3]
    pairs = tuple((own.lower(), text.strip()) for own, _, text in (line.partition(":") for line in lines))
    return Seen(name, method, target, pairs, body)


@asynccontextmanager
async def origin_servers(names: Sequence[str]) -> AsyncIterator[OriginServers]:
    """Run origins of these names until the end of the block."""
    servers = OriginServers()
    async with AsyncExitStack() as stack:
        for name in dict.fromkeys(("", *names)):

            async def script(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: RawOrigin, name: str = name
            ) -> None:
                await servers.serve(name, reader, writer, raw)

            servers.urls[name] = (await stack.enter_async_context(raw_origin(script))).url
        yield servers


def ports(urls: Mapping[str, str]) -> dict[str, str]:
    """Return the port of each origin."""
    return {name: url.rpartition(":")[2] for name, url in urls.items()}
