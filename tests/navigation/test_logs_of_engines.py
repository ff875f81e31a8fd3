"""`learn` and `simulate` read the lines that engines write: views, and prefetches that no click caused."""

from __future__ import annotations

import http.client
import json
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cases.runners.engine import ProgramEngine, Site
from cases.runners.nginx import Nginx
from cases.runners.varnish import Varnish
from cases.runners.worker import Bun, Deno, Node, Workerd
from edge.waiting import PATIENCE
from http_servers import QuietHandler, serving
from prefetchrouter import Router, RuleSet
from prefetchrouter.cli import main
from prefetchrouter.measurement.beacon_reading import BeaconFiles, LoggedPrefetch
from prefetchrouter.navigation.reading import read_traffic

HOST = "shop.example"
PERSON = {"user-agent": "Firefox/150.0"}
FOREIGN = {**PERSON, "sec-purpose": "prefetch"}
ROBOT = {"user-agent": "Googlebot/2.1"}

REQUESTS: tuple[tuple[str, dict[str, str], int], ...] = (
    ("/", PERSON, 200),
    ("/a?edgio_prefetch=1", PERSON, 412),
    ("/a", {**PERSON, "referer": f"https://{HOST}/"}, 200),
    ("/a?edgio_prefetch=1", PERSON, 200),
    ("/a", FOREIGN, 200),
    ("/c", FOREIGN, 503),
    ("/a", ROBOT, 200),
    ("/b", {**PERSON, "referer": f"https://{HOST}/a"}, 200),
)
"""What is sent, and the status of each response."""

RULES = """\
from prefetchrouter import Router

router = Router().match("/:page*", caching={"max_age": "1h", "service_worker_max_age": "1m"})
"""


class Logging:
    """Engines write no lines for the cases; here they do."""

    quiet = False

    def log_file(self, site: Site) -> Path:
        """Return where the lines are: by default, what the program prints."""
        return site.folder / "engine.log"


class LoggingNode(Logging, Node): ...


class LoggingDeno(Logging, Deno): ...


class LoggingBun(Logging, Bun): ...


class LoggingWorkerd(Logging, Workerd): ...


class LoggingNginx(Logging, Nginx):
    def log_file(self, site: Site) -> Path:
        return site.folder / "nginx" / "access.log"


class LoggingVarnish(Logging, Varnish):
    def log_file(self, site: Site) -> Path:
        """Return what the command of docs/varnish.md writes."""
        page = Path(__file__).parents[2] / "docs" / "varnish.md"
        [command] = [line[2:] for line in page.read_text().splitlines() if line.startswith("$ varnishncsa ")]
        words = shlex.split(command.replace("$PWD/dist", str(site.folder)))
        end = time.monotonic() + PATIENCE
        text = ""
        while text.count("\n") < len(REQUESTS) and time.monotonic() < end:
            # Varnish logs into memory: this prints what is there, and ends.
            text = subprocess.check_output([*words, "-d"], text=True, timeout=PATIENCE)
        log = site.folder / "access.log"
        log.write_text(text)
        return log


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that Varnish can read, which gives up the rights of root."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def origin() -> Iterator[str]:
    """Serve pages until the end of the block."""

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self.reply(b"page")

    with serving(Handler) as url:
        yield url


def written(path: Path, count: int) -> list[str]:
    """Return the lines of requests once as many are there."""
    end = time.monotonic() + PATIENCE
    while True:
        lines = path.read_text().splitlines() if path.exists() else []
        found = [line for line in lines if line.startswith("{") or '"GET ' in line]
        if len(found) >= count:
            return found
        assert time.monotonic() < end, path.read_text() if path.exists() else path
        time.sleep(0.02)


def send(netloc: str) -> None:
    """Send all requests on one connection each."""
    for target, headers, status in REQUESTS:
        connection = http.client.HTTPConnection(netloc, timeout=60)
        connection.request("GET", target, headers={"host": HOST, **headers})
        response = connection.getresponse()
        response.read()
        assert response.status == status, (target, headers)
        connection.close()


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(LoggingNode, marks=pytest.mark.needs("worker"), id="node"),
        pytest.param(LoggingDeno, marks=pytest.mark.needs("worker"), id="deno"),
        pytest.param(LoggingBun, marks=pytest.mark.needs("worker"), id="bun"),
        pytest.param(LoggingWorkerd, marks=pytest.mark.needs("worker"), id="workerd"),
        pytest.param(LoggingNginx, marks=[pytest.mark.needs("nginx"), pytest.mark.needs("njs")], id="nginx"),
        pytest.param(LoggingVarnish, marks=pytest.mark.needs("varnishd"), id="varnish"),
    ],
)
def test_the_lines_of_an_engine_are_read(
    engine: type[ProgramEngine], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole of what it writes, as a shell redirects it into a file."""
    routes = folder / "routes.py"
    routes.write_text(RULES)
    router = Router().match("/:page*", caching={"max_age": "1h", "service_worker_max_age": "1m"})
    running = engine()
    with origin() as url:
        site = Site(folder, routes, RuleSet(rules=router.rules), {"": url})
        try:
            send(urlsplit(running.start(site)).netloc)
            log = running.log_file(site)  # type: ignore[attr-defined]
            written(log, len(REQUESTS))
        finally:
            running.stop()
    traffic = read_traffic([log])
    assert [(view.page, view.source) for view in traffic.views] == [("/", None), ("/a", "/"), ("/b", "/a")]
    assert traffic.dropped["status"] == 2, traffic.examples  # refused prefetches
    assert traffic.dropped["prefetch"] == 2
    assert traffic.dropped["robot"] == 1
    assert traffic.has_purpose
    prefetches: list[LoggedPrefetch] = []
    BeaconFiles(prefetches.append).read([log])
    assert [found.status for found in prefetches] == [412, 200, 200, 503]
    assert main(["simulate", "--rules", str(routes), "--format", "json", str(log)]) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert found["visits"] == 1
