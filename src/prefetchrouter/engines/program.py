"""`Engine`: an installed program that serves rules, and the options that it is started with."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from prefetchrouter.engines.purge_request import PurgeRequest
from prefetchrouter.errors import LiveEdgeError, ServeError
from prefetchrouter.targets import Target

_ELSEWHERE = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Folders of programs that are not on everyone's PATH."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What `serve` says to an engine.

    Args:
        origins: URLs by the names of origins, in place of those of the property; ``""`` for all others.
        listen: The address to listen on.
        port: The port; never 0.
        scheme: The scheme that rules see.
        host: The host that rules see instead of this machine's names; None for that of the property.
        facts: Facts about each visitor, such as ``{"location.country": "DE"}``.
        cache_bytes: The size of the cache.
        cache_status: Whether responses have `Cache-Status`.
        quiet: Whether no line is printed for each request.
        purge_port: Where purges from this machine are taken; None for nowhere.
        answer_seconds: How long an origin may take until the head of its response, in whole seconds.
    """

    origins: Mapping[str, str] = field(default_factory=dict)
    listen: str = "127.0.0.1"
    port: int = 8080
    scheme: Literal["http", "https"] = "https"
    host: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    cache_bytes: int = 256 * 1024 * 1024
    cache_status: Literal["on", "debug", "off"] = "on"
    quiet: bool = False
    purge_port: int | None = None
    answer_seconds: int = 60


class Engine(ABC):
    """A program that serves what a target has built.

    A new engine is a subclass with the class attributes, `target` and `command`, and a line in the registry.

    Args:
        path: The path of its program; None to look for it.
    """

    name: ClassVar[str]
    """What `--engine` calls it."""

    program: ClassVar[str]
    """The name of its program."""

    install: ClassVar[str]
    """The command that installs it."""

    built_file: ClassVar[str] = ""
    """A file by which a folder that was built for it is known; empty if it has no purge."""

    version_option: ClassVar[str] = "--version"
    """The option with which the program prints its version."""

    oldest: ClassVar[tuple[int, ...]] = ()
    """The oldest version that runs the target; empty for all of them."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path

    @abstractmethod
    def target(self, options: EngineOptions) -> Target:
        """Return the target whose files it reads, with the origins and settings of the options."""

    @abstractmethod
    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that serves what was built, in the foreground, until SIGTERM.

        Args:
            folder: The folder with the files of the target; the program runs in it and may write there.
            options: Where to listen, and the rest.
        """

    def environment(self, options: EngineOptions) -> dict[str, str]:
        """Return environment variables that the program needs besides those of `serve`."""
        return {}

    def reload(self, folder: Path, process: int) -> bool:
        """Let the running program read what was built anew; return False if it has to be restarted.

        Args:
            folder: The folder, already with the new files.
            process: The id of the running program.
        """
        return False

    def purge(self, folder: Path, wanted: PurgeRequest) -> int | None:
        """Remove stored responses from the program that runs with the files of a folder.

        Args:
            folder: The folder that was built for the engine, such as ``dist/nginx``.
            wanted: Which ones.

        Returns:
            How many there were; None if the program does not say.

        Raises:
            LiveEdgeError: They cannot be removed, for example because the program does not run.
        """
        raise LiveEdgeError.of("live-edge", f"{self.name} has no purge of this kind")

    def lacks(self, program: str) -> str | None:
        """Return what an installed program lacks to run the target, such as a module, or None.

        Args:
            program: The path of the program, which may be run.
        """
        return None

    def located(self) -> str | None:
        """Return the path of the program, or None if it is not installed."""
        if self._path is not None:
            return self._path
        folders = os.pathsep.join((os.environ.get("PATH", os.defpath), *_ELSEWHERE))
        return shutil.which(self.program, path=folders)

    def found(self) -> str:
        """Return the path of the program.

        Raises:
            ServeError: It is not installed.
        """
        path = self.located()
        if path is None:
            raise ServeError.of(
                "serve", f"--engine {self.name}: {self.program} is not installed", hint=self.install
            )
        return path
