"""Files are written all or none, whatever fails between two of them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter.errors import OutputError
from prefetchrouter.output.writing import write_all

OLD = {"a.json": "old a", "site/b.js": "old b"}
NEW = {"a.json": b"new a", "site/b.js": b"new b", "site/deep/c.js": b"new c", "d.js": b"new d"}


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too, and the folders as empty ones."""
    return {
        path.relative_to(folder).as_posix(): "folder" if path.is_dir() else path.read_text()
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with earlier files, and one that is not ours."""
    for name, text in {**OLD, "mine.txt": "mine"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_all_files_are_written_and_others_stay(folder: Path) -> None:
    """Folders are made where they are missing."""
    write_all(NEW, folder)
    written = {name: text for name, text in tree(folder).items() if text != "folder"}
    assert written == {**{name: content.decode() for name, content in NEW.items()}, "mine.txt": "mine"}


def test_the_bytes_on_disk_are_those_given(tmp_path: Path) -> None:
    """No line ending is translated."""
    write_all({"a": "ö\r\n\n".encode()}, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"\xc3\xb6\r\n\n"


@pytest.mark.parametrize("blocked", list(NEW))
def test_a_folder_in_the_place_of_any_file_changes_nothing(folder: Path, blocked: str) -> None:
    """The folder stays, and the message names the file."""
    (folder / blocked).unlink(missing_ok=True)
    (folder / blocked / "inside").mkdir(parents=True)
    before = tree(folder)
    with pytest.raises(OutputError, match=f"{blocked} cannot be written to: Is a directory") as raised:
        write_all(NEW, folder)
    assert raised.value.code == "output"
    assert tree(folder) == before


CALLS: list[tuple[Any, str]] = [(os, "replace"), (Path, "write_bytes"), (Path, "mkdir"), (os, "link")]


FAILURES: list[tuple[str, BaseException]] = [
    ("before", OSError(28, "No space left on device")),
    ("before", KeyboardInterrupt()),
    ("before", MemoryError()),
    ("after", KeyboardInterrupt()),
]
"""When each comes; a call that raises an error of the system has done nothing."""


@pytest.mark.parametrize(("when", "error"), FAILURES)
@pytest.mark.parametrize(("owner", "name"), CALLS, ids=[name for _, name in CALLS])
@pytest.mark.parametrize("number", range(6))
def test_whatever_fails_at_whichever_step_changes_nothing(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    number: int,
    when: str,
    error: BaseException,
) -> None:
    """Each call that touches the disk fails once, at each of its turns; or Ctrl+C comes right after it."""
    before, real, calls = tree(folder), getattr(owner, name), iter(range(1000))

    def fails_once(*arguments: Any, **named: Any) -> Any:
        is_it = next(calls) == number
        if is_it and when == "before":
            raise error
        result = real(*arguments, **named)
        if is_it:
            raise error
        return result

    monkeypatch.setattr(owner, name, fails_once)
    try:
        write_all(NEW, folder)
    except (OutputError, KeyboardInterrupt, MemoryError):
        assert tree(folder) == before
    else:  # there were fewer such calls, or it can do without: then all is written
        assert all((folder / path).read_bytes() == content for path, content in NEW.items())
        assert not [path for path in tree(folder) if ".build-" in path]


@pytest.mark.parametrize("inside", ["", "dist", "a/b"])
def test_a_file_in_the_place_of_the_folder_changes_nothing(tmp_path: Path, inside: str) -> None:
    """Or in the place of one above it."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written to"):
        write_all(NEW, tmp_path / "file" / inside)
    assert tree(tmp_path) == {"file": "mine"}


def test_folders_that_were_made_go_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those above the output folder too."""

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_all(NEW, tmp_path / "x" / "y")
    assert tree(tmp_path) == {}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file it leads to is replaced."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "real.json").write_text("old")
    (tmp_path / "a.json").symlink_to("kept/real.json")
    write_all(NEW, tmp_path)
    assert (tmp_path / "a.json").is_symlink()
    assert (tmp_path / "kept" / "real.json").read_bytes() == NEW["a.json"]


def no_links(source: Any, link: Any) -> None:
    """What a file system without hard links answers."""
    raise PermissionError(1, "Operation not permitted")


def test_it_needs_no_hard_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then what is replaced is copied, mode and all."""
    os.chmod(folder / "a.json", 0o640)
    (folder / "d.js").mkdir()
    monkeypatch.setattr(os, "link", no_links)
    before = tree(folder)
    with pytest.raises(OutputError):
        write_all(NEW, folder)
    assert tree(folder) == before
    assert stat.S_IMODE((folder / "a.json").stat().st_mode) == 0o640


def test_a_folder_that_nothing_may_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so the refusal is made."""

    def refuses(*arguments: Any, **named: Any) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuses)
    with pytest.raises(OutputError, match=f"{tmp_path} cannot be written to: Permission denied"):
        write_all(NEW, tmp_path)


Step = Callable[[Path], object]


@pytest.mark.parametrize("step", [shutil.rmtree, lambda path: (path / "site" / "b.js").unlink()])
def test_what_was_removed_by_hand_is_written_again(tmp_path: Path, step: Step) -> None:
    """The folder or a file of it."""
    write_all(NEW, tmp_path / "dist")
    step(tmp_path / "dist")
    write_all(NEW, tmp_path / "dist")
    assert (tmp_path / "dist" / "site" / "b.js").read_bytes() == b"new b"
