"""Writes files into a folder: all of them, or none.

Every file is first written in full into a hidden folder beside its destination. Only then does each take its
place by a rename, and what it replaces is kept until the last one is there. When anything fails on the way
(a folder where a file should go, no rights, a full disk, Ctrl+C), the earlier files are put back. What a
rename cannot survive is a kill of the process, or of the machine, between two of them; `build --check` then
says that the files differ.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from prefetchrouter.errors import OutputError


def write_all(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder: all of them, or none.

    Args:
        files: The content of each file by its path in the folder. Other files of the folder stay.
        folder: Where they go. It is made when it is missing, and gone again when writing fails.

    Raises:
        OutputError: A file cannot be written. Everything is as it was before.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_all({"a.txt": b"a", "b/c.txt": b"c"}, Path(folder))
        ...     sorted(path.name for path in Path(folder).rglob("*.txt"))
        ['a.txt', 'c.txt']
    """
    writing = _Writing(folder)
    try:
        writing.make_folder(folder)
        with tempfile.TemporaryDirectory(prefix=".build-", dir=folder) as hidden:
            try:
                writing.write(files, Path(hidden))
            except BaseException:
                writing.undo()
                raise
    except OSError as error:
        writing.remove_folders()
        reason = error.strerror or str(error)
        raise OutputError.of("output", f"{writing.path} cannot be written to: {reason}") from None
    except BaseException:
        writing.remove_folders()
        raise


class _Replaced(NamedTuple):
    """A file that has taken its place, or was about to."""

    staged: Path
    destination: Path
    before: Path | None

    def undo(self) -> None:
        """Put back the earlier file, if the new one has taken its place."""
        if self.staged.exists():  # the rename has not happened
            return
        if self.before is None:
            self.destination.unlink()
        else:
            os.replace(self.before, self.destination)


class _Writing:
    """What has been done so far, so that it can be undone.

    Args:
        folder: Where the files go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder
        """What is being written: the one to name when it fails."""
        self._made: list[Path] = []
        self._replaced: list[_Replaced] = []

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, and remember which of them were missing."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            self._made.append(path)  # noted first: Ctrl+C can come between any two lines
            path.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)  # raises when it is there, but is not a folder

    def write(self, files: Mapping[str, bytes], hidden: Path) -> None:
        """Write all files into the hidden folder, then let each take its place."""
        for name, content in files.items():
            self.path = self.folder
            staged = hidden / "new" / name
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(content)
        for name in files:
            self.path = self.folder / name
            self.make_folder(self.path.parent)
            # Where the path is a link, the file it leads to is the one to replace.
            destination = self.path.resolve() if self.path.is_symlink() else self.path
            before = _kept(destination, hidden / "old" / name)
            replaced = _Replaced(hidden / "new" / name, destination, before)
            self._replaced.append(replaced)  # noted first, as a folder is
            os.replace(replaced.staged, destination)

    def undo(self) -> None:
        """Put back as much as possible of what was replaced, and remove what is new."""
        while self._replaced:
            with contextlib.suppress(OSError):  # the others are still put back
                self._replaced.pop().undo()

    def remove_folders(self) -> None:
        """Remove the folders that were made."""
        while self._made:
            with contextlib.suppress(OSError):  # somebody else has put a file there by now
                self._made.pop().rmdir()


def _kept(path: Path, copy: Path) -> Path | None:
    """Return where a file is kept for later, or None if there is no such file."""
    if not path.exists() or path.is_dir():  # a folder makes the rename fail, and stays
        return None
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, copy)
    except OSError:  # a file system without hard links
        shutil.copy2(path, copy)
    return copy
