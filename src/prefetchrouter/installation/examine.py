"""What each command needs, and one report of what is there of it."""

from __future__ import annotations

import locale
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from prefetchrouter.installation.found_programs import Program, find_browsers, find_engines, find_tool
from prefetchrouter.installation.packages import BASE, Package, installing, needed_packages
from prefetchrouter.version import VERSION

State = Literal["ready", "in part", "not ready"]

_EXTRA_OF: Final = {"serve": "serve", "lab": "lab"}
"""Commands that do not run without an extra, with its name."""

_PARTS: Final = {
    "import": ("import", "configurations of nginx"),
    "learn": ("learn", "the faster reader of large logs"),
}
"""Commands that run without an extra, except for one part; with what that is."""

_GIT_PARTS: Final = {"diff": "revisions of git"}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether something can run.

    Args:
        name: A command, an engine of `serve`, or ``"pytest"``.
        title: How the report calls it, such as ``"serve --engine nginx"``.
        state: Whether it can.
        lacks: What is missing.
        without: What does not work meanwhile, where the rest does.
        installs: The commands that install what is missing.
    """

    name: str
    title: str
    state: State = "ready"
    lacks: tuple[str, ...] = ()
    without: str | None = None
    installs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstallationReport:
    """What is installed here.

    Args:
        system: The versions and places of this package and of Python, by name.
        packages: Packages that this one needs.
        engines: Programs that serve rules.
        browsers: The browsers that are there.
        readiness: What can run.
    """

    system: Mapping[str, str]
    packages: tuple[Package, ...]
    engines: tuple[Program, ...]
    browsers: tuple[Program, ...]
    readiness: tuple[Readiness, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything is there that each command needs."""
        return all(each.is_right for each in self.packages if each.extra == BASE)


def examine(commands: Iterable[str], *, programs: bool = True) -> InstallationReport:
    """Return what is installed, and which of the commands can run.

    Args:
        commands: The names of all commands.
        programs: Whether to look for engines and browsers, which starts each of them for its version.
    """
    packages = needed_packages()
    is_whole = all(each.is_right for each in packages if each.extra == BASE)
    # The classes of engines import the targets, and so what each command needs.
    engines = find_engines() if programs and is_whole else ()
    browsers = find_browsers() if programs else ()
    git = find_tool("git", "install git, such as with apt-get install git")
    readiness = [_command(name, packages, git) for name in commands]
    readiness += [_engine(found, packages) for found in engines]
    readiness.append(_pytest())
    return InstallationReport(_system(), packages, engines, browsers, tuple(readiness))


def _system() -> dict[str, str]:
    return {
        "prefetchrouter": VERSION,
        "folder": str(Path(__file__).parents[1]),
        "python": platform.python_version(),
        "program": sys.executable,
        "platform": f"{platform.system()} {platform.machine()}",
        "encoding": getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(False),
    }


def _lacks(extra: str, packages: Iterable[Package]) -> tuple[str, ...]:
    return tuple(each.lack for each in packages if each.extra == extra and each.lack is not None)


def _command(name: str, packages: tuple[Package, ...], git: Program) -> Readiness:
    if lacks := _lacks(BASE, packages):
        return Readiness(name, name, "not ready", lacks, installs=(installing(BASE),))
    extra = _EXTRA_OF.get(name, BASE)
    if extra != BASE and (lacks := _lacks(extra, packages)):
        return Readiness(name, name, "not ready", lacks, installs=(installing(extra),))
    if name in _PARTS:
        extra, part = _PARTS[name]
        if lacks := _lacks(extra, packages):
            return Readiness(name, name, "in part", lacks, part, (installing(extra),))
    if name in _GIT_PARTS and not git.is_ready:
        return Readiness(name, name, "in part", ("git",), _GIT_PARTS[name], (git.install,))
    return Readiness(name, name)


def _engine(found: Program, packages: tuple[Package, ...]) -> Readiness:
    title = f"serve --engine {found.name}"
    lacks, installs = list(_lacks("serve", packages)), []
    if lacks:
        installs.append(installing("serve"))
    if not found.is_ready:
        lacks.append(found.lack or f"{found.name} is not installed")
        installs.append(found.install)
    state: State = "not ready" if lacks else "ready"
    return Readiness(found.name, title, state, tuple(lacks), installs=tuple(installs))


def _pytest() -> Readiness:
    """Return whether pytest is there: rules have their tests in it, but nothing here needs it."""
    from importlib.util import find_spec

    title = "pytest --rule-cov"
    if find_spec("pytest") is not None:
        return Readiness("pytest", title)
    return Readiness("pytest", title, "not ready", ("pytest",), installs=("pip install pytest",))
