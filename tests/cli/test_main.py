"""The program around the commands: help that is quick, exit codes, colour, and errors no one foresaw."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import prefetchrouter.cli as cli
from prefetchrouter.cli import COMMANDS, main

ROUTES = "from prefetchrouter import Router\nrouter = Router().match('/a', caching={'max_age': '1h'})\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    return tmp_path


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def in_terminal(*arguments: str, **environment: str) -> str:
    """What the program prints to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "prefetchrouter", *arguments]
    env = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=env
    ) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # the other side has closed
                break
            if not chunk:
                break
            printed += chunk
        process.wait(timeout=60)
    os.close(ours)
    return printed.decode()


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """It lists every command."""
    assert main([]) == 0
    out = capsys.readouterr().out
    assert all(command in out for command in COMMANDS)
    assert "exit codes: 0 success, 1 findings, 2 the command could not run" in out


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Neither pydantic nor jinja2, nor any module of rules, so that it answers at once."""
    loaded = (
        python(
            "import sys\nfrom prefetchrouter.cli import main\n"
            f"try:\n    main({arguments!r})\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
            "print('LOADED', *(name for name in sys.modules))"
        )
        .partition("LOADED")[2]
        .split()
    )
    heavy = {"pydantic", "pydantic_core", "jinja2", "parse", "typing_extensions", "asyncio"}
    assert not heavy & set(loaded)
    assert not [name for name in loaded if name.startswith("prefetchrouter.rules")]


def test_an_unknown_command_answers_2(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    with pytest.raises(SystemExit) as raised:
        main(["bild"])
    assert raised.value.code == 2
    assert "build" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """As it is installed."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"prefetchrouter {version('prefetchrouter')}\n"


def broken(error: BaseException) -> Any:
    """A command that raises."""

    def run(_: object) -> int:
        raise error

    return SimpleNamespace(add_arguments=lambda _: None, run=run)


def test_an_error_that_no_one_foresaw_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the way to see more."""
    monkeypatch.setattr(cli, "_module", lambda _: broken(ZeroDivisionError("division by zero")))
    assert main(["build"]) == 2
    err = capsys.readouterr().err
    assert "error: ZeroDivisionError: division by zero [internal]" in err
    assert "--debug" in err


def test_debug_lets_an_error_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python shows it."""
    monkeypatch.setattr(cli, "_module", lambda _: broken(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["build", "--debug"])


def test_an_interrupt_answers_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As shells have it."""
    monkeypatch.setattr(cli, "_module", lambda _: broken(KeyboardInterrupt()))
    assert main(["build"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_terminal_gets_colour() -> None:
    """What is listed is green."""
    assert "\x1b[32m" in in_terminal("build", NO_COLOR="")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb", "NO_COLOR": ""}])
def test_a_terminal_that_wants_no_colour_gets_none(environment: dict[str, str]) -> None:
    """By NO_COLOR, or since it can show none."""
    printed = in_terminal("build", **environment)
    assert "in the manifest" in printed
    assert "\x1b" not in printed


def test_what_the_output_cannot_show_is_escaped() -> None:
    """An old locale does not make it fail."""
    Path("routes.py").write_text(ROUTES.replace("/a", "/ä"), encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "prefetchrouter", "build"],
        capture_output=True,
        env={
            **os.environ,
            "LC_ALL": "C",
            "PYTHONIOENCODING": "",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    assert b"path matches /\\xe4" in finished.stdout


def test_the_console_script_is_the_same_program() -> None:
    """Both names lead to `main`."""
    script = Path(sys.executable).parent / "prefetchrouter"
    finished = subprocess.run([script, "--help"], capture_output=True, encoding="utf-8", timeout=60)
    module = subprocess.run(
        [sys.executable, "-m", "prefetchrouter", "--help"], capture_output=True, encoding="utf-8", timeout=60
    )
    assert (finished.returncode, finished.stdout) == (0, module.stdout)
