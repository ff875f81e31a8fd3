"""Two ASGI applications: hello world, as plain as it can be, and an origin that counts its requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]

BODY = b"Hello, world!"
LARGE = b"x" * 100_000
COUNT_PATH = "/count"

_HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(BODY))]
_asked = 0


async def hello(scope: Any, receive: Any, send: Send) -> None:
    """Answer everything alike."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": BODY})


async def origin(scope: Any, receive: Any, send: Send) -> None:
    """Answer with hello world, below /large/ with 100 kB, below /slow/ after a while."""
    global _asked
    path: str = scope["path"]
    body = LARGE if path.startswith("/large/") else BODY
    if path == COUNT_PATH:
        body = str(_asked).encode()
    else:
        _asked += 1
    if path.startswith("/slow/"):
        await asyncio.sleep(1.0)
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
