"""deploy.sh: new rules come into use under load, old ones come back, and no request fails."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from prefetchrouter import Router
from prefetchrouter.output.building import build, write
from prefetchrouter.targets.varnish import VarnishTarget
from targets.varnish.running import Client, Origin, running

pytestmark = pytest.mark.needs("varnishd")


def rules(version: str) -> Router:
    return Router().match(
        "/:path*", caching={"max_age": "1h"}, headers={"set_response_headers": {"x-version": version}}
    )


def deploy(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["sh", str(folder / "varnish" / "deploy.sh"), *arguments],
        env={"PATH": "/usr/sbin:/usr/bin:/bin", "WORK": str(folder / "varnish" / "work")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def build_into(folder: Path, version: str, origin: Origin) -> None:
    target = VarnishTarget(origins={"": origin.url}, scheme="https")
    write(build(rules(version), targets=[target]), folder)


class Load:
    """Requests on one connection, one after the other, until it is over."""

    def __init__(self, port: int) -> None:
        self.statuses: dict[int, int] = {}
        self.errors: list[Exception] = []
        self._port, self._over = port, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with Client(self._port) as client:
                while not self._over.is_set():
                    for status, _, _ in client.get_all(["/a"] * 20):
                        self.statuses[status] = self.statuses.get(status, 0) + 1
        except Exception as error:
            self.errors.append(error)

    def end(self) -> None:
        self._over.set()
        self._thread.join(60)


def test_three_versions_and_a_rollback_fail_no_request() -> None:
    origin = Origin()
    with running(rules("one"), origin) as (port, folder), Client(port) as client:
        loads = [Load(port) for _ in range(4)]
        for version in ("two", "three", "four"):
            build_into(folder, version, origin)
            assert "is in use; before: " in deploy(folder)
            assert client.get("/a")[1]["x-version"] == version.encode()
        assert "is in use already" in deploy(folder)
        assert len(deploy(folder, "list").splitlines()) == 2  # no more pile up
        deploy(folder, "rollback")
        assert client.get("/a")[1]["x-version"] == b"three"
        for load in loads:
            load.end()
    assert [load.errors for load in loads] == [[]] * 4
    assert all(set(load.statuses) == {200} for load in loads)
