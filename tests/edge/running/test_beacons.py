"""Beacons of page views at the edge: kept as lines of JSON and in the access log, and nothing else is."""

from __future__ import annotations

import json
import random
import signal
from pathlib import Path

import pytest

from edge.program import ROUTES, Program, ask
from measurement.beacon_samples import made_views, query_of
from prefetchrouter.cli import main
from prefetchrouter.edge.logging.line_file import LineFile
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.edge.running.beacons import Beacons
from prefetchrouter.measurement.page_view import view_of_data

QUERY = "edgio_view=1&browser=firefox&source=store&navigation=click"


def beacon(query: str, method: str = "POST", path: str = "/__edgio__/view") -> EdgeRequest:
    return EdgeRequest(method, "https", "shop.example", path, query)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (beacon(QUERY), 204),
        (beacon(QUERY, "GET"), 204),
        (beacon(QUERY, "PUT"), 405),
        (beacon(""), 400),
        (beacon(f"{QUERY}&lcp=-1"), 400),
        (beacon(f"{QUERY}&a={'a' * 8000}"), 400),
        (beacon(QUERY, path="/__edgio__/views"), None),
    ],
)
def test_a_beacon_is_answered_by_what_it_is(request_: EdgeRequest, status: int | None) -> None:
    """Whatever the site's rules say of that path."""
    response = Beacons().answer(request_)
    assert (None if response is None else response.status) == status
    assert response is None or response.headers["cache-control"] == "no-store"


def test_only_what_a_page_can_have_sent_is_kept(tmp_path: Path) -> None:
    """Random changes of beacons: each is a line that is read again, or refused."""
    path = tmp_path / "beacons.jsonl"
    troubles: list[str] = []
    file = LineFile(path, "the file of beacons", troubles.append)
    beacons = Beacons("/collect", file)
    drawn = random.Random(4)
    kept = 0
    for view in made_views(500):
        query = query_of(view)
        start, end = sorted(drawn.randrange(len(query) + 1) for _ in range(2))
        noise = "".join(drawn.choices("&=%0\x00é+9a", k=drawn.randrange(6)))
        changed = query if drawn.random() < 0.3 else query[:start] + noise + query[end:]
        response = beacons.answer(beacon(changed, path="/collect"))
        assert response is not None
        kept += response.status == 204
    assert file.close() == 0
    lines = path.read_text().splitlines()
    assert len(lines) == kept > 100
    for line in lines:
        assert view_of_data(json.loads(line)).time > 0
    assert troubles == []


def test_a_served_site_keeps_beacons_and_the_report_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the real program: the file of beacons, or the access log alone, say the same of each figure."""
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    Path("public").mkdir()
    options = ("--origin", "public", "--beacons", "beacons.jsonl", "--access-log", "access.log")
    views = list(made_views(60, share=0.5))
    with Program(*options, "--beacon-path", "/collect") as program:
        for view in views:
            assert ask(program.port, f"/collect?{query_of(view)}", "POST").status == 204
        assert ask(program.port, "/collect?edgio_view=1", "POST").status == 400
        program.send(signal.SIGTERM)
        assert program.ended() == 0
    reports = []
    for names in (["beacons.jsonl"], ["access.log"], ["beacons.jsonl", "access.log"]):
        assert main(["report", *names, "--format", "json"]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    assert [found["views"] for found in reports] == [60, 60, 60]
    figures = [[one for row in found["compared"] for one in row["figures"]] for found in reports]
    differences = [[one["difference"] for one in found] for found in figures]
    assert differences[0] == differences[1] == differences[2]
    assert figures[0] == figures[2]
    assert any(one["low"] is not None for one in figures[0])
    # The access log has whose a view is, and here all are of one visitor.
    assert not any(one["low"] is not None for one in figures[1])
    assert reports[2]["left_out"] == 60
    assert reports[1]["problems"] == {"no such browser": 1}


def test_a_file_that_cannot_be_written_ends_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the option that names it."""
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    Path("public").mkdir()
    assert main(["serve", "--origin", "public", "--port", "0", "--beacons", "none/b.jsonl"]) == 2
    assert '--beacons "none/b.jsonl" cannot be written' in capsys.readouterr().err
