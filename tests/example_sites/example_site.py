"""Runs an example: its origin as the script that a reader would start, in front of it `serve`."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from edge.program import Got
from edge.waiting import PATIENCE

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Origin:
    """A running origin.

    Args:
        address: Its URL.
        printed: What it prints, a line for each request.
        lines: What was read of it.
    """

    address: str
    printed: Queue[str] = field(default_factory=Queue)
    lines: list[str] = field(default_factory=list)

    def requests(self, path: str = "") -> int:
        """Return how many requests for a path, or in all, it has got.

        What it printed may still be on its way, so one request more is sent, whose line comes last.
        """
        last = f"/last-{time.monotonic_ns()}"
        with suppress(HTTPError):
            urlopen(f"{self.address}{last}", timeout=PATIENCE).close()
        while f" {last} HTTP" not in (line := self.printed.get(timeout=PATIENCE)):
            self.lines.append(line)
        return sum(not path or f" {path} HTTP" in line for line in self.lines)


@contextmanager
def running_script(script: Path) -> Iterator[Origin]:
    """Run the script of an origin, which prints its address first."""
    with subprocess.Popen(
        [sys.executable, str(script), "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        origin = Origin(process.stdout.readline().strip())
        reading = threading.Thread(target=lambda: _read(process.stdout, origin.printed), daemon=True)
        reading.start()
        try:
            yield origin
        finally:
            process.terminate()
            process.wait(PATIENCE)
            reading.join(PATIENCE)


def _read(lines: IO[str] | None, output: Queue[str]) -> None:
    for line in lines or ():
        output.put(line)


@dataclass
class Visitor:
    """A visitor with a browser: keeps cookies, and does not follow redirects.

    Args:
        port: Where the site is.
    """

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Got:
        """Open a page."""
        return self._send("GET", path, None, headers)

    def prefetch(self, path: str) -> Got:
        """Prefetch a page, as the script of the browser part does."""
        return self.get(f"{path}{'&' if '?' in path else '?'}edgio_prefetch=1")

    def post(self, path: str, **form: str) -> Got:
        """Send a form."""
        return self._send(
            "POST", path, urlencode(form).encode(), {"content-type": "application/x-www-form-urlencoded"}
        )

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Got:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {"host": f"localhost:{self.port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
            if self.cookies:
                sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, text = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = text
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, fields, response.read())
        finally:
            connection.close()
