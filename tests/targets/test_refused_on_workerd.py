"""Refused prefetches of workerd reach no origin, also during a refresh and after a redirect.

`REFUSED_PREFETCHES=100000` sends that many.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cases.runners.engine import Site
from cases.runners.worker import Workerd
from http_servers import QuietHandler, serving
from prefetchrouter import Router, RuleSet

pytestmark = pytest.mark.needs("worker")
COUNT = int(os.environ.get("REFUSED_PREFETCHES", "1000"))
KINDS: tuple[dict[str, str], ...] = (
    {}, {"if-match": '"a"'}, {"cache-control": "no-cache"}, {"range": "bytes=0-1"}, {"cookie": "x=1"},
)  # fmt: skip


class Counting:
    """An origin whose first response comes at once; the others are held until `release`."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.release = threading.Event()


@contextmanager
def counting_origin() -> Iterator[tuple[str, Counting]]:
    """Serve an origin until the end of the block."""
    origin = Counting()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            origin.paths.append(self.path)
            if len(origin.paths) > 1:
                origin.release.wait()
            with suppress(OSError):  # the engine may have ended
                self.reply(b"ok")

    with serving(Handler) as url:
        try:
            yield url, origin
        finally:
            origin.release.set()


class Client:
    """Sends requests on one connection, and counts their statuses."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.statuses: Counter[int] = Counter()

    def get(self, target: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Return the response to a request."""
        self.connection.request("GET", target, headers={"host": "shop.example", **headers})
        response = self.connection.getresponse()
        response.read()
        self.statuses[response.status] += 1
        return response


def test_no_refused_prefetch_reaches_an_origin(tmp_path: Path) -> None:
    router = (
        Router()
        .match("/p/:id", caching={"max_age": "1s", "stale_while_revalidate": "1h"})
        .match("/old/:id", lambda route: route.redirect("/p/:id", 301))
    )
    engine = Workerd()
    with counting_origin() as (origin, counted):
        client = None
        try:
            site = Site(tmp_path, tmp_path / "routes.py", RuleSet(rules=router.rules), {"": origin})
            client = Client(engine.start(site))
            client.get("/p/stored", {})
            time.sleep(2.5)
            client.get("/p/stored", {})  # stale: its refresh is held at the origin from here on
            while len(counted.paths) < 2:
                time.sleep(0.01)
            client.statuses.clear()
            for number in range(COUNT):
                path = "/p/stored" if number % 50 == 0 else f"/p/{number}"
                client.get(f"{path}?edgio_prefetch=1", KINDS[number % len(KINDS)] if number % 50 else {})
            assert client.statuses == {412: COUNT - -(-COUNT // 50), 200: -(-COUNT // 50)}
            location = client.get("/old/1?edgio_prefetch=1", {}).getheader("location", "")
            assert client.get(location, {}).status == 412
            assert counted.paths == ["/p/stored", "/p/stored"]
        finally:
            if client is not None:
                client.connection.close()
            counted.release.set()
            engine.stop()
