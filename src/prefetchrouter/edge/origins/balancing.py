"""An origin of several hosts: which of them is asked, and what happens when one fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from prefetchrouter.edge.origin_client import OriginCall, OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins.call_log import logged_fetch
from prefetchrouter.edge.origins.upstream import NotSent, Upstream
from prefetchrouter.rules.typed_property import OriginBalancer

BALANCERS: tuple[OriginBalancer, ...] = ("primary_failover", "round_robin")
"""The ways of choosing a host that the edge knows."""

REST_SECONDS = 5.0
"""How long a host that failed is asked after all others."""

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that may be sent again although they may have had their effect (RFC 9110, section 9.2.2)."""


class LoadBalancer:
    """The hosts of one origin.

    ``primary_failover`` asks the first host while it works, ``round_robin`` each in turn. The next one is
    asked when a host cannot be reached, is too slow with the head of its answer, or answers with a status in
    `OriginRequest.failover`; not for requests whose body comes in pieces, nor for a POST that a host may have
    seen without answering. A host that failed comes after the others for some seconds.

    Args:
        name: The origin's name, for the log.
        upstreams: The hosts, at least one.
        balancer: How one is chosen.
        on_call: Is told of each request that a host got.
        clock: Seconds, as of `time.monotonic`.
    """

    def __init__(
        self,
        name: str,
        upstreams: Sequence[Upstream],
        *,
        balancer: OriginBalancer = "primary_failover",
        on_call: Callable[[OriginCall], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._upstreams = tuple(upstreams)
        self._in_turn = balancer == "round_robin"
        self._on_asked = on_call
        self._clock = clock
        self._turn = 0
        self._rests_until = [float("-inf")] * len(self._upstreams)

    async def start(self) -> None:
        """Get ready to ask."""
        for upstream in self._upstreams:
            await upstream.start()

    async def close(self) -> None:
        """End all connections."""
        for upstream in self._upstreams:
            await upstream.close()

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        """Return the answer of the first host that has one.

        Raises:
            OriginError: None has; the error is that of the host that was asked last.
        """
        order = self._order()
        repeatable = request.body is None or isinstance(request.body, bytes)
        for number in order:
            may_go_on = repeatable and number != order[-1]
            try:
                answer = await logged_fetch(self._upstreams[number], request, self._name, self._on_asked)
            except OriginError as error:
                if error.failure not in ("unreachable", "timeout"):
                    raise
                self._rests_until[number] = self._clock() + REST_SECONDS
                if not may_go_on or not (isinstance(error, NotSent) or request.method in IDEMPOTENT):
                    raise
                continue
            self._rests_until[number] = float("-inf")
            if not may_go_on or answer.status not in request.failover:
                return answer
            await answer.close()
        raise AssertionError("an origin has at least one host")

    def _order(self) -> list[int]:
        """Return the numbers of the hosts in the order in which they are to be asked."""
        count = len(self._upstreams)
        if count == 1:
            return [0]
        first = self._turn % count
        if self._in_turn:
            self._turn += 1
        now = self._clock()
        turned = [(first + step) % count for step in range(count)]
        return sorted(turned, key=lambda number: self._rests_until[number] > now)
