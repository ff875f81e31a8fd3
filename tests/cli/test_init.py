"""`prefetchrouter init`: a starter that builds, and whose test passes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from http_servers import QuietHandler, serving
from prefetchrouter import load
from prefetchrouter.cli import main
from prefetchrouter.cli.init import TARGETS

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_writes_the_routes_and_their_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says what to do next."""
    assert main(["init"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["routes.py", "test_routes.py"]
    out = capsys.readouterr().out
    assert "wrote routes.py\nwrote test_routes.py\n" in out
    assert "prefetchrouter build" in out
    assert "prefetchrouter serve routes.py --origin http://localhost:3000\n" in out


def test_the_example_is_the_shop_that_serve_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rules and tests of `examples`, to be changed while they are served."""
    assert main(["init", "--example"]) == 0
    for name in ("routes.py", "test_routes.py"):
        assert (folder / name).read_bytes() == (EXAMPLES / name).read_bytes()
    assert "prefetchrouter serve routes.py --example\n" in capsys.readouterr().out


def test_init_takes_a_folder(folder: Path) -> None:
    """It need not be there."""
    assert main(["init", "sites/shop"]) == 0
    assert (folder / "sites" / "shop" / "routes.py").is_file()


def test_the_starter_builds(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a warning."""
    main(["init"])
    assert main(["build", "--format", "json"]) == 0
    assert '"warnings": []' in capsys.readouterr().out


def test_the_starters_test_passes() -> None:
    """Run as the message says."""
    main(["init", "site"])
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "site"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert finished.returncode == 0, finished.stdout


def test_the_starter_is_formatted_and_typed() -> None:
    """As the user's own checks will want it."""
    main(["init"])
    for check in (
        ["ruff", "check", "--isolated"],
        ["ruff", "format", "--isolated", "--check", "--line-length=110"],
    ):
        finished = subprocess.run([sys.executable, "-m", *check, "."], capture_output=True, encoding="utf-8")
        assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("name", ["routes.py", "test_routes.py"])
def test_init_overwrites_nothing(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """If one of the files is there, neither is written."""
    Path(name).write_text("mine")
    assert main(["init"]) == 2
    assert f"{name} already exists [output]" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in folder.iterdir()} == {name: "mine"}


PAGE = (
    '<!doctype html><a href="/blog/a">a</a><a href="/blog/b">b</a><a href="/logout">out</a>'
    '<a href="/a.pdf">pdf</a><a href="https://other.example/x">x</a>'
)


@pytest.fixture
def site() -> Iterator[str]:
    """A running site of one page, sent with gzip."""

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            status = 200 if self.path == "/" else 404
            headers = {"content-type": "text/html; charset=utf-8", "content-encoding": "gzip"}
            self.reply(gzip.compress(PAGE.encode()), status, headers)

    with serving(Handler) as url:
        yield url


def checked(folder: Path) -> None:
    """Hold the files of a folder to what a user's own checks want: build, tests, format, types."""
    assert load(folder / "routes.py").warnings == ()
    for command in (
        ["pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        ["ruff", "check", "--isolated", str(folder)],
        ["ruff", "format", "--isolated", "--check", "--line-length=110", str(folder)],
        ["mypy", "--strict", str(folder / "routes.py"), str(folder / "test_routes.py")],
    ):
        finished = subprocess.run([sys.executable, "-m", *command], capture_output=True, encoding="utf-8")
        assert finished.returncode == 0, finished.stdout


def test_a_running_site_gets_rules_for_the_pages_that_its_front_page_links_to(
    folder: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not for files, other sites, and links that log out."""
    assert main(["init", "--origin", site]) == 0
    assert capsys.readouterr().out == (
        "wrote routes.py: 3 pages\n"
        "wrote test_routes.py\n"
        f"next: prefetchrouter serve --origin {site}\n"
        "to test the rules: pytest .\n"
    )
    text = (folder / "routes.py").read_text()
    assert [line.strip() for line in text.splitlines() if ".match(" in line] == [
        '.match("/", caching=PAGE)',
        '.match("/blog/:page", caching=PAGE)',
    ]
    checked(folder)


@pytest.mark.parametrize("target", TARGETS)
def test_a_start_for_an_edge_builds_and_names_the_command_that_starts_it(
    folder: Path, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the origin that the user names, or the usual one."""
    assert main(["init", "--target", target, "--origin", "http://localhost:1"]) == 2
    assert "Connection refused" in capsys.readouterr().err
    assert main(["init", "--target", target]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == f"next: prefetchrouter build --target {target}"
    assert main(["build", "--target", target, "--strict", "--format", "json"]) == 0
    start = json.loads(capsys.readouterr().out)["start"][target]
    assert lines[3] == f"then: {start}"
    assert Path(start.split()[-1]).is_file()
    assert load(folder / "routes.py").rule_set.property is not None
    checked(folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--origin", "missing"], 'there is no folder "missing"'),
        (["--origin", "http://localhost:3000:1"], "there is no page at"),
        (["--origin", "ftp://localhost/"], "there is no page at"),
        (["--target", "nginx", "--origin", "."], "cannot fetch pages from the folder"),
        (["--target", "ngnix"], 'did you mean "nginx"?'),
        (["--example", "--target", "nginx"], "--example has rules of its shop"),
    ],
)
def test_what_cannot_be_written_says_what_can(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "index.html").write_text("<title>x</title>")
    try:
        code = main(["init", *arguments])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["index.html"]
