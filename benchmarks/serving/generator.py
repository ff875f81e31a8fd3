"""``python -m benchmarks.serving.generator``: asks a server on this machine, and prints what came of it.

Each connection asks one thing at a time. It is a separate process, so that it does not share the server's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import cast

from prefetchrouter.edge.clients.server import run

BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0"
    " Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Referer: https://shop.example/\r\n"
    "Cookie: session=6f1c2a; theme=dark\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
)


class Asking(asyncio.Protocol):
    """One connection, which asks for the next target as soon as the last answer is whole."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._came = b""
        self._left = 0
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._load.connected(self.ask)

    def ask(self) -> None:
        request = self._load.next()
        if request is None:
            self._transport.close()
        else:
            self._began = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._left -= len(data)
        else:
            self._came += data
            head, found, body = self._came.partition(b"\r\n\r\n")
            if not found:
                return
            self._came = b""
            self._status = int(head[9:12])
            self._left = _length(head) - len(body)
            self._size = self._left + len(body)
        if self._left == 0:
            self._load.answered(self._status, self._size, time.perf_counter() - self._began)
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost()


def _length(head: bytes) -> int:
    found = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
    return int(found or b"0")


class Load:
    """What is asked, and what came of it.

    Args:
        target: Path and query; ``{n}`` in it stands for a number that goes up.
        connections: How many connections there are.
        seconds: How long is asked, when there is no number of requests.
        requests: How many requests there are, 0 for as many as there is time for.
        cycle: The number after which numbers begin anew, 0 for never.
        first: The first number.
        browser: Whether requests have the headers that a browser sends.
    """

    def __init__(
        self,
        target: str,
        connections: int,
        seconds: float,
        requests: int,
        *,
        cycle: int = 0,
        first: int = 0,
        browser: bool = False,
    ) -> None:
        before, numbered, after = target.partition("{n}")
        self._before, self._numbered, self._after = before, bool(numbered), after
        self._connections = connections
        self._seconds = seconds
        self._requests = requests
        self._cycle = cycle
        self._first = first
        self._headers = BROWSER if browser else ""
        self._sent = 0
        self._asks: list[Callable[[], None]] = []
        self._open = connections
        self.statuses: Counter[int] = Counter()
        self.sizes: Counter[int] = Counter()
        self.times: list[float] = []
        self.over = asyncio.Event()

    def connected(self, ask: Callable[[], None]) -> None:
        """Begin when all connections are there."""
        self._asks.append(ask)
        if len(self._asks) == self._connections:
            self.began = time.perf_counter()
            for begin in self._asks:
                begin()

    def next(self) -> bytes | None:
        """Return the next request, or None if it is enough."""
        if (
            self._sent >= self._requests
            if self._requests
            else time.perf_counter() - self.began > self._seconds
        ):
            return None
        number = self._first + (self._sent % self._cycle if self._cycle else self._sent)
        self._sent += 1
        target = f"{self._before}{number}{self._after}" if self._numbered else self._before
        return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{self._headers}\r\n".encode()

    def answered(self, status: int, size: int, seconds: float) -> None:
        """Note an answer."""
        self.statuses[status] += 1
        self.sizes[size] += 1
        self.times.append(seconds)

    def lost(self) -> None:
        """Note that a connection ended; the last one ends it all."""
        self._open -= 1
        if not self._open:
            self.seconds = time.perf_counter() - self.began
            self.over.set()


async def asked(options: argparse.Namespace) -> dict[str, object]:
    """Ask, and return what came of it."""
    load = Load(
        options.target, options.connections, options.seconds, options.requests,
        cycle=options.cycle, first=options.first, browser=bool(options.browser),
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    for _ in range(options.connections):
        await loop.create_connection(lambda: Asking(load), "127.0.0.1", options.port)
    await load.over.wait()
    times = sorted(load.times)
    return {
        "requests": len(times),
        "seconds": load.seconds,
        "a_second": len(times) / load.seconds,
        "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100],
        "statuses": load.statuses,
        "sizes": load.sizes,
    }


def main() -> None:
    """Ask as the command line says, and print a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("target")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--cycle", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--browser", type=int, default=0)
    options = parser.parse_args()
    print(json.dumps(run(lambda: asked(options))))


if __name__ == "__main__":
    main()
