"""`prefetchrouter init`: a starter that builds, and whose test passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from prefetchrouter.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_writes_the_routes_and_their_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says what to do next."""
    assert main(["init"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["routes.py", "test_routes.py"]
    out = capsys.readouterr().out
    assert "wrote routes.py\nwrote test_routes.py\n" in out
    assert "prefetchrouter build" in out
    assert "prefetchrouter serve routes.py --origin http://localhost:3000\n" in out


def test_the_example_is_the_shop_that_serve_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rules and tests of `examples`, to be changed while they are served."""
    assert main(["init", "--example"]) == 0
    for name in ("routes.py", "test_routes.py"):
        assert (folder / name).read_bytes() == (EXAMPLES / name).read_bytes()
    assert "prefetchrouter serve routes.py --example\n" in capsys.readouterr().out


def test_init_takes_a_folder(folder: Path) -> None:
    """It need not be there."""
    assert main(["init", "sites/shop"]) == 0
    assert (folder / "sites" / "shop" / "routes.py").is_file()


def test_the_starter_builds(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a warning."""
    main(["init"])
    assert main(["build", "--format", "json"]) == 0
    assert '"warnings": []' in capsys.readouterr().out


def test_the_starters_test_passes() -> None:
    """Run as the message says."""
    main(["init", "site"])
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "site"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert finished.returncode == 0, finished.stdout


def test_the_starter_is_formatted_and_typed() -> None:
    """As the user's own checks will want it."""
    main(["init"])
    for check in (
        ["ruff", "check", "--isolated"],
        ["ruff", "format", "--isolated", "--check", "--line-length=110"],
    ):
        finished = subprocess.run([sys.executable, "-m", *check, "."], capture_output=True, encoding="utf-8")
        assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("name", ["routes.py", "test_routes.py"])
def test_init_overwrites_nothing(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """If one of the files is there, neither is written."""
    Path(name).write_text("mine")
    assert main(["init"]) == 2
    assert f"{name} already exists [output]" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in folder.iterdir()} == {name: "mine"}
