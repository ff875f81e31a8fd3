"""The README's run of the example, its picture, and its promises about the commands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.blocks import ROOT, blocks, section
from prefetchrouter import cli

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE_RUN = "$ prefetchrouter build examples/routes.py\n"


def any_gzip(text: str) -> str:
    """Leave out what depends on the version of zlib."""
    return re.sub(r"[\d,]+ gzipped", "... gzipped", text)


def test_the_run_of_the_example_is_what_build_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The output in the README is real."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["build", "examples/routes.py"]) == 0
    (shown,) = [block.text for block in blocks(README) if block.text.startswith(EXAMPLE_RUN)]
    assert any_gzip(shown) == any_gzip(EXAMPLE_RUN + capsys.readouterr().out)


def test_the_picture_is_what_build_prints() -> None:
    """docs/images/build.svg is drawn from a run that is still the same. Stale? Run the script."""
    script = ROOT / "scripts" / "make_terminal_picture.py"
    made = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")


def test_five_mistakes_are_shown_each_with_its_own_code() -> None:
    """Whoever breaks the rules in the five ways of the README gets a cure, a different one each time."""
    transcripts = [block.text for block in blocks(section(README, "Break it")) if block.info == "console run"]
    codes = [re.findall(r"\[([a-z-]+)\]$", text, re.M) for text in transcripts]
    assert 5 == len(transcripts) == len({code for (code,) in codes})


def test_the_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    """What the README tells to type exists."""
    commands = set(re.findall(r"\bmake ([a-z]+)", " ".join(block.text for block in blocks(README)) + README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"demo", "test"} <= commands <= targets
