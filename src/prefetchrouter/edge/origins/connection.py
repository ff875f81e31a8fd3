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
        most: How many bytes the head of an answer may have.
        on_free: Is called when it can carry another request.
        on_lost: Is called when it has ended.
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
        """Whether it can carry another request, once the one under way is over."""
        self.has_served = False
        """Whether it has carried a request already."""
        self.free_since = 0.0
        """Since when it waits for a request, as the event loop counts seconds."""

    def send(self, method: str, head: bytes, upload: AsyncIterator[bytes] | None) -> IncomingResponse:
        """Send a request; return its answer, which is still to come.

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
        """End it at once."""
        self.is_usable = False
        if self._upload is not None:
            self._upload.cancel()
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take what came for the answer; end when it is none, or when nothing was asked."""
        answer = self._answer
        if answer is None:  # nothing was asked: it would be taken for the answer to the next request
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
        """It has ended."""
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
        """The origin takes less than is sent."""
        self._can_write = asyncio.Event()

    def resume_writing(self) -> None:
        """The origin has taken enough."""
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
    """The body of a request broke off on its way.

    Args:
        cause: Why.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause
