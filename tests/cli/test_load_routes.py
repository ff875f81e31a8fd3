"""A routes file that never ends does not hold a command up for ever."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from prefetchrouter import load
from prefetchrouter.cli import load_routes, main

START = "from prefetchrouter import Router\nrouter = Router()\n"
HURRY = START.removesuffix("\n") + "; import signal; signal.raise_signal(signal.SIGALRM)\n"
"""The same, for which the first alarm comes now: the time that counts passes in the lines that follow."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def impatient(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon after the first alarm, which is long in coming by itself."""
    monkeypatch.setattr(load_routes, "PATIENCE_SECONDS", load_routes.SLOW_SECONDS * 200 + 0.3)
    monkeypatch.setattr(load_routes, "SLOW_SECONDS", load_routes.SLOW_SECONDS * 200)
    monkeypatch.setattr(load_routes, "_AGAIN_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", [["build"], ["explain", "/a"]])
@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("while True:\n    pass\n", (3, 4)),
        ("import time\ntime.sleep(999)\n", (4, 4)),
        ("import helper\nhelper.wait()\n", (4, 4)),
        ("while True:\n    try:\n        int('')\n    except Exception:\n        pass\n", (3, 7)),
        ("done = 0\nwhile done < 3:\n    try:\n        while True: pass\n    except BaseException:\n"
         "        done += 1\nwhile True: pass\n", (4, 9)),
    ],
)  # fmt: skip
def test_what_never_ends_is_given_up_with_its_line(
    command: list[str], code: str, line: tuple[int, int], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether it computes, waits or swallows exceptions; nothing is written."""
    Path("helper.py").write_text("import threading\ndef wait():\n    threading.Event().wait()\n")
    Path("routes.py").write_text(HURRY + code)
    assert main(command) == 2
    announced, problem, cure = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"routes\.py:\d is still running after 600 seconds", announced)
    found = re.fullmatch(
        r"routes\.py:(\d): error: it is still running after 600\.3 seconds \[import-failed\]", problem
    )
    assert found is not None
    assert line[0] <= int(found[1]) <= line[1]
    assert cure == "  look for a loop that never ends, or for a call that waits"
    assert sorted(path.name for path in folder.iterdir()) == ["helper.py", "routes.py"]


def test_a_thread_that_the_file_leaves_running_does_not_keep_the_command_alive() -> None:
    """The command's work is done by then, its output is complete, and its exit code is its own."""
    thread = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    Path("routes.py").write_text(START + thread)
    command = [sys.executable, "-m", "prefetchrouter", "build"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    assert "0 rules, 0 in the manifest" in done.stdout
    assert Path("dist/ruleset.json").is_file()


def test_a_file_that_ends_leaves_no_timer_behind() -> None:
    """Nor a handler of signals."""
    Path("routes.py").write_text(START)
    assert main(["build"]) == 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_another_alarm_is_kept() -> None:
    """Then the file may take as long as it likes."""

    def own(number: int, frame: object) -> None: ...

    signal.signal(signal.SIGALRM, own)
    try:
        Path("routes.py").write_text(START + "import time\ntime.sleep(0.2)\n")
        assert main(["build"]) == 0
        assert signal.getsignal(signal.SIGALRM) is own
        assert load("routes.py").rule_set.rules == ()
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
