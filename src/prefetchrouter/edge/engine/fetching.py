"""`Fetcher`: forwards requests to origins, and follows redirects where rules say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from prefetchrouter.catalog import keys
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.engine.synthetic import refused_prefetch, synthetic_response
from prefetchrouter.edge.origin_client import OriginClient, OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.policy.forwarding import HeadersByRules, origin_headers
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import Body, EdgeRequest, EdgeResponse
from prefetchrouter.evaluation.request_key import split_client_parameters, without_own
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http.request_target import TargetRefusal, as_browsers_write, canonical_target
from prefetchrouter.http_cache.changed_fields import changed
from prefetchrouter.http_cache.storage import only_if_cached, without_only_if_cached

NOT_FOR_A_STORED_RESPONSE = frozenset(
    {"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"}
)
"""Conditions and ranges of the client: a cache leaves them out to get the complete response."""

_Result = TypeVar("_Result")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_OF_A_BODY = ("content-encoding", "content-language", "content-length", "content-type")


@dataclass(slots=True)
class Fetched:
    """A response of an origin, its body still to come, with the times that its age depends on.

    Args:
        origin_response: The response.
        response: Its status and headers, as conditions of rules see them.
        request_time: When the request was sent, in unix seconds (RFC 9111 section 4.2.3).
        response_time: When the response was received, in unix seconds.
        followed: The plan of each address that a followed redirect led to.
        by_rules: Whether the rules for such an address made the response, in place of an origin.
    """

    origin_response: OriginResponse
    response: Response
    request_time: float
    response_time: float
    followed: tuple[RequestPlan, ...] = ()
    by_rules: bool = False

    @property
    def status(self) -> int:
        """The status of the response."""
        return self.origin_response.status


class Fetcher:
    """Forwards requests to origins.

    Args:
        origins: The client of the origins.
        plan_of: Makes the plan of a request, also for the target of a redirect.
        clock: Returns the time in unix seconds.
    """

    def __init__(
        self,
        origins: OriginClient,
        plan_of: Callable[[EdgeRequest], RequestPlan],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._origins = origins
        self._plan_of = plan_of
        self._clock = clock
        self._failed: dict[str | None, float] = {}

    def failed_within(self, origin: str | None, seconds: float) -> bool:
        """Return whether an origin was unreachable within the last seconds."""
        since = self._failed.get(origin)
        return since is not None and 0 <= self._clock() - since < seconds

    def is_origin_down(self, plan: RequestPlan) -> bool:
        """Return whether the origin of a request failed, and is left alone for a while (requirement E17)."""
        seconds = plan.shared.seconds(keys.caching.revalidate_while_stale_timer)
        return seconds is not None and self.failed_within(plan.shared.decision.origin, seconds)

    async def fetch(
        self,
        plan: RequestPlan,
        trace: RequestTrace,
        *,
        body: bytes | Body | None = None,
        whole: bool = False,
        conditions: HeaderFields | None = None,
    ) -> Fetched:
        """Return the origin's response to a request.

        Args:
            plan: The request.
            trace: Where each request to an origin is recorded.
            body: The body to send.
            whole: Whether to request the complete response, without the client's conditions and ranges.
            conditions: The conditions that revalidate a stored response with a 304.

        Raises:
            OriginError: There is no response.
        """
        headers = self._headers(plan, whole=whole, conditions=conditions)
        decision = plan.shared.decision
        request = OriginRequest(
            plan.request.method, plan.request.scheme, plan.shared.target, headers, body,
            plan.shared.seconds(keys.origin.read_idle_timeout),
            frozenset(decision.get(keys.origin.origin_failover_codes) or ()), trace,
        )  # fmt: skip
        request_time = self._clock()
        found = await self._send(decision.origin, request, trace)
        followed: list[RequestPlan] = []
        by_rules = False
        if found.status in _REDIRECTS:
            found, by_rules = await self._follow(plan, request, found, trace, followed)
        response = Response(found.status, found.headers)
        return Fetched(found, response, request_time, self._clock(), tuple(followed), by_rules)

    def _headers(self, plan: RequestPlan, *, whole: bool, conditions: HeaderFields | None) -> HeaderFields:
        special = plan.shared.decision.get(keys.origin.proxy_special_headers)
        headers = origin_headers(
            plan.origin_headers,
            plan.request,
            special=None if special is None else tuple(special),
            ruled=HeadersByRules.of(plan.shared.decision),
        )
        if only_if_cached(plan.request.headers):
            headers = without_only_if_cached(headers)
        if not whole:
            return headers
        if not conditions and not headers.has_any(NOT_FOR_A_STORED_RESPONSE):
            return headers
        fields = headers.by_name()
        for name in NOT_FOR_A_STORED_RESPONSE:
            fields.pop(name, None)
        return HeaderFields.of(fields | (conditions.by_name() if conditions is not None else {}))

    async def _send(self, origin: str | None, request: OriginRequest, trace: RequestTrace) -> OriginResponse:
        name, began = origin or "origin", time.perf_counter()
        try:
            response = await self._origins.fetch(origin, request)
        except OriginError as error:
            trace.origin_calls.append(f"{name}: {error.failure}")
            if error.failure in ("unreachable", "timeout"):
                self._failed[origin] = self._clock()
            raise
        milliseconds = (time.perf_counter() - began) * 1000
        trace.origin_calls.append(f"{name}: {response.status} in {milliseconds:.0f} ms")
        trace.origin_status = response.status
        self._failed.pop(origin, None)
        return response

    async def _follow(
        self,
        plan: RequestPlan,
        request: OriginRequest,
        response: OriginResponse,
        trace: RequestTrace,
        followed: list[RequestPlan],
    ) -> tuple[OriginResponse, bool]:
        """Follow redirects by GET where rules say so, as long as they lead to hosts that the edge serves.

        The rules for each address are evaluated before a request is sent to it; a response that they make,
        such as a refusal, ends the chain. `followed` gets the plans. Returns the last response, and whether
        rules made it (requirement E31).
        """
        url = f"{plan.request.scheme}://{plan.request.host}{request.target}"
        for _ in range(_MOST_REDIRECTS):
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or location is None:
                break
            if not await _closed_on_error(response, partial(_follows, plan, response)):
                break
            await response.close()
            url, host, target = _target_of(url, location)
            if host not in plan.hosts:
                return OriginResponse(404, HeaderFields({"content-length": "0"}), _body(b"")), True
            hop = self._plan_of(_request_for(plan, host, target))
            followed.append(hop)
            if (ruled := _by_rules(hop, None)) is not None:
                trace.origin_calls.append(f"the rules for {target}: {ruled.status}")
                return ruled, True
            headers = changed(request.headers, {"host": host}, without=_OF_A_BODY)
            request = replace(request, method="GET", target=target, headers=headers, body=None)
            origin = hop.shared.decision.get(keys.origin.set_origin) or plan.shared.decision.origin
            response = await self._send(origin, request, trace)
            ruled = await _closed_on_error(response, partial(_by_rules, hop, response))
            if ruled is not None:
                await response.close()
                trace.origin_calls.append(f"the rules for {target}: {ruled.status}")
                return ruled, True
        return response, False


async def _closed_on_error(response: OriginResponse, evaluate: Callable[[], _Result]) -> _Result:
    """Evaluate rules on a response, and close it if that raises: a regular expression may take too long."""
    try:
        return evaluate()
    except BaseException:
        await response.close()
        raise


def _follows(plan: RequestPlan, response: OriginResponse) -> bool:
    decision = plan.shared.with_response(Response(response.status, response.headers))
    return decision.get(keys.url.follow_redirects) is True


def _target_of(base: str, location: str) -> tuple[str, str, str]:
    """Return URL, host and target of a redirect; the host is empty if no request can have that URL."""
    try:
        url = urljoin(base, as_browsers_write(location))
        parts = urlsplit(url)
    except ValueError:
        return base, "", "/"
    target = canonical_target(parts.path or "/", parts.query)
    if isinstance(target, TargetRefusal):
        return base, "", "/"
    query = without_own(target.query)
    return url, parts.netloc.lower(), target.path + (f"?{query}" if query else "")


def _request_for(plan: RequestPlan, host: str, target: str) -> EdgeRequest:
    """Return the request of a client that follows the redirect; a prefetch stays a prefetch."""
    path, _, query = target.partition("?")
    own = split_client_parameters(plan.request.query)[1]
    query = "&".join(part for part in (query, own) if part)
    headers = changed(plan.request.headers, {"host": host}, without=(*_OF_A_BODY, "transfer-encoding"))
    return plan.request._replace(method="GET", host=host, path=path, query=query, headers=headers, body=None)


def _by_rules(plan: RequestPlan, received: OriginResponse | None) -> OriginResponse | None:
    """Return the response that the rules for an address make, or None if they leave it to the origin."""
    response: EdgeResponse | None
    if received is None:
        response = synthetic_response(plan.shared.decision) if plan.may_fetch else refused_prefetch(plan)
    else:
        decision = plan.shared.with_response(Response(received.status, received.headers))
        response = synthetic_response(decision) if decision.denied else None
    if response is None:
        return None
    assert isinstance(response.body, bytes)
    headers = changed(response.headers, {"content-length": str(len(response.body))})
    return OriginResponse(response.status, headers, _body(response.body))


async def _body(content: bytes) -> Body:
    if content:
        yield content
