"""The edge and the model side by side, each with an origin of its own, on one clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import event

from edge.model.cache import ModelEdge
from edge.model.generate import START, Change, Step, Turn, Wait
from edge.model.origin import FORWARDED, Origin
from edge.model.plain import Answer, Ask, Asked, NoAnswer, value_of
from edge.model.rules import Rule
from prefetchrouter.edge.edge import Edge
from prefetchrouter.edge.message import (
    Body,
    EdgeRequest,
    EdgeResponse,
    OriginAnswer,
    OriginError,
    OriginRequest,
)
from prefetchrouter.http import HeaderFields
from prefetchrouter.router import Router
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
Seen = tuple[int, dict[str, str], bytes]
"""A status, the headers that are compared, and the body."""


class Different(AssertionError):
    """The edge and the model do not do the same."""


@dataclass
class Clock:
    """A clock that stands still until it is told."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Wire:
    """The model's origin, as the edge asks it."""

    origin: Origin
    clock: Clock

    async def ask(self, name: str | None, request: OriginRequest) -> OriginAnswer:
        """Answer as the origin does."""
        fields = sorted(pair for pair in request.headers.fields() if pair[0] in FORWARDED)
        asked = Asked(name, request.method, request.target, tuple(fields), await _whole(request.body))
        await asyncio.sleep(0)
        try:
            answer = self.origin.answer(self.clock(), asked)
        except NoAnswer as failure:
            raise OriginError("timeout" if failure.slow else "unreachable", str(failure)) from None
        return OriginAnswer(answer.status, HeaderFields(list(answer.headers)), _pieces(answer.body))


async def _pieces(body: bytes) -> Body:
    for at in range(0, len(body), 4):
        yield body[at : at + 4]


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
    """The edge and the model, each with an origin of its own, on one clock."""

    rules: Sequence[Rule]
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.origin, self.models = Origin(), Origin()
        self.edge = Edge(rule_set(self.rules), Wire(self.origin, self.clock), clock=self.clock)
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
            else:
                await self._request(step)
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

    async def _request(self, ask: Ask) -> None:
        fields = HeaderFields([("host", ask.host), *ask.headers])
        body = _pieces(ask.body) if ask.body else None
        request = EdgeRequest(ask.method, "http", ask.host, ask.path, ask.query, fields, body=body)
        self.origin.asked.clear()
        self.models.asked.clear()
        response, story = await self.edge.handle(request)
        whole = await _whole(response.body)
        found = _seen(response, b"" if ask.method == "HEAD" else whole)  # the server leaves it away
        await self.edge.idle()
        told = self.model.handle(ask)
        at = f"{self.clock.now - START:g} s: {ask}"
        expected = _expected(told.answer)
        if told.cache == "error" or told.answer.status == 403:
            found, expected = _wordless(found), _wordless(expected)
        _same("answer", found, expected, at)
        _same("origin traffic", self.origin.asked, self.models.asked, at)
        _same("cache", story.cache.replace("pass", "miss"), told.cache, at)
        event(f"{told.cache} {told.answer.status}")


def _same(what: str, edge: object, model: object, at: str) -> None:
    if edge != model:
        raise Different(f"{what} at {at}:\nedge:  {edge}\nmodel: {model}")


def _seen(response: EdgeResponse, body: bytes) -> Seen:
    named = {name: response.headers[name] for name in COMPARED if name in response.headers}
    return response.status, named, body


def _wordless(seen: Seen) -> Seen:
    """The same without the words, which are the edge's own."""
    status, headers, _ = seen
    return status, {name: value for name, value in headers.items() if name != "content-type"}, b""


def _expected(answer: Answer) -> Seen:
    values = ((name, value_of(answer.headers, name)) for name in COMPARED)
    return answer.status, {name: value for name, value in values if value is not None}, answer.body
