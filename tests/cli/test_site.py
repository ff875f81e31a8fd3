"""`prefetchrouter site`: from a folder of pages to rules, a copy, and a server."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from prefetchrouter.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public" / "blog").mkdir(parents=True)
    links = "".join(f'<a href="/blog/{number}.html">{number}</a>' for number in range(3))
    (tmp_path / "public" / "index.html").write_text(f"<!doctype html><title>Tea</title>{links}")
    for number in range(3):
        (tmp_path / "public" / "blog" / f"{number}.html").write_text("<!doctype html><title>Blog</title>")
    return tmp_path


def test_a_folder_becomes_rules_and_a_copy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a summary with the answer first."""
    assert main(["site", "public", "--no-serve"]) == 0
    assert capsys.readouterr().out == (
        "  rules  routes.py: 2 rules, written for you to change\n"
        "  pages  4 of 4 are prefetched\n"
        "  copy   dist/site/ for any web server: 4 pages with the script tag, 0 other files\n"
    )
    page = (folder / "dist/site/index.html").read_text()
    script = re.search(r'<script src="/(__edgio__/prefetch/[0-9a-f]+/install\.js)" defer>', page)
    assert script is not None
    assert (folder / "dist/site" / script[1]).is_file()
    assert '.match("/blog/:page", caching=PAGE)' in (folder / "routes.py").read_text()


def test_rules_of_ones_own_stay_and_the_summary_says_what_they_miss(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    routes = 'from prefetchrouter import Router\n\nrouter = Router().match("/", caching={"max_age": "1h"})\n'
    (folder / "routes.py").write_text(routes)
    assert main(["site", "public", "--no-serve"]) == 0
    assert "0 of 4 are prefetched; not /, /blog/0.html, /blog/1.html and 1 more" in capsys.readouterr().out
    assert (folder / "routes.py").read_text() == routes


def test_below_a_path_rules_and_tags_have_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "public", "--base", "docs/", "--no-serve", "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["base"], summary["prefetched"], summary["tagged"]) == ("/docs/", 4, 4)
    assert summary["links_outside"] == ["/blog/0.html", "/blog/1.html", "/blog/2.html"]
    assert main(["site", "public", "--base", "docs/", "--no-serve"]) == 0
    assert "3 lead to paths outside /docs/, such as /blog/0.html: write" in capsys.readouterr().out
    assert 'src="/docs/__edgio__/' in (folder / "dist/site/index.html").read_text()
    assert '.match("/docs/", caching=PAGE)' in (folder / "routes.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["site", "missing"], 'there is no folder "missing"'),
        (["site", "."], "no page is in"),
        (["site", "public", "--out", "public/blog", "--no-serve"], "not an earlier copy"),
        (["site", "public", "--base", "a b"], "is not a path"),
        (["site", "public", "--port", "x"], "is not a port"),
    ],
)
def test_what_cannot_be_done_says_what_can(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments[1] == ".":
        for path in folder.rglob("*.html"):
            path.unlink()
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert said in capsys.readouterr().err


def test_wrong_rules_are_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "routes.py").write_text(
        "from prefetchrouter import Router\nrouter = Router().match('/', caching={'max_aeg': '1h'})\n"
    )
    assert main(["site", "public", "--no-serve"]) == 1
    assert "max_age" in capsys.readouterr().err
    assert not (folder / "dist").exists()


def test_it_serves_until_it_is_interrupted_and_changed_rules_count(folder: Path) -> None:
    command = [sys.executable, "-m", "prefetchrouter", "site", "public", "--port", "0", "--format", "json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]

        def manifest() -> str:
            with urllib.request.urlopen(f"{address}__edgio__/cache-manifest.js") as response:
                return str(response.read().decode())

        assert "/blog/:page" in manifest()
        routes = folder / "routes.py"
        text = routes.read_text()
        for number, pattern in enumerate(("/news/:page", "/news/:pa ge(", "/new/:page")):
            routes.write_text(text.replace("/blog/:page", pattern))
            os.utime(routes, ns=(number, number))  # file systems may count in whole seconds
            assert ("/new/" if pattern == "/new/:page" else "/news/:page") in manifest()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "routes.py:" in errors
