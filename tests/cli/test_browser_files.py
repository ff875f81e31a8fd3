"""`prefetchrouter browser-files`: the built files, at their paths on the site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter.browser.files import browser_files
from prefetchrouter.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_file_is_at_its_path_beside_those_that_are_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "public").mkdir()
    (folder / "public" / "index.html").write_text("mine")
    assert main(["browser-files", "public"]) == 0
    written = {
        f"/{path.relative_to('public')}": path for path in Path("public").rglob("*.*") if path.is_file()
    }
    assert written.pop("/index.html").read_text() == "mine"
    assert {path: file.read_text(encoding="utf-8") for path, file in written.items()} == browser_files()
    out = capsys.readouterr().out
    assert "wrote public/__edgio__/prefetch/install.js\n" in out
    assert 'in your pages: <script src="/__edgio__/prefetch/install.js" defer></script>\n' in out


def test_json_says_which_can_be_stored_for_ever(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["browser-files", "public", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["folder"] == "public"
    immutable = {file["path"]: file["immutable"] for file in report["files"]}
    assert set(immutable) == set(browser_files())
    assert immutable["/__edgio__/prefetch/install.js"] is False
    assert True in immutable.values()


def test_a_folder_that_cannot_be_written_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "public").write_text("a file")
    assert main(["browser-files", "public"]) == 2
    assert "public cannot be written to" in capsys.readouterr().err
