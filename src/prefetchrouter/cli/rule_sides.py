"""The rules that a command compares: of a routes file, a rule set as JSON, or a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.rules.rule_set import RuleSet
    from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class Side:
    """Rules, and how they are named.

    Args:
        name: As the user wrote it.
        rule_set: The rules.
        folder: Where the files of a revision are for the time of the command; None for files of this folder.
    """

    name: str
    rule_set: RuleSet
    folder: Path | None = None

    def line(self, source: Source) -> str:
        """Return a line of the rules: of a revision with its name, as git writes it."""
        if self.folder is not None and Path(source.file).is_relative_to(self.folder):
            revision = self.name.partition(":")[0]
            return f"{revision}:{Path(source.file).relative_to(self.folder).as_posix()}:{source.line}"
        return str(source)


def read_side(argument: str, routes: str, stack: ExitStack) -> Side:
    """Return the rules that an argument names.

    Args:
        argument: The path of a routes file, or of a rule set with the ending ``.json``; or a git revision,
            such as ``main``, ``HEAD~1`` or ``main:sites/shop/routes.py``.
        routes: The routes file of a revision, where the argument does not name it.
        stack: Removes the files of a revision when it is closed.

    Raises:
        LoadError: There is no such file and no such revision, or the rules in it are wrong.
    """
    from prefetchrouter.errors import LoadError, RuleError

    path = Path(argument)
    try:
        if path.suffix == ".json" and path.is_file():
            return Side(argument, _rule_set(path))
        if path.is_file() or (path.suffix == ".py" and ":" not in argument):
            return Side(argument, _loaded(argument))
        return _of_revision(argument, routes, stack)
    except RuleError as error:
        # Invalid rules are not a finding of a comparison: exit code 2, not 1.
        raise LoadError(*error.diagnostics) from None


def _rule_set(path: Path) -> RuleSet:
    from prefetchrouter.errors import LoadError
    from prefetchrouter.rules.rule_set import RuleSet

    try:
        return RuleSet.from_json(path.read_bytes())
    except OSError as error:
        raise LoadError.of("file-unreadable", f"{path} cannot be read: {error.strerror}") from None


def _loaded(path: str) -> RuleSet:
    from prefetchrouter.cli.load_routes import load_routes

    return load_routes(path).rule_set


def _of_revision(argument: str, routes: str, stack: ExitStack) -> Side:
    from prefetchrouter.errors import LoadError, shown

    revision, _, file = argument.partition(":")
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if revision.startswith("-") or commit is None:
        raise LoadError.of(
            "file-not-found",
            f"{shown(argument)} is neither a file nor a git revision",
            expected="a routes file, a rule set as .json, or a revision such as main or HEAD~1",
        )
    top = _git("rev-parse", "--show-toplevel")
    archive = _git("-C", (top or b".").decode().strip(), "archive", "--format=tar", commit.decode().strip())
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="prefetchrouter-"))).resolve()
    with tarfile.open(fileobj=io.BytesIO(archive or b"")) as files:
        files.extractall(folder, filter="data")
    # A path behind a colon counts from the top of the repository, as for git; another one from this folder.
    inside = Path((_git("rev-parse", "--show-prefix") or b"").decode().strip()) / routes
    found = folder / (file or inside)
    if not found.resolve().is_relative_to(folder) or not found.is_file():
        raise LoadError.of(
            "file-not-found",
            f"{revision} has no file {shown(file or inside.as_posix())}",
            hint=f'name it: "{revision}:PATH"',
        )
    return Side(argument, _loaded(str(found)), folder)


def _git(*words: str) -> bytes | None:
    """Return what git prints, or None if it fails, or is not installed."""
    try:
        return subprocess.run(
            ["git", *words], capture_output=True, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
