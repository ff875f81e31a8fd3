"""Runs an example: its origin as the script that a reader would start, in front of it `serve`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from edge.program import Got
from edge.waiting import PATIENCE

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass
class Origin:
    """A running origin.

    Args:
        address: Its URL.
        lines: What it printed, a line for each request.
    """

    address: str
    lines: list[str] = field(default_factory=list)

    def requests(self, path: str) -> int:
        """Return how many requests for a path it got: a line begins with the request line, in quotes."""
        return sum(f" {path} HTTP" in line for line in self.lines)


@contextmanager
def running_script(script: Path) -> Iterator[Origin]:
    """Run the script of an origin, which prints its address first."""
    with subprocess.Popen(
        [sys.executable, str(script), "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        origin = Origin(process.stdout.readline().strip())
        reading = threading.Thread(target=lambda: origin.lines.extend(process.stdout or ()), daemon=True)
        reading.start()
        try:
            yield origin
        finally:
            process.terminate()
            process.wait(PATIENCE)
            reading.join(PATIENCE)


@dataclass
class Visitor:
    """Somebody with a browser: keeps cookies, and follows no redirect.

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
