"""The edge as an ASGI application: from a scope to a request, from a response to messages."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from prefetchrouter.edge.clients.admission import Refusal, admit, as_heard
from prefetchrouter.edge.clients.request_body import Receive, RequestBody
from prefetchrouter.edge.clients.sending import Message, Send, Sending, gathered, refusal_of
from prefetchrouter.edge.hosts import Presented
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import EdgeRequest, EdgeResponse, Story, close
from prefetchrouter.edge.telling.exchange import Exchange

Handle: TypeAlias = Callable[[EdgeRequest], Awaitable[tuple[EdgeResponse, Story]]]

_log = logging.getLogger("prefetchrouter.edge")
_LEFT = EdgeResponse(499)
_NO_STORY = Story("error", "the client left before there was an answer")


class EdgeApp:
    """An ASGI application that gives each sound request to a function and sends what that returns.

    Its server cancels it when the client leaves, and `handle` with it: what is to go on for the cache runs in
    a task of its own. The body of a response is closed in every case.

    Args:
        handle: Answers a request, and tells what happened.
        presented: What rules are to see as scheme and host.
        limits: How large and slow the body of a request may be.
        told: Called when a response was sent, or can no longer be sent.
    """

    def __init__(
        self,
        handle: Handle,
        *,
        presented: Presented | None = None,
        limits: Limits | None = None,
        told: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._handle = handle
        self._presented = presented or Presented()
        self._limits = limits or Limits()
        self._told = told

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request; refuse a WebSocket; have nothing to do when the server starts and stops."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1002})
        else:
            await _live(receive, send)

    def refused(self, scope: Message, status: int, reason: str) -> None:
        """Tell a request that the server refused before it was a request.

        Args:
            scope: As much of it as came, as an ASGI scope.
            status: The status of the answer.
            reason: Why, in one line.
        """
        if self._told is not None:
            request = as_heard(scope, self._presented)
            headers = refusal_of(status, reason).headers
            story = Story("error", reason)
            self._tell(Exchange(time.time(), request, status, headers, story, 0.0, 0, "whole"))

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        now, began = time.time(), time.perf_counter()
        admitted = admit(scope, receive, presented=self._presented, limits=self._limits)
        response, story = _LEFT, _NO_STORY
        sending: Sending | None = None
        try:
            if isinstance(admitted, Refusal):
                request, last = as_heard(scope, self._presented), True
                response, story = _refused(admitted)
            else:
                request = admitted
                response, story, last = await self._response_to(request)
                if scope["http_version"] == "1.0" and not isinstance(response.body, bytes):
                    response = await gathered(response, self._limits.object_bytes)
            sending = Sending(send, request.method, last=last)
            await sending.response(response)
        finally:
            if self._told is not None:
                self._tell(
                    Exchange(
                        now,
                        request,
                        response.status,
                        response.headers,
                        story,
                        time.perf_counter() - began,
                        0 if sending is None else sending.size,
                        "client gone" if sending is None else sending.ended,
                    )
                )

    async def _response_to(self, request: EdgeRequest) -> tuple[EdgeResponse, Story, bool]:
        """Return the response, what happened, and whether the connection ends with it."""
        response, refusal = None, None
        try:
            response, story = await self._handle(request)
            if not 200 <= response.status <= 599:
                refusal = Refusal(502, f"{response.status} is no status of a response")
        except Exception:
            if not isinstance(request.body, RequestBody) or request.body.error is None:
                _log.exception("%s %s could not be answered", request.method, request.url)
            refusal = Refusal(500, "the edge failed, and its terminal says why")
        if isinstance(request.body, RequestBody) and request.body.error is not None:
            refusal = Refusal(request.body.error.status, request.body.error.reason)
        if refusal is None and response is not None:
            return response, story, False
        if response is not None:
            await close(response.body)
        assert refusal is not None
        return *_refused(refusal), True

    def _tell(self, exchange: Exchange) -> None:
        assert self._told is not None
        try:
            self._told(exchange)
        except Exception:
            _log.exception("%s %s could not be told", exchange.request.method, exchange.request.url)


def _refused(refusal: Refusal) -> tuple[EdgeResponse, Story]:
    reason = f"{refusal.reason}; {refusal.hint}" if refusal.hint else refusal.reason
    return refusal_of(refusal.status, refusal.reason), Story("error", reason)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
