"""Several hosts of one origin, with hosts that do as they are reported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from edge.origins.raw_origin import get
from prefetchrouter.edge.origin_client import (
    OriginCall,
    OriginError,
    OriginFailure,
    OriginRequest,
    OriginResponse,
)
from prefetchrouter.edge.origins.balancing import REST_SECONDS, LoadBalancer
from prefetchrouter.edge.origins.upstream import NotSent
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.typed_property import OriginBalancer


class Body:
    """No body, but one that knows whether it was closed."""

    closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self.closed = True


class Told:
    """A upstream that answers with a status, or fails."""

    def __init__(self, name: str, outcome: int | OriginError = 200) -> None:
        self.name = name
        self.outcome = outcome
        self.answers: list[Body] = []

    def address(self, scheme: str) -> str:
        return f"{scheme}://{self.name}"

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        if isinstance(self.outcome, OriginError):
            raise self.outcome
        self.answers.append(Body())
        return OriginResponse(self.outcome, HeaderFields({"from": self.name}), self.answers[-1])


def failing(failure: OriginFailure) -> OriginError:
    return OriginError(failure, failure)


class Site:
    """Three hosts, a clock, and the log."""

    def __init__(self, balancer: OriginBalancer, *outcomes: int | OriginError) -> None:
        self.hosts = [Told(f"{number}", outcome) for number, outcome in enumerate(outcomes)]
        self.now = 0.0
        self.log: list[OriginCall] = []
        self.balanced = LoadBalancer(
            "web", self.hosts, balancer=balancer, on_call=self.log.append, clock=lambda: self.now
        )

    def fetch(self, request: OriginRequest | None = None) -> str:
        """Return which hosts were asked, and what came of it."""
        self.log.clear()
        try:
            answer = asyncio.run(self.balanced.fetch(request or get("/a?b")))
            outcome = str(answer.status)
        except OriginError as error:
            outcome = error.failure
        hosts = "".join(asked.url[len("http://") : -len("/a?b")] for asked in self.log)
        return f"{hosts} {outcome}"


def test_the_first_host_answers_while_it_works() -> None:
    site = Site("primary_failover", 200, 200)

    assert [site.fetch(), site.fetch()] == ["0 200", "0 200"]


@pytest.mark.parametrize("failure", ["unreachable", "timeout"])
def test_a_host_that_fails_is_replaced_and_rests(failure: OriginFailure) -> None:
    site = Site("primary_failover", failing(failure), 200, 200)
    assert site.fetch() == "01 200"
    site.hosts[0].outcome = 200
    site.now = REST_SECONDS - 0.1
    assert site.fetch() == "1 200"
    site.now = REST_SECONDS
    assert site.fetch() == "0 200"


@pytest.mark.parametrize("failure", ["garbage", "too-large", "cut"])
def test_nonsense_is_not_asked_for_elsewhere(failure: OriginFailure) -> None:
    assert Site("primary_failover", failing(failure), 200).fetch() == f"0 {failure}"


def test_when_all_fail_the_last_error_is_reported_and_all_are_asked_again() -> None:
    site = Site("primary_failover", failing("unreachable"), failing("timeout"))

    assert [site.fetch(), site.fetch()] == ["01 timeout", "01 timeout"]
    site.hosts[1].outcome = 200
    assert site.fetch() == "01 200"


def test_statuses_that_lead_to_the_next_host() -> None:
    site = Site("primary_failover", 503, 404, 503)

    assert site.fetch() == "0 503"
    assert site.fetch(replace(get("/a?b"), failover=frozenset({503}))) == "01 404"
    assert site.fetch(replace(get("/a?b"), failover=frozenset({503, 404}))) == "012 503"
    assert [body.closed for host in site.hosts for body in host.answers[-1:]] == [True, True, False]
    assert site.fetch(replace(get("/a?b", "POST"), body=b"x", failover=frozenset({503}))) == "01 404"


async def _stream() -> AsyncIterator[bytes]:
    yield b"x"


def test_a_streamed_body_is_sent_to_one_host_only() -> None:
    streamed = replace(get("/a?b", "PUT"), body=_stream(), failover=frozenset({503}))

    assert Site("primary_failover", 503, 200).fetch(streamed) == "0 503"
    assert Site("primary_failover", NotSent("unreachable", ""), 200).fetch(streamed) == "0 unreachable"


@pytest.mark.parametrize(
    "method, error, outcome",
    [
        ("POST", failing("timeout"), "0 timeout"),
        ("POST", failing("unreachable"), "0 unreachable"),
        ("PATCH", failing("timeout"), "0 timeout"),
        ("POST", NotSent("unreachable", ""), "01 200"),
        ("POST", NotSent("timeout", ""), "01 200"),
        ("PUT", failing("timeout"), "01 200"),
        ("GET", failing("timeout"), "01 200"),
    ],
)
def test_what_may_have_had_its_effect_is_not_sent_again(
    method: str, error: OriginError, outcome: str
) -> None:
    assert Site("primary_failover", error, 200).fetch(replace(get("/a?b", method), body=b"x")) == outcome


def test_each_in_turn() -> None:
    site = Site("round_robin", 200, 200, 200)

    assert [site.fetch() for _ in range(4)] == ["0 200", "1 200", "2 200", "0 200"]


def test_each_in_turn_except_for_those_that_fail() -> None:
    site = Site("round_robin", 200, failing("unreachable"), 200)

    assert [site.fetch() for _ in range(5)] == ["0 200", "12 200", "2 200", "0 200", "2 200"]
    site.now = REST_SECONDS
    site.hosts[1].outcome = 200
    assert [site.fetch() for _ in range(3)] == ["2 200", "0 200", "1 200"]


def test_the_log_reports_each_request() -> None:
    site = Site("primary_failover", failing("timeout"), 404)
    site.fetch(get("/a?b", "HEAD"))

    assert [(asked.origin, asked.url, asked.method, asked.status, asked.failure) for asked in site.log] == [
        ("web", "http://0/a?b", "HEAD", None, "timeout"),
        ("web", "http://1/a?b", "HEAD", 404, None),
    ]
    assert all(asked.time > 1_700_000_000 and 0 <= asked.seconds < 1 for asked in site.log)
