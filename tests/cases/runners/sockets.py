"""Plays a case over a socket, with the real clock."""

from __future__ import annotations

import asyncio
import time

from cases.runners.case import Purge, Send
from cases.runners.client import exchange, request_bytes
from cases.runners.comparing import Response
from cases.runners.engine import Engine
from cases.runners.origin import Script

QUIET = 0.4
"""An engine is quiet when for this many seconds nothing came from it and nothing was sent to it."""


class SocketSession:
    """One case on an engine that serves at an address.

    Args:
        engine: The engine.
        url: Its address.
        host: The host of requests that name none: its own for each case, so that cases share nothing.
        script: The origins.
    """

    response_after = 30.0
    missing_after = 10.0

    def __init__(self, engine: Engine, url: str, host: str, script: Script) -> None:
        self._engine, self._url, self._host, self._script = engine, url, host, script

    def now(self) -> float:
        return time.time()

    async def send(self, send: Send) -> Response:
        self._script.last_event = time.monotonic()
        data = request_bytes(send, self._host, self._script.start)
        response = await exchange(self._url, data, send.method)
        states = self._engine.states(response.headers)
        return Response(response.status, response.headers, response.body, response.is_cut, states)

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def purge(self, purge: Purge) -> None:
        await asyncio.to_thread(self._engine.purge, purge)

    async def quiet(self) -> None:
        self._script.last_event = max(self._script.last_event, time.monotonic() - QUIET / 2)
        while (left := self._script.last_event + QUIET - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def settled(self) -> None:
        await asyncio.sleep(0.1)
