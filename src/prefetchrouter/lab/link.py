"""A slow link between a browser and the network: a proxy with a bandwidth and a round-trip time.

All that the browser requests goes through it: pages, service workers, and prefetches of the browser itself.
A limit that is set for a page by the protocol of its developer tools holds for that page only.
"""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress
from typing import Final, NamedTuple

_PIECE: Final = 4096
_OVERLAP: Final = 256
_REQUEST: Final = re.compile(rb"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH) [^ \r\n]{1,8000} HTTP/1\.1\r\n")
_FORWARDED: Final = re.compile(rb"\r\ncache-status:[^\r\n]{0,200}?;\s*fwd=", re.IGNORECASE)
_SOCKS: Final = 5


class Seen(NamedTuple):
    """What has passed a link.

    Args:
        bytes: Towards the browser.
        requests: Requests that could be read: those without encryption.
        forwarded: Responses whose `Cache-Status` says that the edge forwarded the request.
        encrypted: Connections whose requests could not be read.
    """

    bytes: int = 0
    requests: int = 0
    forwarded: int = 0
    encrypted: int = 0


class SlowLink:
    """A SOCKS proxy on this machine, in a separate thread; a context manager.

    Args:
        bytes_per_second: Towards the browser, for all connections together.
        round_trip: In seconds; a half in each direction.

    Source: RFC 1928.
    """

    def __init__(self, bytes_per_second: float, round_trip: float) -> None:
        self.port = 0
        self._rate = bytes_per_second
        self._half = round_trip / 2
        self._free_at = 0.0
        self._seen = [0, 0, 0, 0]
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def __enter__(self) -> SlowLink:
        """Start to listen."""
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        if self._end is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    @property
    def seen(self) -> Seen:
        """What has passed until now."""
        return Seen(*self._seen)

    def forget(self) -> None:
        """Count from now on."""
        self._seen[:] = [0, 0, 0, 0]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(self._connection(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far: asyncio.StreamWriter | None = None
        try:
            host, port = await _handshake(reader, writer)
            await asyncio.sleep(2 * self._half)
            answer, far = await asyncio.open_connection(host, port)
            writer.write(bytes([_SOCKS, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
            await asyncio.gather(self._up(reader, far), self._down(answer, writer))
        except (OSError, ValueError, asyncio.IncompleteReadError):
            pass  # the browser notices by the end of the connection
        finally:
            for end in (writer, far):
                if end is not None:
                    end.close()
                    with suppress(OSError):
                        await end.wait_closed()

    async def _up(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        counter = _Counter(_REQUEST)
        is_first = True
        async with asyncio.TaskGroup() as group:
            queue = _Delayed(far)
            group.create_task(queue.deliver())
            while data := await reader.read(65536):
                # A connection by TLS begins with a handshake record.
                self._seen[3] += is_first and data[0] == 0x16
                is_first = False
                self._seen[1] += counter.count(data)
                queue.put(data, self._loop.time() + self._half)
            queue.put(b"", self._loop.time() + self._half)

    async def _down(self, answer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counter = _Counter(_FORWARDED)
        async with asyncio.TaskGroup() as group:
            queue = _Delayed(writer)
            group.create_task(queue.deliver())
            while data := await answer.read(_PIECE):
                self._seen[0] += len(data)
                self._seen[2] += counter.count(data)
                now = self._loop.time()
                self._free_at = max(now, self._free_at) + len(data) / self._rate
                queue.put(data, self._free_at + self._half)
                await asyncio.sleep(self._free_at - now)
            queue.put(b"", self._loop.time() + self._half)


class _Delayed:
    """Writes pieces when they are due; an empty one ends the direction."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    def put(self, data: bytes, due: float) -> None:
        self._queue.put_nowait((due, data))

    async def deliver(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await self._queue.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not data:
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                return
            self._writer.write(data)
            await self._writer.drain()


class _Counter:
    """Counts matches in a stream, across the ends of its pieces."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._tail = b""

    def count(self, data: bytes) -> int:
        text = self._tail + data
        found = [match.end() for match in self._pattern.finditer(text)]
        new = sum(end > len(self._tail) for end in found)
        self._tail = text[-_OVERLAP:]
        return new


async def _handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Return host and port that the browser wants."""
    version, count = await reader.readexactly(2)
    await reader.readexactly(count)
    if version != _SOCKS:
        raise ValueError("another protocol")
    writer.write(bytes([_SOCKS, 0]))
    _, command, _, kind = await reader.readexactly(4)
    if command != 1:
        raise ValueError("no connection is wanted")
    if kind == 3:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii", "replace")
    else:
        address = await reader.readexactly(4 if kind == 1 else 16)
        host = ".".join(map(str, address)) if kind == 1 else address.hex(":", 2)
    return host, int.from_bytes(await reader.readexactly(2))
