"""`prefetchrouter serve`, as people run it: a process, its output, its exit code."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import urlopen

import pytest

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.running.loading_process import SLOW_SECONDS

ROUTES = """\
from prefetchrouter import Origin, Property, Router

site = Property(
    origins=[Origin(name="web", hosts=["origin.shop.example"])], hostnames=["www.shop.example"]
)
router = (
    Router()
    .force_https()
    .always(origin={"set_origin": "web"})
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
)
"""
IMAGES = '    .match("/images/:path*", response={"optimize_images": True})\n)\n'


class Serving:
    """A running `serve`; ends it afterwards."""

    def __init__(
        self, *arguments: str, start: tuple[str, ...] = ("-m", "prefetchrouter"), **environment: str
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *start, "serve", "--port", "0", "--format", "json", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **environment},
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        try:
            self.start = self.until("serving")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.port: int = self.start["port"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def next(self) -> Any:
        return json.loads(self._lines.get(timeout=30))

    def until(self, event: str) -> Any:
        """The next event of a name; what comes before it is left out."""
        while (found := self.next()).get("event") != event:
            pass
        return found

    def takes_no_one(self) -> None:
        """Wait until it lets no one in any more: then a signal to end has arrived."""
        for _ in range(6000):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                return
            time.sleep(0.01)
        raise AssertionError("it still takes connections")

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(
            "GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    def ended(self) -> int:
        return self.process.wait(30)


class _Origin(BaseHTTPRequestHandler):
    """Answers with the headers that it got; below /slow in two pieces, the second when the test says so."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()
    begun = threading.Event()

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, **dict(self.headers.items())}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:10])
        if self.path.startswith("/slow"):
            self.begun.set()
            self.go_on.wait(30)
        self.wfile.write(body[10:])

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Origin)
    server.daemon_threads = True
    _Origin.go_on.clear()
    _Origin.begun.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    _Origin.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("routes.py").write_text(ROUTES)
    return tmp_path


