"""The edge as an ASGI application: from a scope to a request, from a response to messages."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from prefetchrouter.edge.clients.admission import Refusal, admit, refused_request
from prefetchrouter.edge.clients.request_body import Receive, RequestBody
from prefetchrouter.edge.clients.sending import Message, ResponseSender, Send, buffered, error_response
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, close

Handle: TypeAlias = Callable[[EdgeRequest], Awaitable[tuple[EdgeResponse, RequestTrace]]]

_log = logging.getLogger("prefetchrouter.edge")
_CLIENT_CLOSED_REQUEST = EdgeResponse(499)
"""The status that nginx logs for a client that disconnects before there is a response; it is never sent."""
_DISCONNECTED = RequestTrace("error", "the client disconnected before there was a response")


class EdgeApp:
    """An ASGI application that passes each valid request to a handler and sends the response.

    When the client disconnects, the server cancels it, and the handler with it: fetches that
    continue for the cache run in separate tasks. The body of a response is closed in every case.

    Args:
        handle: Returns the response to a request, and what happened.
        site: Scheme and host as rules see them.
        limits: How large and how slow the body of a request may be.
        on_exchange: Called when a response was sent, or can no longer be sent.
    """

    def __init__(
        self,
        handle: Handle,
        *,
        site: SiteIdentity | None = None,
        limits: Limits | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._handle = handle
        self._site = site or SiteIdentity()
        self._limits = limits or Limits()
        self._on_exchange = on_exchange

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request; refuse a WebSocket; acknowledge the lifespan messages."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1002})
        else:
            await _lifespan(receive, send)

    def report_refused(self, scope: Message, status: int, reason: str) -> None:
        """Report a request that the server refused before its head was complete.

        Args:
            scope: The part of the head that was received, as an ASGI scope.
            status: The status of the error response.
            reason: Why, in one line.
        """
        if self._on_exchange is not None:
            request = refused_request(scope, self._site)
            headers = error_response(status, reason).headers
            trace = RequestTrace("error", reason)
            self._report(Exchange(time.time(), request, status, headers, trace, 0.0, 0, "whole"))

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        now, began = time.time(), time.perf_counter()
        admitted = admit(scope, receive, site=self._site, limits=self._limits)
        response, trace = _CLIENT_CLOSED_REQUEST, _DISCONNECTED
        sender: ResponseSender | None = None
        try:
            if isinstance(admitted, Refusal):
                request, last = refused_request(scope, self._site), True
                response, trace = _refused(admitted)
            else:
                request = admitted
                response, trace, last = await self._response_to(request)
                if scope["http_version"] == "1.0" and not isinstance(response.body, bytes):
                    response = await buffered(response, self._limits.object_bytes)
            sender = ResponseSender(send, request.method, last=last)
            await sender.send(response)
        finally:
            if self._on_exchange is not None:
                self._report(
                    Exchange(
                        now,
                        request,  # pyright: ignore[reportPossiblyUnboundVariable]
                        response.status,
                        response.headers,
                        trace,
                        time.perf_counter() - began,
                        0 if sender is None else sender.size,
                        "client gone" if sender is None else sender.ended,
                    )
                )

    async def _response_to(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace, bool]:
        """Return the response, what happened, and whether the connection is closed after it."""
        response, refusal = None, None
        try:
            response, trace = await self._handle(request)
            if not 200 <= response.status <= 599:
                refusal = Refusal(502, f"{response.status} is not a valid response status")
        except Exception:
            if not isinstance(request.body, RequestBody) or request.body.error is None:
                _log.exception("%s %s failed", request.method, request.url)
            refusal = Refusal(500, "internal error of the edge; see its terminal")
        if isinstance(request.body, RequestBody) and request.body.error is not None:
            refusal = Refusal(request.body.error.status, request.body.error.reason)
        if refusal is None and response is not None:
            return response, trace, False  # pyright: ignore[reportPossiblyUnboundVariable]
        if response is not None:
            await close(response.body)
        assert refusal is not None
        return *_refused(refusal), True

    def _report(self, exchange: Exchange) -> None:
        assert self._on_exchange is not None
        try:
            self._on_exchange(exchange)
        except Exception:
            _log.exception("%s %s could not be logged", exchange.request.method, exchange.request.url)


def _refused(refusal: Refusal) -> tuple[EdgeResponse, RequestTrace]:
    reason = f"{refusal.reason}; {refusal.hint}" if refusal.hint else refusal.reason
    return error_response(refusal.status, refusal.reason), RequestTrace("error", reason)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
