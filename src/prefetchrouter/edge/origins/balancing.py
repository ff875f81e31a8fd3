"""Load balancing and failover between the hosts of an origin."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from prefetchrouter.edge.origin_client import OriginCall, OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins.call_log import logged_fetch
from prefetchrouter.edge.origins.upstream import NotSent, Upstream
from prefetchrouter.rules.typed_property import OriginBalancer

BALANCERS: tuple[OriginBalancer, ...] = ("primary_failover", "round_robin")
"""The load balancing methods that the edge supports."""

REST_SECONDS = 5.0
"""How long a failed host is tried after all others."""

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Idempotent methods: a request may be sent again even if it had an effect (RFC 9110, section 9.2.2)."""


class LoadBalancer:
    """The hosts of one origin.

    ``primary_failover`` uses the first host while it works, ``round_robin`` each in turn. The next one is
    tried when a host is unreachable, too slow with the head of its response, or responds with a status in
    `OriginRequest.failover`; but not for requests whose body is streamed, nor for a POST that a host may have
    received. A host that failed comes after the others for some seconds.

    Args:
        name: The origin's name, for the log.
        upstreams: The hosts, at least one.
        balancer: How one is chosen.
        on_call: Called for each request that a host got.
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
        self._on_call = on_call
        self._clock = clock
        self._turn = 0
        self._rests_until = [float("-inf")] * len(self._upstreams)

    async def start(self) -> None:
        """Get ready for requests."""
        for upstream in self._upstreams:
            await upstream.start()

    async def close(self) -> None:
        """Close all connections."""
        for upstream in self._upstreams:
            await upstream.close()

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        """Return the response of the first host that gives one.

        Raises:
            OriginError: None does; the error is that of the host that was tried last.
        """
        order = self._order()
        repeatable = request.body is None or isinstance(request.body, bytes)
        for number in order:
            may_fail_over = repeatable and number != order[-1]
            try:
                response = await logged_fetch(self._upstreams[number], request, self._name, self._on_call)
            except OriginError as error:
                if error.failure not in ("unreachable", "timeout"):
                    raise
                self._rests_until[number] = self._clock() + REST_SECONDS
                if not may_fail_over or not (isinstance(error, NotSent) or request.method in IDEMPOTENT):
                    raise
                continue
            self._rests_until[number] = float("-inf")
            if not may_fail_over or response.status not in request.failover:
                return response
            await response.close()
        raise AssertionError("an origin has at least one host")

    def _order(self) -> list[int]:
        """Return the indexes of the hosts in the order in which they are tried."""
        count = len(self._upstreams)
        if count == 1:
            return [0]
        first = self._turn % count
        if self._in_turn:
            self._turn += 1
        now = self._clock()
        turned = [(first + step) % count for step in range(count)]
        return sorted(turned, key=lambda number: self._rests_until[number] > now)
