"""Asks an origin what the cache does not hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from prefetchrouter.catalog import keys
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.engine.synthetic import made, refused
from prefetchrouter.edge.message import (
    Asks,
    Body,
    EdgeRequest,
    EdgeResponse,
    OriginAnswer,
    OriginError,
    OriginRequest,
    Story,
)
from prefetchrouter.edge.policy.forwarding import HeadersByRules, origin_headers
from prefetchrouter.evaluation.cache_key import split_client_parameters, without_own
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http.request_target import TargetRefusal, as_browsers_write, canonical_target
from prefetchrouter.http_cache.fields import changed

NOT_FOR_A_COPY = frozenset(
    {"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"}
)
"""What a client asks about a copy of its own; a cache that wants a whole answer leaves it out."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_OF_A_BODY = ("content-encoding", "content-language", "content-length", "content-type")


@dataclass(slots=True)
class Fetched:
    """An origin's answer, its body still to come.

    Args:
        answer: The answer.
        response: Its status and headers, as conditions ask about them.
        asked: When the origin was asked, in unix seconds.
        arrived: When its answer began to come.
        followed: What the rules make of each address that a followed redirect led to.
        by_rules: Whether the rules for such an address made the answer, in place of an origin.
    """

    answer: OriginAnswer
    response: Response
    asked: float
    arrived: float
    followed: tuple[Plan, ...] = ()
    by_rules: bool = False

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.answer.status


class Fetcher:
    """Sends requests to origins as the plan says.

    Args:
        origins: Who asks them.
        plan_of: What the rules make of a request: where a redirect leads is judged by its own rules.
        clock: Gives the time in unix seconds.
    """

    def __init__(
        self, origins: Asks, plan_of: Callable[[EdgeRequest], Plan], clock: Callable[[], float] = time.time
    ) -> None:
        self._origins = origins
        self._plan_of = plan_of
        self._clock = clock
        self._failed: dict[str | None, float] = {}

    def failed_within(self, origin: str | None, seconds: float) -> bool:
        """Return whether an origin could not be reached, not longer ago than that."""
        since = self._failed.get(origin)
        return since is not None and 0 <= self._clock() - since < seconds

    def rests(self, plan: Plan) -> bool:
        """Return whether the origin of a request failed, and is left alone for a while (rule E17)."""
        seconds = plan.seconds(keys.caching.revalidate_while_stale_timer)
        return seconds is not None and self.failed_within(plan.decision.origin, seconds)

    async def fetch(
        self,
        plan: Plan,
        story: Story,
        *,
        body: bytes | Body | None = None,
        whole: bool = False,
        conditions: HeaderFields | None = None,
    ) -> Fetched:
        """Return the origin's answer to a request.

        Args:
            plan: The request and what the rules say.
            story: Told of each request that an origin gets.
            body: The body to send.
            whole: Whether the whole answer is wanted, whatever part the client asks for.
            conditions: Under which the answer may be a 304, for a copy that is to be checked.

        Raises:
            OriginError: There is no answer.
        """
        headers = self._headers(plan, whole=whole, conditions=conditions)
        request = OriginRequest(
            plan.request.method, plan.request.scheme, plan.remembered.target, headers, body,
            plan.seconds(keys.origin.read_idle_timeout),
            frozenset(plan.decision.get(keys.origin.origin_failover_codes) or ()), story,
        )  # fmt: skip
        asked = self._clock()
        answer = await self._ask(plan.decision.origin, request, story)
        followed: list[Plan] = []
        by_rules = False
        if answer.status in _REDIRECTS:
            answer, by_rules = await self._follow(plan, request, answer, story, followed)
        response = Response(answer.status, answer.headers)
        return Fetched(answer, response, asked, self._clock(), tuple(followed), by_rules)

    def _headers(self, plan: Plan, *, whole: bool, conditions: HeaderFields | None) -> HeaderFields:
        special = plan.decision.get(keys.origin.proxy_special_headers)
        headers = origin_headers(
            plan.origin_headers,
            plan.request,
            special=None if special is None else tuple(special),
            ruled=HeadersByRules.of(plan.decision),
        )
        if not whole:
            return headers
        if not conditions and not headers.has_any(NOT_FOR_A_COPY):
            return headers
        fields = headers.by_name()
        for name in NOT_FOR_A_COPY:
            fields.pop(name, None)
        return HeaderFields.of(fields | (conditions.by_name() if conditions is not None else {}))

    async def _ask(self, origin: str | None, request: OriginRequest, story: Story) -> OriginAnswer:
        name, began = origin or "origin", time.perf_counter()
        try:
            answer = await self._origins.ask(origin, request)
        except OriginError as error:
            story.origin.append(f"{name}: {error.failure}")
            if error.failure in ("unreachable", "timeout"):
                self._failed[origin] = self._clock()
            raise
        milliseconds = (time.perf_counter() - began) * 1000
        story.origin.append(f"{name}: {answer.status} in {milliseconds:.0f} ms")
        story.answered = answer.status
        self._failed.pop(origin, None)
        return answer

    async def _follow(
        self,
        plan: Plan,
        request: OriginRequest,
        answer: OriginAnswer,
        story: Story,
        followed: list[Plan],
    ) -> tuple[OriginAnswer, bool]:
        """Follow redirects by GET where rules say so, as far as they lead to hosts that are served here.

        Each address is judged by its own rules before an origin is asked for it; what they answer themselves,
        such as a refusal, ends the way. `followed` gets the plans. Returns the last answer, and whether rules
        made it.
        """
        url = f"{plan.request.scheme}://{plan.request.host}{request.target}"
        for _ in range(_MOST_REDIRECTS):
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None or not _follows(plan, answer):
                break
            await answer.close()
            url, host, target = _led_to(url, location)
            if host not in plan.hosts:
                return OriginAnswer(404, HeaderFields({"content-length": "0"}), _body(b"")), True
            led = self._plan_of(_request_for(plan, host, target))
            followed.append(led)
            if (response := _by_rules(led, None)) is not None:
                story.origin.append(f"the rules for {target}: {response.status}")
                return response, True
            headers = changed(request.headers, {"host": host}, without=_OF_A_BODY)
            request = replace(request, method="GET", target=target, headers=headers, body=None)
            origin = led.decision.get(keys.origin.set_origin) or plan.decision.origin
            answer = await self._ask(origin, request, story)
            if (response := _by_rules(led, answer)) is not None:
                await answer.close()
                story.origin.append(f"the rules for {target}: {response.status}")
                return response, True
        return answer, False


