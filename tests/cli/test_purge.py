"""`prefetchrouter purge`, against the program that it is for."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.program import Program, ask
from prefetchrouter.cli import main

ROUTES = """\
from prefetchrouter import Property, Router

site = Property(hostnames=["www.shop.example"])
router = (
    Router()
    .match("/products/:id", caching={"max_age": "1h", "purge_tags": ["products"]})
    .match("/news", caching={"max_age": "1h", "purge_tags": ["news"]})
)
"""


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Program]:
    (tmp_path / "routes.py").write_text(ROUTES)
    (tmp_path / "public" / "products").mkdir(parents=True)
    for name in ("products/1", "products/2", "news"):
        (tmp_path / "public" / name).write_text(name)
    with Program(
        "--origin", str(tmp_path / "public"), "--pages", "--pages-port", "0", str(tmp_path / "routes.py")
    ) as program:
        for path in ("/products/1", "/products/2", "/news"):
            assert ask(program.port, path).status == 200
        yield program


def pages_port(program: Program) -> str:
    return str(program.pages())


def test_by_tag_by_url_and_all(serving: Program, capsys: pytest.CaptureFixture[str]) -> None:
    port = pages_port(serving)
    assert main(["purge", "--tag", "products", "--port", port]) == 0
    assert capsys.readouterr().out == "2 stored responses removed\n"
    assert ask(serving.port, "/products/1").headers["cache-status"].startswith("prefetchrouter;fwd=uri-miss")
    assert "hit" in ask(serving.port, "/news").headers["cache-status"]
    urls = ["--url", "/news", "--url", "https://www.shop.example/products/1"]
    assert main(["purge", *urls, "--port", port, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"purged": 2}
    ask(serving.port, "/news")
    assert main(["purge", "--all", "--port", port]) == 0
    assert capsys.readouterr().out == "1 stored response removed\n"


def test_a_url_of_another_site_is_refused(serving: Program, capsys: pytest.CaptureFixture[str]) -> None:
    for url in ("https://evil.example/news", "news", "ftp://www.shop.example/", "/a/../b", "//["):
        assert main(["purge", "--url", "/news", "--url", url, "--port", pages_port(serving)]) == 2
        assert "[live-edge]" in capsys.readouterr().err
    assert "hit" in ask(serving.port, "/news").headers["cache-status"]


def test_the_port_of_the_site_is_not_that_of_the_pages(
    serving: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["purge", "--all", "--port", str(serving.port)]) == 2
    error = capsys.readouterr().err
    assert "not as the pages of an edge" in error
    assert "--pages" in error
    assert "hit" in ask(serving.port, "/news").headers["cache-status"]


def test_nothing_that_listens_is_an_error_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    assert main(["purge", "--all", "--port", str(port)]) == 2
    assert f"http://localhost:{port} does not answer" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--all", "--tag", "a"], ["--all", "--url", "/"]])
def test_it_has_to_be_said_what_to_purge(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["purge", *options]) == 2
    assert "[command-line]" in capsys.readouterr().err
