"""A hundred thousand prefetches of what is not stored, and none of them reaches the origin."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cases.runners.engine import Site
from cases.runners.nginx import Nginx
from http_servers import QuietHandler, serving
from prefetchrouter import Router, RuleSet

pytestmark = [pytest.mark.needs("nginx"), pytest.mark.needs("njs")]

HEADS = (
    b"GET /p/%d?edgio_prefetch=1 HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    b'GET /p/%d?edgio_prefetch=1 HTTP/1.1\r\nHost: shop.example\r\nIf-Match: "a"\r\n\r\n',
    b"GET /p/%d?x=1&edgio_prefetch=1&y=2 HTTP/1.1\r\nHost: shop.example\r\nCache-Control: no-store\r\n\r\n",
    b"GET /none/%d?%%65dgio_prefetch=1 HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    b"GET /old/%d?edgio_prefetch=1 HTTP/1.1\r\nHost: shop.example\r\nRange: bytes=0-1\r\n\r\n",
)
COUNT, AT_ONCE = 100_000, 500


@contextmanager
def counting_origin() -> Iterator[tuple[str, list[str]]]:
    """Serve an origin until the end of the block; give its URL, and the targets that it is asked for."""
    asked: list[str] = []

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.reply(b"ok")

    with serving(Handler) as url:
        yield url, asked


def answers(connection: socket.socket, heads: list[bytes]) -> int:
    """Send requests in a row, and return how many of the responses are an empty 412 or a redirect."""
    threading.Thread(target=connection.sendall, args=(b"".join(heads),)).start()
    received, found = b"", 0
    while found < len(heads):
        piece = connection.recv(262144)
        assert piece, received[-500:]
        received += piece
        found = received.count(b"\r\n\r\n")
    assert received.count(b"HTTP/1.1 412 ") + received.count(b"HTTP/1.1 301 ") == len(heads), received[:500]
    assert received.count(b"edgio_prefetch=1\r\n") == received.count(b"HTTP/1.1 301 ")
    return found


def test_a_hundred_thousand_refused_prefetches_make_no_origin_requests(tmp_path: Path) -> None:
    """With conditions, ranges, no-store, escaped names, and after a redirect."""
    router = (
        Router()
        .match("/p/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        .match("/old/:id", lambda route: route.redirect("/p/:id", 301))
    )
    engine = Nginx()
    with counting_origin() as (origin, asked):
        try:
            url = engine.start(
                Site(tmp_path, tmp_path / "routes.py", RuleSet(rules=router.rules), {"": origin})
            )
            place = urlsplit(url)
            for start in range(0, COUNT, AT_ONCE):
                # nginx closes a connection after a thousand requests.
                with socket.create_connection((place.hostname or "", place.port or 0), 60) as connection:
                    heads = [HEADS[number % len(HEADS)] % number for number in range(start, start + AT_ONCE)]
                    assert answers(connection, heads) == AT_ONCE
            assert asked == []
        finally:
            engine.stop()
