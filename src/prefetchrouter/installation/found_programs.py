"""Engines and browsers of this machine: where they are, in which version, and what they lack."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

Kind = Literal["engine", "browser", "tool"]

_SECONDS: Final = 20.0
"""How long a program may take to print its version."""

_BROWSERS: Final = {
    "chromium": ("chromium", "chromium-browser"),
    "chrome": (
        "google-chrome-stable", "google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "edge": (
        "microsoft-edge-stable", "microsoft-edge",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "firefox": ("firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    "safari": ("/Applications/Safari.app/Contents/MacOS/Safari",),
}  # fmt: skip
"""The programs of each browser: those on PATH, and where macOS has them."""

_SILENT: Final = frozenset({"safari"})
"""Browsers that have no option for their version: it would open a window."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that commands can use.

    Args:
        name: What we call it, such as ``"nginx"``.
        kind: What it is for.
        path: Where it is, None if it is not installed.
        version: Its version, None if it says none.
        lack: Why it cannot be used although it is installed; None if it can.
        install: The command that installs it, or where to get it.
    """

    name: str
    kind: Kind
    path: str | None
    version: str | None = None
    lack: str | None = None
    install: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether commands can use it."""
        return self.path is not None and self.lack is None


def find_engines() -> tuple[Program, ...]:
    """Return the engines of `serve --engine`; their versions are looked up in parallel."""
    from prefetchrouter.engines.programs import ENGINES

    return _in_parallel([partial(_engine, name) for name in ENGINES])


def find_browsers() -> tuple[Program, ...]:
    """Return the browsers that are on this machine."""
    found = _in_parallel([partial(_browser, name) for name in _BROWSERS])
    return tuple(each for each in found if each.path is not None)


def find_tool(name: str, install: str) -> Program:
    """Return a program of another kind, such as git."""
    path = shutil.which(name)
    version = printed_version(path, "--version")[0] if path else None
    return Program(name, "tool", path, version, install=install)


def printed_version(program: str, option: str) -> tuple[str | None, str | None]:
    """Return the version that a program prints, and why there is none.

    Example:
        >>> printed_version(sys.executable, "--version")[0].count(".")
        2
    """
    try:
        done = subprocess.run(
            [program, option], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, f"it does not print its version within {_SECONDS:.0f} s"
    except OSError as error:
        return None, f"it does not start: {error.strerror or type(error).__name__}"
    for text in (done.stdout, done.stderr):  # nginx and Varnish print theirs to standard error
        if found := re.search(r"\d+(?:[.-]\d+)*", text):
            return found[0], None
    return None, f"it prints no version with {option}, exit code {done.returncode}"


def _engine(name: str) -> Program:
    from prefetchrouter.engines.programs import engine_named

    engine = engine_named(name)
    path = engine.located()
    if path is None:
        return Program(engine.name, "engine", None, install=engine.install)
    version, lack = printed_version(path, engine.version_option)
    if lack is None and version is not None:
        if _numbers(version) < engine.oldest:
            lack = f"{'.'.join(map(str, engine.oldest))} or later is needed"
        else:
            try:
                lack = engine.lacks(path)
            except (OSError, subprocess.SubprocessError) as error:
                lack = f"it does not run: {error}"
    return Program(engine.name, "engine", path, version, lack, engine.install)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _browser(name: str) -> Program:
    for program in _BROWSERS[name]:
        path = shutil.which(program)
        if path is None:
            continue
        if name in _SILENT or sys.platform == "win32":
            return Program(name, "browser", path)
        version, lack = printed_version(path, "--version")
        return Program(name, "browser", path, version, lack)
    return Program(name, "browser", None)


def _in_parallel(work: Sequence[Callable[[], Program]]) -> tuple[Program, ...]:
    with ThreadPoolExecutor(max_workers=min(4, 1 + (os.cpu_count() or 1))) as threads:
        return tuple(threads.map(lambda find: find(), work))
