"""Starts Varnish for a test, with an origin that counts."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

from cases.runners.engine import Site
from cases.runners.varnish import Varnish
from http_servers import QuietHandler
from prefetchrouter import Router
from prefetchrouter.rules.rule_set import RuleSet


class Origin:
    """An origin that answers every request, and knows which it got.

    Args:
        held: The paths whose answers wait until `release` is set.
    """

    def __init__(self, held: frozenset[str] = frozenset()) -> None:
        self.requests: list[str] = []
        self.release = threading.Event()
        origin = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:
                origin.requests.append(self.path)
                if self.path in held and origin.requests.count(self.path) > 1:
                    origin.release.wait(60)
                self.reply(self.path.encode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def running(router: Router, origin: Origin) -> Iterator[tuple[int, Path]]:
    """Serve rules with Varnish, and yield its port and folder; one that Varnish may read as another user."""
    engine = Varnish()
    folder = Path(tempfile.mkdtemp())
    thread = threading.Thread(target=origin.server.serve_forever, daemon=True)
    thread.start()
    try:
        rules = RuleSet(rules=router.rules)
        address = engine.start(Site(folder, folder / "routes.py", rules, {"": origin.url}))
        yield int(address.rpartition(":")[2]), folder
    finally:
        origin.release.set()
        engine.stop()
        origin.server.shutdown()
        origin.server.server_close()
        thread.join(30)
        shutil.rmtree(folder, ignore_errors=True)


class Client:
    """One connection, which reads whole responses; several requests may be sent before the first answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 60)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        self._socket.close()

    def get(self, path: str) -> tuple[int, dict[str, bytes], bytes]:
        """Return status, headers and body of one response."""
        return self.get_all([path])[0]

    def get_all(self, paths: list[str]) -> list[tuple[int, dict[str, bytes], bytes]]:
        """Return the responses to requests that are sent at once."""
        lines = [f"GET {path} HTTP/1.1\r\nHost: shop.example\r\n\r\n" for path in paths]
        self._socket.sendall("".join(lines).encode())
        return [self._response() for _ in paths]

    def _response(self) -> tuple[int, dict[str, bytes], bytes]:
        status = int(self._file.readline().split()[1])
        headers: dict[str, bytes] = {}
        while line := self._file.readline().rstrip(b"\r\n"):
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.strip(b" \t")
        if "content-length" in headers:
            return status, headers, self._file.read(int(headers["content-length"]))
        body = b""
        while size := int(self._file.readline() or b"0", 16):
            body += self._file.read(size)
            self._file.readline()
        self._file.readline()
        return status, headers, body
