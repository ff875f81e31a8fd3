"""Edges without sockets to check: the embedded one under some rules, perhaps others than those checked."""

from __future__ import annotations

import asyncio

from edge.harness import Answer, FakeOrigin, body_of
from prefetchrouter import Property, Router, RuleSet
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.live_check import LiveReport, LiveResponse, LiveSite, check

URL = "http://localhost:8080"
SHOP = Property(hostnames=["www.shop.example"])


def rule_set(router: Router, property: Property | None = None) -> RuleSet:
    return RuleSet(rules=router.rules, property=property)


class EmbeddedEdge:
    """The embedded edge in this process; its origin answers everything with the same."""

    def __init__(self, rules: RuleSet, answer: Answer | None = None) -> None:
        self.origin = FakeOrigin()
        self.answer = answer or Answer(headers={"content-type": "text/html"})
        self._edge = Edge(rules, self.origin)
        self.sent: list[Request] = []

    def send(self, request: Request) -> LiveResponse | str:
        self.sent.append(request)
        return asyncio.run(self._respond(request))

    async def _respond(self, request: Request) -> LiveResponse:
        host = request.host or "localhost"
        target = f"{request.path}?{request.query}" if request.query else request.path
        self.origin.answers[target] = self.answer
        self.origin.answers.setdefault("", self.answer)
        headers = HeaderFields({**request.headers, "host": host})
        asked = EdgeRequest(request.method, request.scheme, host, request.path, request.query, headers)
        response, _ = await self._edge.handle(asked)
        body = await body_of(response)
        await self._edge.idle()
        return LiveResponse(response.status, response.headers, b"" if request.method == "HEAD" else body)


def checked(
    rules: Router | RuleSet,
    served: Router | RuleSet | None = None,
    *,
    answer: Answer | None = None,
    **how: object,
) -> LiveReport:
    """Check an edge under some rules, by others.

    Args:
        rules: The rules by which it is checked.
        served: The rules that it has; by default the same.
        answer: What its origin answers.
        how: Further arguments of `check`.
    """
    wanted = rules if isinstance(rules, RuleSet) else rule_set(rules)
    given = wanted if served is None else served if isinstance(served, RuleSet) else rule_set(served)
    edge = EmbeddedEdge(given, answer)
    return check(wanted, LiveSite.of(URL, wanted), edge.send, token="test", **how)  # type: ignore[arg-type]


def found(report: LiveReport) -> list[tuple[str, str, str]]:
    """Return the differences: aspect, expected, actual."""
    return [(each.aspect, each.expected, each.actual) for each in report.differences]
