"""`prefetchrouter completion`: the script of bash, in a real bash; those of all shells name each command."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from prefetchrouter.cli import COMMANDS, main
from prefetchrouter.cli.completion import SHELLS
from prefetchrouter.engines.programs import EMBEDDED, ENGINES


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str]) -> str:
    """The script of bash."""
    assert main(["completion", "bash"]) == 0
    return capsys.readouterr().out


def completed(script: str, folder: Path, *words: str) -> list[str]:
    """What bash proposes for the last word."""
    bash = shutil.which("bash")
    assert bash is not None
    asks = (
        'source "$1"; shift; COMP_WORDS=(prefetchrouter "$@"); COMP_CWORD=$#; COMPREPLY=()\n'
        '_shtab_prefetchrouter; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    (folder / "completion.bash").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [bash, "--norc", "--noprofile", "-c", asks, "bash", str(folder / "completion.bash"), *words],
        cwd=folder, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.splitlines()))


def test_bash_completes_commands_options_and_values(script: str, tmp_path: Path) -> None:
    assert completed(script, tmp_path, "") == sorted(COMMANDS)
    assert completed(script, tmp_path, "de") == ["deploy-check"]
    assert completed(script, tmp_path, "serve", "--eng") == ["--engine"]
    assert completed(script, tmp_path, "serve", "--engine", "") == sorted((EMBEDDED, *ENGINES))
    assert completed(script, tmp_path, "lint", "--format", "s") == ["sarif"]
    assert completed(script, tmp_path, "completion", "f") == ["fish"]


def test_bash_completes_files_and_folders(script: str, tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "routes.py").touch()
    assert "routes.py" in completed(script, tmp_path, "build", "ro")
    assert completed(script, tmp_path, "site", "pu") == ["public"]
    assert completed(script, tmp_path, "site", "rou") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_script_has_all_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["shell"] == shell
    assert all(command in found["script"] for command in COMMANDS)
    program = shutil.which(shell)
    if program is not None:
        subprocess.run([program, "-n"], input=found["script"], text=True, timeout=60, check=True)


def test_another_shell_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "fsh"]) == 2
    assert 'did you mean "fish"?' in capsys.readouterr().err
