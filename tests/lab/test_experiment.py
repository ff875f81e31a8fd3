"""`prefetchrouter lab` in real Chromium, against a served site; and what it says when it cannot run."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.program import ROUTES, Program
from prefetchrouter.cli import main

QUICK = ("--runs", "1", "--kbps", "20000", "--rtt", "20", "--dwell", "1.5")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES.replace('"1h"', '"1h", "service_worker_max_age": "1h"'))
    Path("public/pages").mkdir(parents=True)
    Path("public/index.html").write_text(
        '<!doctype html><title>a</title><h1>start</h1><a href="/pages/1.html">1</a>'
    )
    Path("public/pages/1.html").write_text("<!doctype html><title>b</title><h1>one</h1>")
    Path("public/pages/2.html").write_text("<!doctype html><title>c</title><h1>two</h1>")
    with Program("--origin", "public") as program:
        yield f"http://localhost:{program.port}/"
        program.send(signal.SIGTERM)
        program.ended()


@pytest.mark.needs("chromium")
def test_a_site_is_compared_in_three_ways(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ours is answered from the browser, the others are not; the picture is written."""
    assert main(["lab", site, *QUICK, "--format", "json", "--svg", "lab.svg"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["mode"] for one in data["summary"]] == ["nothing", "speculation", "ours"]
    by_mode = {one["mode"]: one for one in data["visits"]}
    assert by_mode["ours"]["from"] == "cache-storage"
    assert by_mode["nothing"]["from"] == ""
    assert by_mode["nothing"]["target"].endswith("/pages/1.html")
    # Nothing but the two pages, and the icon that browsers look for.
    assert 2 <= by_mode["nothing"]["requests"] <= 3
    assert by_mode["ours"]["requests"] > by_mode["nothing"]["requests"]
    assert all(one["bytes"] > 300 and one["lcp"] >= one["ttfb"] for one in data["visits"])
    assert Path("lab.svg").read_text().startswith("<svg ")


@pytest.mark.needs("chromium")
def test_what_cannot_be_opened_is_said(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A page without the link, a site that is down, and a program that is not a browser."""
    assert main(["lab", site, f"{site}pages/2.html", *QUICK]) == 2
    assert "has no link to" in capsys.readouterr().err
    assert main(["lab", f"{site}pages/2.html", *QUICK]) == 2
    assert "has no link to another page of its site" in capsys.readouterr().err
    assert main(["lab", "http://localhost:9/", *QUICK]) == 2
    assert "cannot be opened" in capsys.readouterr().err
    assert main(["lab", site, *QUICK, "--browser", "/bin/false"]) == 2
    assert "Chromium does not start" in capsys.readouterr().err


def test_without_playwright_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is large, so most do not have it."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main(["lab", "http://localhost:9/"]) == 2
    error = capsys.readouterr().err
    assert "Playwright is not installed" in error
    assert 'pip install "prefetchrouter[lab]"' in error


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["localhost:8080"], "is not a URL"),
        (["ftp://localhost/"], "is not a URL"),
        (["http://a:b/"], "is not a URL"),
        (["http://localhost/", "--runs", "0"], "is not a number of runs"),
        (["http://localhost/", "--kbps", "fast"], "is not kilobits per second"),
    ],
)
def test_wrong_options_are_refused(words: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before a browser starts."""
    with pytest.raises(SystemExit, match="2"):
        main(["lab", *words])
    assert part in capsys.readouterr().err
