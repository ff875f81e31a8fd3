"""`prefetchrouter schema`: what it prints accepts the files that the other commands write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from prefetchrouter.cli import main
from prefetchrouter.cli.schema import FILES

ROUTES = """\
from prefetchrouter import Router

router = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
"""
LINES = [
    f'192.0.2.{visitor} - - [30/Nov/2026:10:00:0{page} +0000] "GET /pages/{page} HTTP/1.1" 200 9 "-" "Moz"\n'
    for visitor in range(20)
    for page in (1, 2)
]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_was_written_is_valid(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES, encoding="utf-8")
    Path("access.log").write_text("".join(LINES), encoding="utf-8")
    assert main(["build"]) == 0
    assert main(["learn", "access.log"]) == 0
    capsys.readouterr()
    assert main(["schema", file]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    written = {"ruleset": Path("dist/ruleset.json"), "navigation": Path("navigation.json")}[file]
    document = json.loads(written.read_text(encoding="utf-8"))
    assert document
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert list(Draft202012Validator(schema).iter_errors({}))


def test_another_file_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "rulest"]) == 2
    assert 'did you mean "ruleset"?' in capsys.readouterr().err
