"""``prefetchrouter lint``: its options, its formats, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

import machine
from prefetchrouter.cli import main

ROUTES = """\
from prefetchrouter import Router

router = (
    Router()
    .match("/p/new", caching={"max_age": "5m"})
    .match("/p/:id", caching={"max_age": "1h"})
)
"""


@pytest.fixture(autouse=True)
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with one finding."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "routes.py"
    file.write_text(ROUTES, encoding="utf-8")
    return file


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What it prints as JSON."""
    main(["lint", *words])
    return json.loads(capsys.readouterr().out)


def test_findings_are_exit_code_1_and_none_0(routes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And what cannot be read is 2."""
    assert main(["lint"]) == 1
    assert "routes.py:5: warning: what it sets is always replaced by routes.py:6" in capsys.readouterr().out
    assert main(["lint", "--ignore", "lint/never-wins"]) == 0
    assert capsys.readouterr().out == "no findings\n"
    assert main(["lint", "nowhere.py"]) == 2
    assert main(["lint", "--select", "lint/never"]) == 2


def test_json_has_the_witness_of_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """As a request that a program can send."""
    [found] = printed(capsys, "--format", "json")["findings"]
    assert (found["code"], found["line"], found["witness"]["url"]) == (
        "lint/never-wins",
        5,
        "https://localhost/p/new",
    )


def test_github_shows_findings_beside_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """With the file, the line and the code."""
    assert main(["lint", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith(
        "::warning file=routes.py,line=5,title=lint/never-wins::what it sets is"
    )


def test_sarif_has_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    """The line, and the check that found it."""
    log = printed(capsys, "--format", "sarif")
    [result] = log["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], region["startLine"]) == ("lint/never-wins", 5)


@pytest.mark.needs("sarif-schema")
def test_sarif_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    """Against the schema of SARIF 2.1.0."""
    schema = json.loads(machine.SARIF_SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator(schema).validate(printed(capsys, "--format", "sarif"))


def test_fixes_are_written_until_the_file_loads(routes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two misspelled features in one file; the comment stays."""
    routes.write_text(
        "from prefetchrouter import Router\n"
        "router = Router().match('/a', caching={'max_agee': '1h'})  # one\n"
        "router.match('/b', {'cachng': {'max_age': '1h'}})\n"
    )
    assert main(["lint", "--fix"]) == 0
    assert capsys.readouterr().out == "no findings, 2 fixed\n"
    assert "caching={'max_age': '1h'})  # one\nrouter.match('/b', {'caching':" in routes.read_text()


def test_errors_without_a_fix_are_said_as_in_a_build(
    routes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exit code of findings, as there."""
    routes.write_text(
        "from prefetchrouter import Router\nrouter = Router().match('/a', caching={'max_age': 'soon'})\n"
    )
    assert main(["lint", "--fix"]) == 1
    assert "routes.py:2: error:" in capsys.readouterr().err


def test_a_built_rule_set_is_linted_without_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The witness leads to the rule."""
    assert main(["build", "--out", "built"]) == 0
    capsys.readouterr()
    [found] = printed(capsys, "built/ruleset.json", "--format", "json")["findings"]
    assert (found["code"], found["line"]) == ("lint/never-wins", None)


def test_the_list_names_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that run only when they are selected."""
    found = printed(capsys, "--list", "--format", "json")
    assert {
        key: value
        for key, value in next(each for each in found if each["code"] == "lint/stale-window").items()
        if key != "summary"
    } == {"code": "lint/stale-window", "by_default": False}
