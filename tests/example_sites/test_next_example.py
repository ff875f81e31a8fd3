"""The Next app behind the embedded edge: with what it answered when it was recorded, or built now.

A build takes two minutes and 340 MB of packages, so CI uses the recorded answers. With `NEXT_APP=1` this file
installs, builds and starts the app, and compares its answers with them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from cli.test_serve import Serving
from edge.program import free_port
from example_sites.example_site import EXAMPLES, Origin, Visitor, running_script

FOLDER = EXAMPLES / "next_app"
REAL = os.environ.get("NEXT_APP")
BUILD_SECONDS = 600
RECORDED: list[dict[str, Any]] = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
COMPARED = [found for found in RECORDED if not (REAL and "/chunks/" in found["path"])]
"""The name of a built file has a hash, so an app that is built now has others."""
AHEAD = next(found for found in RECORDED if len(found["sent"]) == 3 and found["status"] == 200)


@contextmanager
def built_app(folder: Path) -> Iterator[Origin]:
    """Install, build and start the app in a folder."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    environment = {**os.environ, "NEXT_TELEMETRY_DISABLED": "1"}
    for command in (["npm", "ci"], ["npm", "run", "build"]):
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=BUILD_SECONDS)
    port = free_port()
    command = ["node", "node_modules/next/dist/bin/next", "start", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=environment) as process:
        try:
            for _ in range(600):
                try:
                    urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield Origin(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """The app, or its recorded responses."""
    app = built_app(tmp_path_factory.mktemp("app")) if REAL else running_script(FOLDER / "origin.py")
    with app as running:
        yield running


@pytest.fixture(scope="module")
def port(origin: Origin) -> Iterator[int]:
    """The app behind the edge."""
    arguments = ("--origin", origin.address, "--quiet", "--no-warm", "--no-inject")
    with Serving(str(FOLDER / "routes.py"), *arguments) as serving:
        yield serving.port


def stable(name: str) -> bool:
    """Whether a header is the same in each build: tags are not, nor the state of a cache."""
    return name not in ("etag", "last-modified", "x-nextjs-cache", "location", "accept-ranges")


@pytest.mark.parametrize("found", COMPARED, ids=lambda found: f"{found['path']} {len(found['sent'])}")
def test_the_app_answers_as_recorded(origin: Origin, found: dict[str, Any]) -> None:
    """With the app built now this is what keeps the recording true."""
    port = int(origin.address.rpartition(":")[2])
    sent = {name.replace("-", "_"): value for name, value in found["sent"].items()}
    got = Visitor(port).get(found["path"], **sent)
    assert got.status == found["status"]
    expected = {name: value for name, value in found["headers"].items() if stable(name)}
    assert {name: got.headers.get(name) for name in expected} == expected
    if found["text"].startswith("<h1>"):
        assert found["text"].encode() in got.body


def test_documents_are_prefetched_after_a_first_view(port: int) -> None:
    visitor = Visitor(port)
    for path, heading in (("/products/1", b"<h1>Tea <!-- -->1</h1>"), ("/legacy/2", b"Old tea")):
        assert visitor.prefetch(path).status == 412
        assert heading in visitor.get(path).body
        got = visitor.prefetch(path)
        assert got.status == 200
        assert heading in got.body


def test_the_router_gets_its_own_response_and_documents_stay_documents(port: int) -> None:
    sent = {name.replace("-", "_"): value for name, value in AHEAD["sent"].items()}
    visitor = Visitor(port)
    for _ in range(2):
        got = visitor.get(AHEAD["path"], **sent)
        assert (got.status, got.headers["content-type"]) == (200, "text/x-component")
        assert visitor.get("/products/1").headers["content-type"].startswith("text/html")
    assert "hit" in got.headers["cache-status"]


def test_the_page_of_an_account_is_never_stored(port: int) -> None:
    for name in ("ann", ""):
        visitor = Visitor(port, {"session": name} if name else {})
        assert (b"ann" in visitor.get("/account").body) == bool(name)
        assert visitor.prefetch("/account").status == 412
