"""A harness for the edge without sockets: rules, an origin that answers from a table, a clock set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.waiting import PATIENCE
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, close
from prefetchrouter.http.message import HeaderFields

Headers = Mapping[str, str | list[str]]


def pages() -> Router:
    """Return rules that keep pages for an hour, and let browsers keep them for ten minutes."""
    return Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "10m"})


PAGES = pages()


@dataclass
class Answer:
    """What an origin answers: at once, or once `gate` is open; `cut` after that many pieces."""

    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: tuple[bytes, ...] = (b"body",)
    gate: asyncio.Event | None = None
    body_gate: asyncio.Event | None = None
    cut: bool = False
    error: OriginError | None = None


@dataclass
class FakeOrigin:
    """Answers from a table of targets; remembers its requests."""

    answers: dict[str, Answer | Callable[[OriginRequest], Answer]] = field(default_factory=dict)
    asked: list[OriginRequest] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    closed: int = 0

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        self.asked.append(request)
        self.names.append(name)
        found = self.answers.get(request.target, Answer())
        answer = found if isinstance(found, Answer) else found(request)
        if answer.gate is not None:
            await answer.gate.wait()
        if answer.error is not None:
            raise answer.error
        origin = self

        class Counted(OriginResponse):
            async def close(self) -> None:
                origin.closed += 1
                await super().close()

        return Counted(answer.status, HeaderFields(answer.headers), _pieces(answer))

    @property
    def targets(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.asked]


async def _pieces(answer: Answer) -> AsyncIterator[bytes]:
    for piece in answer.body:
        await asyncio.sleep(0)
        yield piece
    if answer.body_gate is not None:
        await answer.body_gate.wait()
    if answer.cut:
        raise OriginError("cut", "the origin broke off")


@dataclass
class Got:
    """What a client got."""

    status: int
    headers: HeaderFields
    body: bytes
    trace: RequestTrace


class Harness:
    """An edge between a client and an origin, both in this process."""

    def __init__(self, rules: Router | RuleSet, *, limits: Limits | None = None, **options: Any) -> None:
        self.now = 1_800_000_000.0
        self.origin = FakeOrigin()
        rule_set = rules if isinstance(rules, RuleSet) else RuleSet(rules=rules.rules)
        self.edge = Edge(rule_set, self.origin, limits=limits, clock=lambda: self.now, **options)

    def answers(self, target: str, *body: bytes, status: int = 200, **headers: str) -> Answer:
        """Set what the origin answers; in header names, _ stands for -."""
        named: Headers = {name.replace("_", "-"): text for name, text in headers.items()}
        answer = Answer(status, named, body or (b"body",))
        self.origin.answers[target] = answer
        return answer

    async def ask(self, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
        """Ask as a client does."""
        response, trace = await self.edge.handle(request(target, method, body, **headers))
        return Got(response.status, response.headers, await body_of(response), trace)

    async def get(self, target: str, **headers: str) -> Got:
        """Ask, and wait until the edge has nothing under way."""
        got = await self.ask(target, "GET", None, **headers)
        await self.edge.idle()
        return got


def request(target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> EdgeRequest:
    """Return a request; in header names, _ stands for -."""
    path, _, query = target.partition("?")
    named = {"host": "shop.example", **{name.replace("_", "-"): text for name, text in headers.items()}}
    content = None if body is None else _once(body)
    return EdgeRequest(method, "https", "shop.example", path, query, HeaderFields(named), body=content)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def body_of(response: EdgeResponse) -> bytes:
    """Return a body, read to its end."""
    if isinstance(response.body, bytes):
        return response.body
    pieces = [piece async for piece in response.body]
    await close(response.body)
    return b"".join(pieces)


def run_scenario(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario to its end."""

    async def within_time() -> None:
        async with asyncio.timeout(PATIENCE):
            await scenario()

    asyncio.run(within_time())
