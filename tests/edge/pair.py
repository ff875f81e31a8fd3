"""The edge and the model side by side, each with its own origin, on one clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from edge.model.cache import ModelEdge
from edge.model.origin import FORWARDED, Origin
from edge.model.plain import Answer, Ask, NoAnswer, OriginCall, value_of
from edge.model.random_steps import START, Change, Step, Turn, Wait
from edge.model.rules import Rule
from prefetchrouter.authoring.router import Router
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.requests import Body, EdgeRequest
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.rule_set import RuleSet

COMPARED = (
    "age",
    "cache-control",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "location",
    "set-cookie",
    "vary",
    "x-more",
    "x-own",
    "x-sw-cache-control",
    "x-version",
)


class Different(AssertionError):
    """The edge and the model do not do the same."""


@dataclass(frozen=True)
class Seen:
    """What a client gets: a status, the headers that are compared, and the body as far as it came."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    broken: bool = False


@dataclass
class Clock:
    """A clock that stands still until it is reported."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Wire:
    """The model's origin, as the edge asks it."""

    origin: Origin
    clock: Clock
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the origin may answer."""

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        """Answer as the origin does."""
        fields = sorted(pair for pair in request.headers.fields() if pair[0] in FORWARDED)
        asked = OriginCall(name, request.method, request.target, tuple(fields), await _whole(request.body))
        await self.gate.wait()
        try:
            answer = self.origin.answer(self.clock(), asked)
        except NoAnswer as failure:
            raise OriginError("timeout" if failure.slow else "unreachable", str(failure)) from None
        body = _pieces(answer.body, broken=answer.broken)
        return OriginResponse(answer.status, HeaderFields(list(answer.headers)), body)


async def _pieces(body: bytes, *, broken: bool = False) -> Body:
    for at in range(0, len(body), 4):
        await asyncio.sleep(0)
        yield body[at : at + 4]
    if broken:
        raise OriginError("cut", "it broke off")


async def _whole(body: Body | bytes | None) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return b"".join([piece async for piece in body])


def rule_set(rules: Sequence[Rule]) -> RuleSet:
    """The same rules as the edge reads them."""
    router = Router()
    for rule in rules:
        features = {section: dict(values) for section, values in rule.features.items()}
        if rule.where == "status":
            router.catch(int(rule.what), features)  # type: ignore[arg-type]
            continue
        criteria: dict[str, object] = {}
        if rule.where != "all":
            criteria["path"] = rule.what if rule.where == "path" else f"{rule.what}/:rest*"
        if rule.method is not None:
            criteria["method"] = rule.method
        if rule.header is not None:
            criteria["headers"] = {rule.header[0]: rule.header[1]}
        router.match(criteria, features)  # type: ignore[arg-type]
    return RuleSet(rules=router.rules)


@dataclass
class Pair:
    """The edge and the model, each with its own origin, on one clock."""

    rules: Sequence[Rule]
    clock: Clock = field(default_factory=Clock)
    outcomes: list[str] = field(default_factory=list)
    """What became of each request: cache status and status."""

    def __post_init__(self) -> None:
        self.origin, self.models = Origin(), Origin()
        self.wire = Wire(self.origin, self.clock)
        self.edge = Edge(rule_set(self.rules), self.wire, clock=self.clock)
        self.model = ModelEdge(self.rules, self.models, self.clock)

    async def follow(self, steps: Sequence[Step]) -> None:
        """Take all steps, and compare after each request.

        Raises:
            Different: The edge and the model differ.
        """
        for step in steps:
            if isinstance(step, Wait):
                self._wait(step)
            elif isinstance(step, Change):
                self.origin.pages[step.path] = self.models.pages[step.path] = step.page
            elif isinstance(step, Turn):
                self.origin.state = self.models.state = step.state
            elif isinstance(step, Ask):
                await self._requests(step, 1)
            else:
                await self._requests(step.ask, step.times)
        await self.edge.close()

    def _wait(self, step: Wait) -> None:
        if step.towards is None:
            self.clock.now += step.seconds
            return
        copies = [copy for kept in self.model.copies.values() for copy in kept]
        moments = {end for copy in copies for end in (copy.terms.fresh, copy.terms.stale, copy.terms.error)}
        coming = sorted(moment for moment in moments if moment > self.clock.now)
        if coming:
            chosen = coming[step.towards % len(coming)] + step.seconds
            self.clock.now = max(self.clock.now, chosen)

    async def _requests(self, ask: Ask, times: int) -> None:
        self.origin.asked.clear()
        self.models.asked.clear()
        self.wire.gate.clear()
        under_way = [asyncio.create_task(self._request(ask)) for _ in range(times)]
        await self._begun()
        self.wire.gate.set()
        found = await asyncio.gather(*under_way)
        await self._over()
        told = self.model.handle_at_once(ask, times)
        at = f"{self.clock.now - START:g} s: {times} times {ask}"
        same("origin traffic", self.origin.asked, self.models.asked, at)
        for (seen, cache), expected in zip(sorted(found, key=_by_cache), told, strict=True):
            same("cache", cache, expected.cache, at)
            same(
                "answer",
                compared_answer(seen, cache),
                compared_answer(expected_answer(expected.answer), cache),
                at,
            )
            self.outcomes.append(f"{cache} {seen.status}")

    async def _begun(self) -> None:
        """Return when nothing moves but what waits for the origin."""
        for _ in range(10):
            await asyncio.sleep(0)

    async def _over(self) -> None:
        """Return when nothing is in flight."""
        await self.edge.idle()

    async def _request(self, ask: Ask) -> tuple[Seen, str]:
        fields = HeaderFields([("host", ask.host), *ask.headers])
        body = _pieces(ask.body) if ask.body else None
        request = EdgeRequest(ask.method, "http", ask.host, ask.path, ask.query, fields, body=body)
        response, trace = await self.edge.handle(request)
        whole, broken = await _read(response.body)
        named = {name: response.headers[name] for name in COMPARED if name in response.headers}
        is_head = ask.method == "HEAD"  # the server leaves the body away
        seen = Seen(response.status, named, b"" if is_head else whole, broken and not is_head)
        return seen, trace.cache.replace("pass", "miss")


def _by_cache(found: tuple[Seen, str]) -> bool:
    return found[1] == "coalesced"


async def _read(body: Body | bytes) -> tuple[bytes, bool]:
    """The body as far as it came, and whether it broke off."""
    if isinstance(body, bytes):
        return body, False
    found = b""
    try:
        async for piece in body:
            found += piece
    except OriginError:
        return found, True
    return found, False


def same(what: str, edge: object, model: object, at: str) -> None:
    """Raise `Different` unless the edge and the model do the same."""
    if edge != model:
        raise Different(f"{what} at {at}:\nedge:  {edge}\nmodel: {model}")


def compared_answer(seen: Seen, cache: str) -> Seen:
    """The same without the words that are the edge's own."""
    if cache != "error" and seen.status != 403:
        return seen
    named = {name: value for name, value in seen.headers.items() if name != "content-type"}
    return Seen(seen.status, named)


def expected_answer(answer: Answer) -> Seen:
    """What a client sees of the model's answer."""
    values = ((name, value_of(answer.headers, name)) for name in COMPARED)
    named = {name: value for name, value in values if value is not None}
    return Seen(answer.status, named, answer.body, answer.broken)
