"""`prefetchrouter simulate`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from navigation.log_samples import FORMATS, shop_visits
from prefetchrouter.cli import main

ROUTES = """\
from prefetchrouter import Router

ages = {"max_age": "1h", "service_worker_max_age": "5m"}
router = Router().get(["/", "/help"], caching=ages).get("/products/:id", caching=ages)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routes.py").write_text(ROUTES)
    (tmp_path / "other.py").write_text(ROUTES.replace("1h", "10s"))
    (tmp_path / "access.log").write_text("\n".join(FORMATS["combined"](shop_visits(60))) + "\n")
    return tmp_path


def test_two_sets_of_rules_stand_side_by_side(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["simulate", "access.log", "--rules", "other.py", "--rules", "routes.py"]
    assert main([*command, "--report", "markdown"]) == 0
    out = capsys.readouterr().out
    assert out.count("| other.py |") == out.count("| routes.py |") == 3
    assert main([*command, "--format", "json"]) == 0
    short, long = json.loads(capsys.readouterr().out)
    assert short["policies"][0]["origin_requests"] > long["policies"][0]["origin_requests"]


def test_what_was_learned_before_is_replayed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "access.log", "--rules", "routes.py"]) == 0
    assert main(["simulate", "access.log", "--rules", "routes.py", "--navigation", "navigation.json"]) == 0
    assert "learned, max_age doubled" in capsys.readouterr().out


def test_it_writes_a_picture(shop: Path) -> None:
    assert main(["simulate", "access.log", "--max-age", "/*=1h", "--svg", "frontier.svg"]) == 0
    assert (shop / "frontier.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["access.log"], "nothing says how long pages stay fresh"),
        (["none.log", "--max-age", "/*=1h"], "none.log"),
        (["access.log", "--rules", "broken.py"], "broken.py"),
        (["access.log", "--max-age", "/*=1h", "--navigation", "routes.py"], "routes.py"),
    ],
)
def test_what_it_cannot_use_is_said_with_exit_code_2(
    words: list[str], part: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "broken.py").write_text("router = 1 +")
    assert main(["simulate", *words]) == 2
    assert part in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lifetime", "part"),
    [("blog=1h", 'such as "/blog/*=1d"'), ("/*=soon", "is not a duration"), ("/a", "lifetime")],
)
def test_a_lifetime_is_a_path_and_a_duration(
    lifetime: str, part: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", "access.log", "--max-age", lifetime])
    assert part in capsys.readouterr().err


def test_a_log_without_views_says_so(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "empty.log").write_text("")
    assert main(["simulate", "empty.log", "--max-age", "/*=1h"]) == 2
    assert "the log has no view of a page" in capsys.readouterr().err
