"""`prefetchrouter report`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from measurement.beacon_samples import made_views
from prefetchrouter.cli import main

ROUTES = """\
from prefetchrouter import Router

ages = {"max_age": "1h", "service_worker_max_age": "5m"}
router = Router().get("/products/:id", caching=ages)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routes.py").write_text(ROUTES)
    (tmp_path / "beacons.jsonl").write_text("\n".join(json.dumps(view.data()) for view in made_views(2000)))
    before = "1.2.3.4 - - [17/May/2026:10:05:03 +0000]"
    prefetches = [
        f'{before} "GET /products/{n}?edgio_dt_pf=1 HTTP/1.1" 200 5000 "-" "Firefox"' for n in range(10)
    ]
    (tmp_path / "access.log").write_text("\n".join(prefetches))
    return tmp_path


def test_it_says_what_prefetching_has_brought(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The difference, the rule with its line, and the bytes."""
    assert main(["report", "beacons.jsonl", "access.log", "--rules", "routes.py"]) == 0
    out = capsys.readouterr().out
    assert "faster" in out
    assert "/products/:id, routes.py:4" in out
    assert "50,000" in out


def test_it_writes_data_and_a_picture(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "beacons.jsonl", "--format", "json", "--svg", "measured.svg"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["views"] == 2000
    assert data["rules"][0]["bytes"] is None
    assert (shop / "measured.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["access.log"], "there are no beacons in 10 lines"),
        (["none.jsonl"], "none.jsonl"),
        (["beacons.jsonl", "--rules", "broken.py"], "broken.py"),
        (["beacons.jsonl", "--effect", "0"], "not a number of milliseconds"),
    ],
)
def test_what_it_cannot_use_is_said_with_exit_code_2(
    shop: Path, capsys: pytest.CaptureFixture[str], words: list[str], part: str
) -> None:
    try:
        code = main(["report", *words])
    except SystemExit as error:
        code = int(str(error.code))
    assert code == 2
    assert part in capsys.readouterr().err
