"""Servers as separate processes, and what they cost."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from typing import Any

RULES = """\
from prefetchrouter import Router

router = Router()
for i in range({count}):
    router.match(
        f"/s{{i}}/:category/:id",
        caching={{"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"}},
        headers={{"set_response_headers": {{"x-shop": f"s{{i}}"}}}},
    )
router.match("/large/:id", caching={{"max_age": "1h"}}).match("/slow/:id", caching={{"max_age": "1h"}})
router.match("/pass/:id", caching={{"bypass_cache": True}})
"""


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def get(self, path: str) -> bytes:
        """Return the body of an answer."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            body: bytes = answer.read()
        return body

    @property
    def cpu_seconds(self) -> float:
        """Processor time until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def mib(self) -> float:
        """Memory that is in use now."""
        command = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.check_output(command)) / 1024


@dataclass(frozen=True)
class Installed:
    """Another version of the package.

    Args:
        python: The Python that has its libraries.
        package: The folder from which its package is taken.
    """

    python: Path
    package: Path


def free_port() -> int:
    """Return an unused port."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(
    command: list[str], port: int, *, folder: Path | None = None, package: Path | None = None
) -> Iterator[Server]:
    """Run a server until the end of the block; what it prints is read and thrown away.

    Args:
        command: How it is started.
        port: Where it listens.
        folder: Where it runs.
        package: The folder from which Python takes its packages first.
    """
    own = {} if package is None else {"PYTHONPATH": str(package)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder, env={**os.environ, **own})
    assert process.stdout is not None
    reader = threading.Thread(target=process.stdout.read)
    reader.start()
    try:
        wait_for(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)
        reader.join()
        process.stdout.close()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when a server listens."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.002)
        else:
            return
    raise SystemExit(f"nothing listens on port {port}")


def uvicorn_command(app: str, port: int) -> list[str]:
    """Return how to run an application with the server library alone."""
    plain = ["--no-access-log", "--log-level", "warning", "--http", "httptools", "--loop", "uvloop"]
    return [sys.executable, "-m", "uvicorn", f"benchmarks.serving.apps:{app}", "--port", str(port), *plain]


def uvicorn(app: str) -> Any:
    """Run an application with the server library alone."""
    port = free_port()
    return running(uvicorn_command(app, port), port)


def serve_command(port: int, origin: int, *options: str, python: str = sys.executable) -> list[str]:
    """Return how to run the edge."""
    return [
        python, "-m", "prefetchrouter", "serve", "routes.py", "--port", str(port),
        "--origin", f"http://127.0.0.1:{origin}", *options,
    ]  # fmt: skip


def serve(folder: Path, count: int, origin: int, *options: str, installed: Installed | None = None) -> Any:
    """Run the edge with that many rules, or another one that is installed elsewhere."""
    (folder / "routes.py").write_text(RULES.format(count=count))
    port = free_port()
    if installed is None:
        return running(serve_command(port, origin, *options), port, folder=folder)
    command = serve_command(port, origin, *options, python=str(installed.python))
    return running(command, port, folder=folder, package=installed.package)


def lean_origin() -> Any:
    """Run an origin that costs next to nothing."""
    port = free_port()
    return running([sys.executable, "-m", "benchmarks.serving.lean_origin", str(port)], port)


def ask(port: int, target: str, **options: float) -> dict[str, Any]:
    """Send requests with our own generator, as a process; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.serving.generator", str(port), target]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, timeout=300))
    return found


def load(port: int, target: str, seconds: int) -> tuple[float, float, float]:
    """Ask for one target as fast as it goes; return requests a second, and the times of 50% and 99% in ms.

    `wrk` sends them if it is installed, else our own generator, which is not faster than what it measures.
    """
    if shutil.which("wrk") is None:
        told = ask(port, target, seconds=seconds)
        return told["a_second"], told["p50"] * 1000, told["p99"] * 1000
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{target}"]
    text = subprocess.check_output(command, encoding="utf-8")
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate is not None
    return float(rate[1]), _milliseconds(text, "50%"), _milliseconds(text, "99%")


def _milliseconds(text: str, part: str) -> float:
    found = re.search(rf"{part}\s+([\d.]+)(us|ms|s)", text)
    assert found is not None
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]
