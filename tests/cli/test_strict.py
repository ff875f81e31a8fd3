"""Warnings that fail where they are asked to, reports that hold everything, and words that are not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter.authoring.loader import load
from prefetchrouter.cli import COMMANDS, main
from prefetchrouter.errors import RoutesError

WARNED = """\
from prefetchrouter import Router
router = Router().match("/a/[id]", caching={"max_age": "1h"})
"""
CLEAN = WARNED.replace("[id]", ":id")
BOTH = """\
from prefetchrouter import Router
router = (
    Router()
    .match("/a/[id]", caching={"max_age": "1h"})
    .match("/b", caching={"max_age": "1hr"})
    .match("/c", Router().match("/d", caching={"bypass_cache": True, "max_age": "1h"}))
    .match({"pth": "/e"}, caching={"max_age": "1h"})
)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> None:
    Path("routes.py").write_text(text, encoding="utf-8")


def test_a_warning_fails_a_strict_build_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the option it is only told."""
    write(WARNED)
    assert main(["build", "--strict"]) == 1
    err = capsys.readouterr().err
    assert "routes.py:2: warning:" in err
    assert "1 warning, which --strict does not allow" in err
    assert not Path("dist").exists()
    assert main(["build"]) == 0


def test_a_strict_check_fails_though_the_files_are_up_to_date() -> None:
    """And passes when there is nothing to warn of."""
    write(WARNED)
    assert main(["build"]) == 0
    assert main(["build", "--check"]) == 0
    assert main(["build", "--check", "--strict"]) == 1
    write(CLEAN)
    assert main(["build", "--strict"]) == 0
    assert main(["build", "--check", "--strict"]) == 0


def test_a_strict_serve_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    """It could not run: exit code 2."""
    write(WARNED)
    assert main(["serve", "--strict", "--origin", ".", "--port", "0"]) == 2
    assert '"[id]" is not a parameter here' in capsys.readouterr().err


def test_one_report_holds_the_errors_and_the_warnings_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of single rules, and those that only the whole router has."""
    write(BOTH)
    assert main(["build", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [(found["code"], found["line"]) for found in report["errors"]] == [
        ("duration", 5),
        ("unknown-criterion", 7),
    ]
    assert {(found["code"], found["line"]) for found in report["warnings"]} == {
        ("unlikely-pattern", 4),
        ("never-matches", 6),
        ("no-effect", 6),
    }
    assert {found["severity"] for found in report["warnings"]} == {"warning"}
    assert main(["build"]) == 1
    err = capsys.readouterr().err
    assert err.endswith("2 problems and 3 warnings\n")


def test_the_errors_of_a_loaded_file_come_before_its_warnings() -> None:
    """The code of the error is that of the first error."""
    write(BOTH)
    with pytest.raises(RoutesError) as raised:
        load("routes.py")
    severities = [found.severity for found in raised.value.diagnostics]
    assert severities == sorted(severities)
    assert raised.value.code == "duration"


def test_strict_warnings_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    """No error is invented."""
    write(WARNED)
    assert main(["build", "--strict", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["errors"] == []
    assert [found["code"] for found in report["warnings"]] == ["unlikely-pattern"]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_is_never_abbreviated(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that is added later would change what a script means."""
    typed = {
        "explain": ["explain", "/a", "--form", "json"],
        "lab": ["lab", "http://localhost/", "--form=json"],  # a word behind it would be one more URL
    }
    with pytest.raises(SystemExit) as raised:
        main(typed.get(command, [command, "--form", "json"]))
    assert raised.value.code == 2
    err = capsys.readouterr().err
    assert f"usage: prefetchrouter {command}" in err
    assert 'did you mean "--format"?' in err


def test_a_misspelled_word_is_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads all errors the same way."""
    with pytest.raises(SystemExit):
        main(["build", "--format", "json", "--strct"])
    (found,) = json.loads(capsys.readouterr().out)["errors"]
    assert (found["code"], found["hint"]) == ("command-line", 'did you mean "--strict"?')


def test_a_fact_of_serve_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It becomes part of header values."""
    write(CLEAN)
    assert main(["serve", "--fact", "device.brand_name=a\nb"]) == 2
    assert "text on one line" in capsys.readouterr().err
