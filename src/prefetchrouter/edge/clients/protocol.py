"""The connection of a client: uvicorn's protocol, with limits of time and size, and stricter parsing."""

# uvicorn says that there may be no parser; there is one from the first byte on.
# pyright: reportOptionalMemberAccess=false

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from prefetchrouter.edge.clients.head_checks import HeadError, head_error, origin_form
from prefetchrouter.edge.clients.lingering import LingeringTransport
from prefetchrouter.edge.clients.sending import error_lines
from prefetchrouter.edge.limits import Limits

_SILENT = logging.Logger("uvicorn", logging.CRITICAL + 1)
_BODY_LEFT_UNREAD = 1024 * 1024
_LINGER_SECONDS = 1.0


class BadRequest(Exception):
    """Malformed or unsupported request."""


class EdgeProtocol(HttpToolsProtocol):
    """One connection.

    An invalid request closes the connection: nothing after it is parsed as a request, since both ends may
    disagree on where it begins (request smuggling). Requests before it are answered first.

    Args:
        config: Uvicorn's, loaded.
        state: Uvicorn's, with all connections of the server.
        limits: The largest head, and the time limits of a client.
        on_refused: Called for a request that is refused before its head is complete, with the part that was
            received as an ASGI scope, the status and the reason.

    Source: RFC 9112, sections 3.2, 6 and 9.
    """

    def __init__(
        self,
        config: Config,
        state: ServerState,
        limits: Limits,
        on_refused: Callable[[dict[str, Any], int, str], None] | None = None,
    ) -> None:
        super().__init__(config, state, {})
        self.logger = _SILENT
        self.access_log = False
        self._limits = limits
        self._on_refused = on_refused
        self._error: HeadError | None = None
        self._ignore_input = False
        self._in_head = False
        self._in_message = False
        self._begun = 0
        self._head_before = 0
        self._chunk = 0
        self._unread = 0
        self._running: RequestResponseCycle | None = None
        self._task: asyncio.Task[None] | None = None
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._closing = False
        self.lost = asyncio.Event()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request; refuse the client when there are too many connections."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._lingering = LingeringTransport(self.transport, self.end)
        if len(self.connections) > self._limits.connections:
            self._refuse(503, "too many connections")
        else:
            self._set_deadline(self._limits.request_head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the running request of this client."""
        for timer in (self._timer, self._write_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._write_timer = self._deadline = None
        self._ignore_input = self._closing = True
        super().connection_lost(exc)
        self.pipeline.clear()
        self._stop_running()
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        """Parse received bytes; refuse malformed requests and heads over the limit."""
        if self._ignore_input:
            return
        was_in_head, was_in_message = self._in_head, self._in_message
        self._begun, self._chunk = 0, len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ignore_input = True
            return
        except httptools.HttpParserError as error:
            self._refuse(*(self._error or (400, f"invalid HTTP/1.1: {error}")))
            return
        if self._in_head:
            if self._begun == 0 and was_in_head:
                self._head_before += len(data)
            else:
                self._head_before = len(data) if self._begun == 1 and not was_in_message else 0
                self._set_deadline(self._limits.request_head_seconds)
            if self._head_before > self._limits.header_bytes:
                self._refuse(431, f"the request head is larger than {self._limits.header_bytes} bytes")

    def pause_writing(self) -> None:
        """Start the time limit for a client that does not read."""
        super().pause_writing()
        self._watch_writing(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop that time limit: the client has read enough."""
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    # What the parser calls

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = self._in_message = True
        self._begun += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is complete: start the request, or refuse it.

        Raises:
            BadRequest: It is refused.
        """
        if self._ignore_input:
            raise BadRequest("the connection is closing")
        if self.url[:1] != b"/":
            self.url, self.headers[:] = origin_form(self.url, self.headers, self.parser.get_http_version())
        self._check_head()
        self._in_head = False
        self._deadline = None
        self._head_before = 0
        upgrade = self.parser.should_upgrade()
        super().on_headers_complete()
        self.cycle.logger = _SILENT
        if upgrade:
            self.cycle.keep_alive = False
        self.cycle.transport = cast(asyncio.Transport, self._lingering)

    def on_body(self, body: bytes) -> None:
        """A piece of a body arrived: pass it on, or discard it when the response is already complete."""
        if self.cycle.response_complete:
            self._unread += len(body)
            self._set_deadline(self._limits.request_body_seconds)
            if self._unread > _BODY_LEFT_UNREAD:
                self.end()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._in_message = False
        if self.cycle.response_complete:
            self._set_deadline(self._limits.idle_seconds)
        super().on_message_complete()

    # What uvicorn calls

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        self._task = task = self.loop.create_task(cycle.run_asgi(app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def on_response_complete(self) -> None:
        """A response was sent: start the next pipelined request, send a pending error, or wait."""
        self.server_state.total_requests += 1
        self._unread = 0
        if self._closing:
            return
        if self.transport.is_closing():
            self._close()
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._error is not None:
            self._send_error()
        elif self._in_message and not self._in_head:
            self._set_deadline(self._limits.request_body_seconds)
        elif not self._in_head:
            self._set_deadline(self._limits.idle_seconds)

    @property
    def is_idle(self) -> bool:
        """Whether it is kept alive without a request: closing it only makes the client connect again."""
        running = self._running
        return running is not None and running.response_complete and not self._in_message

    def abort(self) -> None:
        """Close the connection at once, without finishing the response."""
        self.transport.abort()

    def end(self) -> None:
        """Close the connection with a lingering close: stop writing, and discard input for a moment.

        A connection that is closed with unread input is reset, and then the client may lose the response
        that it was sent (RFC 9112, section 9.6).
        """
        if self._closing:
            return
        self._ignore_input = self._closing = True
        self._lingering.flush()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._set_deadline(_LINGER_SECONDS)
        else:
            self._close()

    # Errors

    def _check_head(self) -> None:
        limit = self._limits.header_bytes
        self._error = head_error(
            self.parser.get_method(),
            self.url,
            self.headers,
            most=limit if self._head_before + self._chunk > limit else 0,
            upgrade=self.parser.should_upgrade(),
        )
        if self._error is not None:
            raise BadRequest(self._error[1])

    def _refuse(self, status: int, reason: str) -> None:
        """Stop parsing, answer the complete requests, and then send the error."""
        if self._closing:
            return
        self._error = status, reason
        self._ignore_input = True
        self._deadline = None
        if self._on_refused is not None and (self._in_head or not self._in_message):
            self._on_refused(self._refused_scope(), status, reason)
        if self._in_message and not self._in_head and not self._cancel_request(self.cycle):
            self._close()
        elif self._running is None or self._running.response_complete or self._running.disconnected:
            self._send_error()

    def _refused_scope(self) -> dict[str, Any]:
        """Return the received part of the refused head, as an ASGI scope."""
        target, _, query = (self.url if self._in_head else b"").partition(b"?")
        return {
            "method": self.parser.get_method().decode("latin-1") if target else "-",
            "http_version": "1.1",
            "raw_path": target,
            "query_string": query,
            "headers": list(self.headers) if self._in_head else [],
            "client": self.client,
        }

    def _cancel_request(self, cycle: RequestResponseCycle) -> bool:
        """Cancel a request whose body will not be complete; return False if its response has started."""
        if cycle.response_complete:
            return True
        if self.pipeline and self.pipeline[0][0] is cycle:
            self.pipeline.popleft()
            return True
        if cycle.response_started:
            return False
        self._stop_running()
        return True

    def _send_error(self) -> None:
        assert self._error is not None
        self._lingering.flush()
        self.transport.write(STATUS_LINE[self._error[0]] + error_lines(*self._error))
        self.end()

    def _stop_running(self) -> None:
        running = self._running
        if running is not None and not running.response_complete and self._task is not None:
            running.disconnected = True
            running.message_event.set()
            self._task.cancel()

    # Time limits

    def _set_deadline(self, seconds: float) -> None:
        # Most deadlines only move later. The running timer is kept then, and looks again when it fires:
        # cancelling and creating a timer for each request would cost more than parsing it.
        self._deadline = deadline = self.loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= deadline:
                return
            self._timer.cancel()
        self._timer = self.loop.call_at(deadline, self._on_deadline)

    def _on_deadline(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self.loop.time() < self._deadline:
            self._timer = self.loop.call_at(self._deadline, self._on_deadline)
        elif self._in_head and not self._closing:
            limit = self._limits.request_head_seconds
            self._refuse(408, f"the request head took longer than {limit:g} seconds")
        else:
            self._close()

    def _close(self) -> None:
        self._ignore_input = self._closing = True
        self._deadline = None
        self._lingering.flush()
        self.transport.close()
        if self._write_timer is None:
            self._watch_writing(self.transport.get_write_buffer_size())

    def _watch_writing(self, unwritten: int) -> None:
        def check_progress() -> None:
            now = self.transport.get_write_buffer_size()
            if now >= unwritten:
                self.transport.abort()
            else:
                self._watch_writing(now)

        if self._write_timer is not None:
            self._write_timer.cancel()
        self._write_timer = self.loop.call_later(self._limits.write_seconds, check_progress)
