"""One connection to an origin: one request after the other, each with its response."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import cast

from prefetchrouter.edge.origins.incoming_response import IncomingResponse


class OriginConnection(asyncio.Protocol):
    """Sends requests, and passes received bytes to the response of the current one.

    It is not used again if anything is in doubt: an incomplete response or request, bytes after a response,
    or bytes without a request.

    Args:
        most: The largest head of a response, in bytes.
        on_free: Called when it can carry another request.
        on_lost: Called when it is closed.
    """

    def __init__(
        self,
        most: int,
        on_free: Callable[[OriginConnection], None],
        on_lost: Callable[[OriginConnection], None],
    ) -> None:
        self._most = most
        self._on_free = on_free
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._answer: IncomingResponse | None = None
        self._upload: asyncio.Task[None] | None = None
        self._can_write: asyncio.Event | None = None
        self.lost = asyncio.Event()
        self.is_usable = True
        """Whether it can carry another request after the current one."""
        self.has_served = False
        """Whether it has carried a request already."""
        self.free_since = 0.0
        """Since when it has been idle, in seconds of the event loop."""

    def send(self, method: str, head: bytes, upload: AsyncIterator[bytes] | None) -> IncomingResponse:
        """Send a request; return its response, which has yet to arrive.

        Args:
            method: The method.
            head: The head.
            upload: The body, framed; None without one.
        """
        assert self._answer is None
        assert self._transport is not None
        self._answer = answer = IncomingResponse(method, self._most, self._pause)
        if self._transport.is_closing() or not self.is_usable:
            answer.ended(None)
            return answer
        self._transport.write(head)
        if upload is not None:
            self._upload = asyncio.get_running_loop().create_task(self._send_body(answer, upload))
        return answer

    def abort(self) -> None:
        """Abort it."""
        self.is_usable = False
        if self._upload is not None:
            self._upload.cancel()
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is established."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse received bytes; abort when they are invalid, or when no request is pending."""
        answer = self._answer
        if answer is None:  # no request is pending: the next one would get these bytes as its response
            self.abort()
            return
        had_head = answer.has_head
        try:
            answer.feed(data)
        except Exception as error:
            answer.fail(error)
            self._answer = None
            self.abort()
            return
        if answer.is_over:
            self._finish(answer)
        if had_head:
            answer.wake()
        elif answer.has_head and not answer.head.done():
            answer.head.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The connection is closed."""
        self.is_usable = False
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.ended(error)
        if self._upload is not None:
            self._upload.cancel()
        self.resume_writing()
        self.lost.set()
        self._on_lost(self)

    def pause_writing(self) -> None:
        """The write buffer is full."""
        self._can_write = asyncio.Event()

    def resume_writing(self) -> None:
        """The write buffer has room again."""
        if self._can_write is not None:
            self._can_write.set()
            self._can_write = None

    def _pause(self, is_paused: bool) -> None:
        if self._transport is not None and not self._transport.is_closing():
            if is_paused:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _finish(self, answer: IncomingResponse) -> None:
        self._answer = None
        self.has_served = True
        is_sent = self._upload is None or self._upload.done()
        if answer.is_kept_alive and not answer.has_surplus and is_sent and self.is_usable:
            self._upload = None
            self._on_free(self)
        else:
            self.is_usable = False
            if self._upload is not None:
                self._upload.cancel()
            assert self._transport is not None
            self._transport.close()

    async def _send_body(self, answer: IncomingResponse, upload: AsyncIterator[bytes]) -> None:
        try:
            async for piece in upload:
                assert self._transport is not None
                self._transport.write(piece)
                if self._can_write is not None:
                    await self._can_write.wait()
                if not self.is_usable:
                    return
        except Exception as error:
            answer.fail(UploadFailed(error))
            self.abort()
        finally:
            aclose = getattr(upload, "aclose", None)
            if aclose is not None:
                with contextlib.suppress(Exception):
                    await aclose()


class UploadFailed(Exception):
    """A request body could not be sent to its end.

    Args:
        cause: Why.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause
