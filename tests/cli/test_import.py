"""``prefetchrouter import``: what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter import Request, evaluate, importing, load
from prefetchrouter.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prints_a_file_that_builds(capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 0 when all lines were understood."""
    Path("_redirects").write_text("/a /b 301!\n")
    assert main(["import", "_redirects"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    Path("routes.py").write_text(shown.out)
    assert main(["build", "--strict"]) == 0


def test_a_line_that_is_not_understood_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """And the file is written all the same."""
    Path("_redirects").write_text("/a /b 301!\n/c\n")
    assert main(["import", "_redirects", "--out", "new/routes.py"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "wrote new/routes.py\nnext: prefetchrouter build new/routes.py\n"
    assert "_redirects:2: warning: " in shown.err
    assert shown.err.endswith("1 line was not imported; a comment in the file says so\n")
    assert main(["build", "new/routes.py"]) == 0


def test_an_existing_file_stays(capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 2."""
    Path("_redirects").write_text("/a /b 301!\n")
    Path("routes.py").write_text("mine")
    assert main(["import", "_redirects", "--out", "routes.py"]) == 2
    assert "routes.py already exists" in capsys.readouterr().err
    assert Path("routes.py").read_text() == "mine"


def test_the_json_has_text_and_remarks(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its place."""
    Path("_redirects").write_text("/a /b 301!\n/c\n")
    assert main(["import", "_redirects", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["product"] == "netlify"
    assert "router = " in data["routes"]
    assert [(each["file"], each["line"], each["code"]) for each in data["warnings"]] == [
        ("_redirects", 2, "not-imported")
    ]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"what is this"])
def test_what_cannot_be_read_is_exit_code_2(
    content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file, one that is not text, one of an unknown format."""
    if content is not None:
        Path("rules").write_bytes(content)
    assert main(["import", "rules"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: rules")


def test_each_product_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Though --help does not import the readers."""
    Path("rules").write_bytes(b"")
    for product in importing.PRODUCTS:
        main(["import", "rules", "--from", product])
        assert "command-line" not in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    assert "{" + ",".join(importing.PRODUCTS) + "}" in capsys.readouterr().out


def test_a_folder_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """It has no rules."""
    assert main(["import", "."]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_files_of_the_site_come_before_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """A single-page application: its assets stay, all else is its page."""
    for name in ("index.html", "assets/app.js", "about/index.html", "help.html", "_redirects", "a b.txt"):
        Path("dist", name).parent.mkdir(parents=True, exist_ok=True)
        Path("dist", name).touch()
    Path("_redirects").write_text("/help /support\n/old/* /new/:splat\n/* /index.html 200\n")
    assert main(["import", "_redirects", "--from", "netlify"]) == 1
    assert "--files FOLDER" in capsys.readouterr().out
    assert main(["import", "_redirects", "--from", "netlify", "--files", "dist", "--out", "routes.py"]) == 0
    rules = load("routes.py").rule_set

    def path(url: str) -> str:
        decision = evaluate(rules, Request(url))
        return decision.redirect.location if decision.redirect else decision.path

    urls = [
        "/",
        "/assets/app.js",
        "/about",
        "/about/",
        "/help",
        "/a%20b.txt",
        "/cart",
        "/old/x",
        "/assets/x.js",
    ]
    assert [path(url) for url in urls] == [*urls[:6], "/index.html", "/new/x", "/index.html"]


def test_files_of_the_site_come_before_rewrites_of_vercel() -> None:
    """And after redirects."""
    Path("dist/app.js").parent.mkdir()
    Path("dist/app.js").touch()
    rules_in = {
        "redirects": [{"source": "/old", "destination": "/app.js"}],
        "rewrites": [{"source": "/(.*)", "destination": "/index.html"}],
    }
    Path("vercel.json").write_text(json.dumps(rules_in))
    assert main(["import", "vercel.json", "--files", "dist", "--out", "routes.py"]) == 0
    rules = load("routes.py").rule_set
    assert [evaluate(rules, Request(url)).path for url in ("/app.js", "/x")] == ["/app.js", "/index.html"]
    assert evaluate(rules, Request("/old")).redirect is not None


def test_a_folder_that_is_missing_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Not an empty site."""
    Path("_redirects").write_text("/a /b\n")
    assert main(["import", "_redirects", "--from", "netlify", "--files", "nowhere"]) == 2
    assert "nowhere: there is no such folder" in capsys.readouterr().err