def _follows(plan: Plan, answer: OriginAnswer) -> bool:
    return plan.on(Response(answer.status, answer.headers)).get(keys.url.follow_redirects) is True


def _led_to(base: str, location: str) -> tuple[str, str, str]:
    """Return address, host and target of a redirect; the host is empty when no request has that address."""
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


def _request_for(plan: Plan, host: str, target: str) -> EdgeRequest:
    """Return the request that a client would send if it followed the redirect; a prefetch stays one."""
    path, _, query = target.partition("?")
    own = split_client_parameters(plan.request.query)[1]
    query = "&".join(part for part in (query, own) if part)
    headers = changed(plan.request.headers, {"host": host}, without=(*_OF_A_BODY, "transfer-encoding"))
    return plan.request._replace(method="GET", host=host, path=path, query=query, headers=headers, body=None)


def _by_rules(led: Plan, answer: OriginAnswer | None) -> OriginAnswer | None:
    """Return what the rules for an address answer themselves, None when they leave it to the origin."""
    response: EdgeResponse | None
    if answer is None:
        response = made(led.decision) if led.may_fetch else refused(led)
    else:
        decision = led.on(Response(answer.status, answer.headers))
        response = made(decision) if decision.denied else None
    if response is None:
        return None
    assert isinstance(response.body, bytes)
    headers = changed(response.headers, {"content-length": str(len(response.body))})
    return OriginAnswer(response.status, headers, _body(response.body))


async def _body(content: bytes) -> Body:
    if content:
        yield content
