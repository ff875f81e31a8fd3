"""A file that a target writes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from prefetchrouter.errors import TargetError, shown
from prefetchrouter.moved import warn_of_attribute


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a build.

    Args:
        path: Its path in the output folder, with ``/`` between the parts.
        text: Its content.

    Example:
        >>> Artifact("varnish/default.vcl", "vcl 4.1;\\n").size_bytes
        9
    """

    path: str
    text: str

    @property
    def name(self) -> str:
        """The old name of `path`."""
        warn_of_attribute("targets.Artifact", "name", "path")
        return self.path

    @property
    def size_bytes(self) -> int:
        """Its size."""
        return len(self.text.encode())

    @property
    def gzipped_bytes(self) -> int:
        """Its size as servers send it: few compress more than level 6 does, which is the usual one."""
        return len(gzip.compress(self.text.encode(), 6, mtime=0))


def check_artifacts(artifacts: Iterable[tuple[str, Artifact]]) -> None:
    """Refuse artifacts that could not all be written into one folder, before any of them is.

    Args:
        artifacts: Each with the name of its target.

    Raises:
        TargetError: It is not an artifact or not text, its path is outside the folder, or two targets want
            the same place.

    Example:
        >>> check_artifacts([("a", Artifact("x", "")), ("b", Artifact("x/y", ""))])
        Traceback (most recent call last):
        prefetchrouter.errors.TargetError: the targets "a" and "b" both write "x" [broken-target]
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name, artifact in artifacts:
        _check(name, artifact)
        path = PurePosixPath(artifact.path)
        # Some file systems hold A and a for the same file.
        own = str(path).casefold()
        above = [str(folder).casefold() for folder in path.parents[:-1]]
        other = files.get(own) or folders.get(own) or next((files[f] for f in above if f in files), None)
        if other is not None:
            place = next((folder for folder in (*above, own) if folder in files), own)
            raise _error(
                f"the target {shown(name)} writes {shown(place)} twice"
                if name == other
                else f"the targets {shown(other)} and {shown(name)} both write {shown(place)}"
            )
        files[own] = name
        for folder in above:
            folders.setdefault(folder, name)


def _check(name: str, artifact: object) -> None:
    if not isinstance(artifact, Artifact):
        raise _error(f"the target {shown(name)} printed {shown(artifact)}", expected="an Artifact")
    path: object = artifact.path
    if not isinstance(path, str) or not _stays_inside(path):
        raise _error(
            f"the target {shown(name)} writes to {shown(path)}",
            expected='a path inside the output folder, such as "varnish/default.vcl"',
        )
    text: object = artifact.text
    if not isinstance(text, str):
        raise _error(f"the target {shown(name)} writes {shown(path)} as {shown(text)}", expected="text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _error(f"the target {shown(name)} writes {shown(path)} with half a character") from None


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return (
        path.isprintable() and "\\" not in path and ":" not in parts[0] and not {"", ".", ".."} & set(parts)
    )


def _error(message: str, *, expected: str | None = None) -> TargetError:
    return TargetError.of("broken-target", message, expected=expected)
