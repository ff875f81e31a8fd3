"""``python -m benchmarks.serving.lean_origin PORT``: an origin that costs next to nothing.

It answers every GET alike, with the headers that a web framework sends, and keeps its connections open.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

from prefetchrouter.edge.clients.server import run

BODY = b"Hello, world!" * 16
ANSWER = (
    b"HTTP/1.1 200 OK\r\n"
    b"Server: lean\r\n"
    b"Date: Mon, 05 Jan 2026 10:00:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
    b"Content-Length: %d\r\n"
    b"Last-Modified: Mon, 05 Jan 2026 09:00:00 GMT\r\n"
    b'ETag: "5f2c-6410a"\r\n'
    b"Vary: Accept-Encoding\r\n"
    b"\r\n%s"
) % (len(BODY), BODY)


class Answering(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        *heads, self._came = self._came.split(b"\r\n\r\n")
        self._transport.write(ANSWER * len(heads))


async def main(port: int) -> None:
    """Answer for ever."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    run(lambda: main(int(sys.argv[1])))
