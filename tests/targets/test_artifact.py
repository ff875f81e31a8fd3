"""What could not all be written into one folder is refused before anything is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from prefetchrouter.errors import TargetError
from prefetchrouter.targets import Artifact
from prefetchrouter.targets.artifact import check_artifacts


def test_sizes_are_those_of_the_bytes() -> None:
    """As they are on disk, and as they travel."""
    file = Artifact("a", "ö" * 1000)
    assert file.size_bytes == 2000
    assert len(gzip.compress(file.text.encode(), mtime=0)) == file.gzipped_bytes < 100


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/", "c:/a", "a\\b", "..", "."]
)
def test_a_path_stays_inside_the_output_folder(path: str) -> None:
    """Also on Windows."""
    with pytest.raises(TargetError, match="writes to") as raised:
        check_artifacts([("a", Artifact(path, ""))])
    assert raised.value.code == "broken-target"


@pytest.mark.parametrize("pair", [("x", "x"), ("x", "X"), ("x", "x/y"), ("x/y", "x"), ("x/y/z", "x/Y")])
def test_two_targets_cannot_want_the_same_place(pair: tuple[str, str]) -> None:
    """Nor one a file where the other wants a folder, nor names that differ only in letter case."""
    with pytest.raises(TargetError, match='the targets "a" and "b" both write "x'):
        check_artifacts(zip("ab", (Artifact(path, "") for path in pair), strict=True))
    with pytest.raises(TargetError, match=r'the target "a" writes "x.*" twice'):
        check_artifacts(("a", Artifact(path, "")) for path in pair)


def test_files_of_one_folder_can_come_from_several_targets() -> None:
    """The folder itself belongs to no one."""
    check_artifacts([("a", Artifact("x/y", "")), ("b", Artifact("x/z", "")), ("b", Artifact("z", ""))])


@pytest.mark.parametrize("wrong", ["text", None, Artifact("a", "\ud800")])
def test_what_is_not_a_file_is_refused(wrong: Any) -> None:
    """A printer of another package may return anything."""
    with pytest.raises(TargetError):
        check_artifacts([("a", wrong)])


def test_the_old_name_of_its_path_works_with_a_warning() -> None:
    """It says what to write, and points at the line that uses it."""
    with pytest.warns(DeprecationWarning, match=r"Artifact.name is now .*; write \.path") as warned:
        assert Artifact("a/b.txt", "").name == "a/b.txt"
    assert warned[0].filename == __file__
