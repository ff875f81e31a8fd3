"""`prefetchrouter deploy-check`, against the embedded edge, and against an edge that knows no rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from docs.blocks import ROOT, blocks
from edge.program import Program
from http_servers import QuietHandler, serving
from prefetchrouter.cli import main

PAGE = blocks((ROOT / "docs" / "deploy-check.md").read_text("utf-8"))
ROUTES = next(block.text for block in PAGE if block.title == "routes.py")
SHOWN = next(block.text for block in PAGE if block.info == "console").partition("\n")[2]


class PlainEdge(QuietHandler):
    """An edge without rules: it has none of these pages."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(f"{self.command} {self.path}")
        self.reply(b"not found", 404)

    do_HEAD = do_POST = do_GET


@pytest.fixture
def plain_edge() -> Iterator[str]:
    PlainEdge.seen.clear()
    with serving(PlainEdge) as url:
        yield url


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "routes.py").write_text(ROUTES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> int:
    return main(["deploy-check", "--pause", "0", *arguments])


def test_the_embedded_edge_responds_as_its_rules_say(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "public").mkdir()
    with Program("--origin", str(folder / "public"), str(folder / "routes.py")) as program:
        address = f"http://localhost:{program.port}"
        assert check(address, "--path", "/products/2") == 0
        program.until(lambda: len([event for event in program.events if "cache" in event]) == 7)
        requests = [event for event in program.events if "cache" in event]
    out = capsys.readouterr().out
    assert "not checked\n  routes.py:13  it needs a POST" in out
    assert out.endswith(
        f"no difference in 7 requests to {address}, 3 of them prefetches that must not reach the origin\n"
    )
    refused = [event for event in requests if event["prefetch"] == "refused"]
    assert [(event["status"], event["origin"]) for event in refused] == [(412, []), (503, [])]


def test_an_edge_without_rules_is_found_out_as_the_page_shows(
    plain_edge: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(plain_edge) == 1
    assert capsys.readouterr().out.replace(plain_edge, "https://www.shop.example") == SHOWN
    assert all(line.startswith("GET ") for line in PlainEdge.seen)


def test_programs_get_data(plain_edge: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(plain_edge, "--format", "json", "--most", "2") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["url"], found["host"]) == (plain_edge, "www.shop.example")
    assert (found["requests"], found["prefetches"], found["left_out"]) == (2, 0, 4)
    first = found["differences"][0]
    assert {name: first[name] for name in ("line", "aspect", "expected", "actual", "url")} == {
        "line": 6, "aspect": "status", "expected": "301 to /products/x", "actual": "404",
        "url": "https://www.shop.example/old/x",
    }  # fmt: skip
    assert {"line": 13, "reason": "it needs a POST, and only GET and HEAD are sent"}.items() <= max(
        found["unchecked"], key=lambda each: int(each["line"])
    ).items()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://shop.example/path"], "is not the URL of an edge"),
        (["http://localhost:1"], "does not answer: Connection refused"),
        (["http://localhost:1", "--rules", "none.py"], "none.py"),
        (["http://localhost:1", "--path", "a"], "is not a path"),
        (["http://localhost:1", "--path", "/a/../b"], "is not a path"),
        (["http://localhost:1", "--ca", "none.pem"], "cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_an_error(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--most", "0"), ("--most", "x"), ("--pause", "-1"), ("--pause", "nan")])
def test_an_invalid_number_is_refused(option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        check("http://localhost:1", *option)
    assert ended.value.code == 2


def test_invalid_rules_are_an_error_and_no_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "routes.py").write_text(ROUTES.replace('"1h"', '"1hr"'))
    assert check("http://localhost:1") == 2
    assert '"1hr" is not a duration' in capsys.readouterr().err
