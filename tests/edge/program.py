"""The real program: `prefetchrouter serve` as a process, an origin, and front ends that stand before it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import machine
from edge.waiting import PATIENCE

ROUTES = """\
from prefetchrouter import Origin, Property, Router

site = Property(
    origins=[Origin(name="web", hosts=["origin.shop.example"])], hostnames=["www.shop.example"]
)
router = Router().always(origin={"set_origin": "web"}).match("/pages/:id", caching={"max_age": "1h"})
"""


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    address: str = "127.0.0.1",
    **headers: str,
) -> Got:
    """Ask with exactly these headers; in their names, _ stands for -."""
    connection = HTTPConnection(address, port, timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, text in {"host": f"localhost:{port}", **headers}.items():
            connection.putheader(name.replace("_", "-"), text)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        fields = {name.lower(): text for name, text in response.getheaders()}
        return Got(response.status, fields, response.read())
    finally:
        connection.close()


class Program:
    """A running `serve`, by default as in production; what it prints is buffered.

    Args:
        arguments: Further arguments.
        wrap: What stands before the command, such as a shell that sets limits.
    """

    def __init__(
        self, *arguments: str, wrap: tuple[str, ...] = (), form: str = "json", **streams: Any
    ) -> None:
        command = [
            sys.executable,
            "-m",
            "prefetchrouter",
            "serve",
            "--port",
            "0",
            "--format",
            form,
            "--no-inject",
            "--no-warm",
            *arguments,
        ]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        self.process = subprocess.Popen([*wrap, *command], **streams)
        self.lines: list[str] = []
        self.complaints: list[str] = []
        self._threads = [
            threading.Thread(target=self._gather, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.complaints))
            if pair[0] is not None
        ]
        for thread in self._threads:
            thread.start()

    def _gather(self, stream: Any, into: list[str]) -> None:
        for line in stream:
            into.append(line.decode())

    def __enter__(self) -> Program:
        if self.process.stdout is not None:
            self.port: int = self.event("serving")["port"]
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.ended()

    @property
    def events(self) -> list[Any]:
        return [json.loads(line) for line in [*self.lines]]

    def event(self, name: str, count: int = 1) -> Any:
        """Wait for the event of a name; of several, for that many."""
        return self.until(
            lambda: ([e for e in self.events if e.get("event") == name] + [None] * count)[count - 1]
        )

    def until(self, condition: Any) -> Any:
        """Wait for a condition, and return what it gives."""
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < end, (self.lines[-5:], self.complaints)
            assert self.process.poll() is None or condition(), self.complaints
            time.sleep(0.01)
        return found

    def pages(self) -> int:
        """The port of the pages."""
        return int(self.event("serving")["requests"].split(":")[2].partition("/")[0])

    def get(self, path: str, **headers: str) -> Got:
        return ask(self.port, path, "GET", None, "127.0.0.1", **headers)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for the end, and for all that was printed; return the exit code."""
        code = self.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code


class Site(BaseHTTPRequestHandler):
    """An origin; below /slow the second half of the body comes when the test says so."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()
    begun = threading.Event()

    def do_GET(self) -> None:
        body = f"{self.path} {dict(self.headers.items())}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:10])
        if self.path.startswith("/slow"):
            self.begun.set()
            self.go_on.wait(PATIENCE)
        self.wfile.write(body[10:])

    do_POST = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def running_origin() -> Iterator[str]:
    """Run an origin, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    Site.go_on.clear()
    Site.begun.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        Site.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def front_end(folder: Path, target: int, *directives: str) -> Iterator[int]:
    """Run an nginx that passes everything on to a port, and give its own."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;\n"
        "events { worker_connections 64; }\n"
        "http {\n"
        f"  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"  server {{ listen 127.0.0.1:{port};\n"
        f"    location / {{ proxy_pass http://127.0.0.1:{target}; {' '.join(directives)} }} }}\n"
        "}\n"
    )
    process = subprocess.Popen(
        [
            machine.nginx() or "nginx",
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-e",
            str(folder / "error.log"),
        ]
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def relay(target: int) -> Iterator[int]:
    """Run what passes bytes on to a port and knows nothing of HTTP, as TLS terminators do."""
    listening = socket.create_server(("127.0.0.1", 0))

    def copy(source: socket.socket, sink: socket.socket) -> None:
        with source, sink:
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    def run() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", target))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=copy, args=(source, sink.dup()), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "the front end does not start"
            assert time.monotonic() < end, "the front end takes too long"
            time.sleep(0.02)
        else:
            return
