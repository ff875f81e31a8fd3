"""`prefetchrouter doctor`: exit codes, and what it says of this machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from prefetchrouter.cli import COMMANDS, main
from prefetchrouter.cli.serve import EXTRA
from prefetchrouter.engines.programs import ENGINES


def test_json_has_each_command_and_engine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in report["commands"]] == [*COMMANDS, *ENGINES, "pytest"]
    assert {each["name"] for each in report["packages"] if each["extra"] == "serve"} >= EXTRA
    assert report["system"]["program"] == sys.executable


def test_what_is_named_has_to_be_ready(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor", "build", "serve", "pytest"]) == 0
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("prefetchrouter.engines.program._ELSEWHERE", ())
    assert main(["doctor", "build", "deno"]) == 1
    out = capsys.readouterr().out
    assert "serve --engine deno: deno is not installed\n    npm install --global deno" in out


def test_a_misspelled_name_has_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "ngnix"]) == 2
    assert 'did you mean "nginx"?' in capsys.readouterr().err


def test_an_environment_without_what_is_always_needed_is_described_too() -> None:
    """That is when one runs it."""
    code = (
        "import sys, importlib.metadata as metadata\n"
        "found = metadata.distribution\n"
        "def distribution(name):\n"
        "    if name in ('jinja2', 'pydantic'): raise metadata.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "metadata.distribution = distribution\n"
        "sys.modules.update({'jinja2': None, 'pydantic': None, 'parse': None})\n"
        "from prefetchrouter.cli import main\n"
        "sys.exit(main(['doctor']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    printed = " ".join(done.stdout.split())
    assert "missing: jinja2>=3.1, pydantic>=2.11" in printed
    assert "site: jinja2>=3.1, pydantic>=2.11 pip install prefetchrouter" in printed