def errors(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command that cannot serve, and return its exit code and what it says."""
    command = [sys.executable, "-m", "prefetchrouter", "serve", *arguments]
    ended = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, env={**os.environ, **environment}
    )
    said = [
        line for line in ended.stdout.splitlines() if not line.endswith(f"after {SLOW_SECONDS:g} seconds")
    ]
    assert said == []  # except for what any file is on a busy machine: slow
    return ended.returncode, ended.stderr


# What is served


def test_pages_come_from_the_origin_once_and_then_from_the_cache() -> None:
    """Prefetches only from the cache; each request is reported."""
    with Serving("--example", "--no-warm") as serving:
        assert [
            serving.get(path).status
            for path in ("/pages/1?edgio_prefetch=1", "/pages/1", "/pages/1", "/pages/1?edgio_prefetch=1")
        ] == [412, 200, 200, 200]
        told = [serving.next() for _ in range(4)]
        assert [found["cache"] for found in told] == ["refused", "miss", "hit", "hit"]
        assert [len(found["origin"]) for found in told] == [0, 1, 0, 0]
        assert told[1]["rules"] == ["routes.py:8", "routes.py:9", "routes.py:10"]


def test_the_start_says_what_is_served_where() -> None:
    """For programs as one object."""
    with Serving("--example") as serving:
        address = f"http://localhost:{serving.port}"
        assert serving.start["address"] == address
        assert re.fullmatch(r"http://localhost:\d+/__edgio__/requests", serving.start["requests"])
        assert not serving.start["requests"].startswith(f"{address}/")
        assert (serving.start["rules"], serving.start["manifest_rules"]) == (4, 1)
        assert list(serving.start["origins"]) == ["web"]


def test_the_browser_part_and_the_pages_are_there() -> None:
    """The manifest, the script, the list of requests with what happened."""
    with Serving("--example") as serving:
        assert b"/pages/:id" in serving.get(NAMES.manifest_path).body  # type: ignore[attr-defined]
        assert serving.get(NAMES.install_path).status == 200
        assert serving.get("/pages/3").status == 200
        assert serving.get("/__edgio__/requests", host="localhost").status == 302
        listed = json.loads(urlopen(f"{serving.start['requests']}.json", timeout=30).read())
        assert [found["cache"] for found in listed["requests"]].count("miss") == 1
        assert serving.get("/__edgio__/requests", host="evil.example").status == 421


def test_rules_get_the_site_and_https_unless_something_else_is_wanted(origin: str) -> None:
    """Else no rule for the host would hold, and every page would be sent to HTTPS."""
    with Serving("--origin", origin) as serving:
        sent = json.loads(serving.get("/cart").body)  # type: ignore[attr-defined]
        assert sent["x-forwarded-host"] == "www.shop.example"
        assert sent["x-forwarded-proto"] == "https"
    with Serving("--origin", origin, "--scheme", "http", "--host", "Test.Shop.example") as serving:
        found = serving.get("/cart")
        assert (found.status, found.headers["location"]) == (301, "https://test.shop.example/cart")


def test_facts_are_given_to_rules() -> None:
    """As a laptop has no visitors from abroad."""
    denied = '    .match({"location": {"country": "DE"}}, access={"deny_access": True})\n)\n'
    Path("routes.py").write_text(ROUTES.removesuffix(")\n") + denied)
    with Serving("--example", "--fact", "location.country=DE") as serving:
        assert serving.get("/pages/1").status == 403


def test_https_is_spoken_with_a_certificate_for_this_machine(folder: Path) -> None:
    """And the browser is not told to ask this machine by HTTPS for ever."""
    with Serving("--example", "--https", XDG_STATE_HOME=str(folder)) as serving:
        assert serving.start["address"] == f"https://localhost:{serving.port}"
        context = ssl.create_default_context(cafile=folder / "prefetchrouter" / "authority.pem")
        connection = http.client.HTTPSConnection("localhost", serving.port, context=context, timeout=30)
        connection.request("GET", "/pages/1")
        response = connection.getresponse()
        response.read()
        connection.close()
        assert (response.status, response.headers["strict-transport-security"]) == (200, None)


# Changes


def test_changed_rules_count_and_wrong_ones_do_not() -> None:
    """The old ones stay until the new ones are right; the manifest goes with them."""
    with Serving("--example") as serving:
        Path("routes.py").write_text(ROUTES.replace("/pages/:id", "/blog/:slug"))
        assert serving.until("changed")["rules"] == 4
        assert b"/blog/:slug" in serving.get(NAMES.manifest_path).body  # type: ignore[attr-defined]
        Path("routes.py").write_text(ROUTES.replace('"1h"', '"1hr"'))
        (first, *_) = serving.until("wrong")["errors"]
        assert (first["code"], first["line"]) == ("duration", 10)
        assert b"/blog/:slug" in serving.get(NAMES.manifest_path).body  # type: ignore[attr-defined]
        Path("routes.py").write_text(ROUTES.removesuffix(")\n") + IMAGES)
        assert serving.until("wrong")["errors"][0]["code"] == "edge-feature"
        Path("routes.py").write_text(ROUTES)
        assert serving.until("changed")["rules"] == 4


# The end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_finished_before_the_end(origin: str, number: signal.Signals) -> None:
    """Then the exit code is 0, and the numbers are reported."""
    with Serving("--origin", origin) as serving:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=30)
        connection.request("GET", "/slow")
        assert _Origin.begun.wait(30)
        serving.process.send_signal(number)
        serving.takes_no_one()
        assert serving.process.poll() is None
        _Origin.go_on.set()
        assert json.loads(connection.getresponse().read())["path"] == "/slow"
        connection.close()
        assert serving.ended() == 0
        assert serving.until("ended")["counters"]["requests"] == 1


def test_who_is_in_a_hurry_says_it_twice(origin: str) -> None:
    """Then nothing is waited for."""
    with Serving("--origin", origin) as serving:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=30)
        connection.request("GET", "/slow")
        assert _Origin.begun.wait(30)
        serving.process.send_signal(signal.SIGINT)
        serving.takes_no_one()
        serving.process.send_signal(signal.SIGINT)
        assert serving.ended() == 130
        connection.close()


# What cannot be served


def test_everything_that_is_wrong_is_reported_together() -> None:
    """Rules that the edge cannot obey with their lines, origins that is unreachable, an address in use."""
    Path("routes.py").write_text(
        "from prefetchrouter import Router\n"
        "router = (\n"
        "    Router()\n"
        '    .match("/a", origin={"set_origin": "web"})\n'
        '    .match("/b", response={"optimize_images": True})\n'
        ")\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = errors("--port", str(port), "--origin", "api=.")
    assert code == 2
    for wanted in (
        'routes.py:4: error: origin "web": nothing says where it is',
        "--origin web=URL",
        "routes.py:5: error: response.optimize_images",
        "--without response.optimize_images",
        "--origin api: neither a rule nor the property names",
        f"127.0.0.1:{port} is in use",
    ):
        assert wanted in said


def test_mistakes_of_the_rules_are_reported_as_build_tells_them() -> None:
    """But nothing was served, so the exit code is 2."""
    Path("routes.py").write_text(ROUTES.replace('"1h"', '"1hr"'))
    code, said = errors("--example", "--port", "0")
    assert code == 2
    assert 'routes.py:10: error: caching.max_age: "1hr" is not a duration [duration]' in said


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["missing.py", "--example"], "missing.py: there is no such file [file-not-found]"),
        (["missing.py", "--example"], "prefetchrouter init --example writes the rules of the shop"),
        (["--origin", "web=no/folder"], 'there is no folder "no/folder"'),
        (["--origin", "web=.", "--origin", "web=.."], "--origin web is given twice"),
        (["--example", "--fact", "location.country"], "expected NAME=VALUE"),
        (["--example", "--fact", "locatoin.country=DE"], "locatoin"),
        (["--example", "--host", "https://shop.example"], 'a name such as "www.shop.example"'),
        (["--example", "--cache-size", "64 megs"], '--cache-size: "64 megs" is not a size'),
        (["--example", "--key", "key.pem"], "--key without --certificate"),
        (["--example", "--certificate", "none.pem"], "none.pem does not exist"),
        (["--example", "--without", "caching.max_age"], "--without caching.max_age"),
        (["--example", "--port", "70000"], "'70000' is not a port"),
        (["--example", "--navigation", "none.json"], '"none.json" cannot be read'),
        (
            ["--example", "--listen", "192.0.2.7", "--port", "0"],
            "192.0.2.7 is not an address of this machine",
        ),
    ],
)
def test_what_cannot_be_served_is_reported_with_exit_code_2(arguments: list[str], wanted: str) -> None:
    """In one readable message each."""
    code, said = errors(*arguments)
    assert (code, wanted in said) == (2, True), said


def test_without_rules_it_says_how_to_get_some_for_this_site() -> None:
    """The first thing that a newcomer types."""
    Path("routes.py").unlink(missing_ok=True)
    code, said = errors("--origin", "http://localhost:3000")
    assert code == 2
    assert "prefetchrouter init --origin http://localhost:3000 writes rules for its pages" in said
    assert "prefetchrouter init --example" in errors("--example")[1]
