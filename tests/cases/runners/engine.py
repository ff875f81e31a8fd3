"""What an engine is to the cases: something that serves rules at an address."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cases.runners.case import Purge, State
from cases.runners.comparing import Fields
from cases.runners.playing import CannotPurge
from edge.waiting import PATIENCE
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.support import SupportTable

_PORTS = 11_000, 32_000
"""Below those that systems choose by themselves, which origins and other programs get meanwhile."""


@dataclass(frozen=True)
class Site:
    """What an engine serves.

    Args:
        folder: Its own folder, for built files, logs and sockets; it is removed afterwards.
        routes: The routes file.
        rules: The same, loaded. Loading is not safe in threads: use these.
        origins: URLs by the names of origins; the default under ``""``. Empty where the property names them.
        answer_seconds: How long origins may take until their response begins; None for what the engine has.
    """

    folder: Path
    routes: Path
    rules: RuleSet
    origins: Mapping[str, str]
    answer_seconds: int | None = None


class NotStarted(Exception):
    """An engine does not serve these rules; the message has what it printed."""


class Engine(ABC):
    """An engine that serves one set of rules; several run at once, each in its own folder.

    `start`, `stop` and `purge` may block: they run in threads.
    """

    name: ClassVar[str]
    """How tests name it."""

    needs: ClassVar[tuple[str, ...]] = ()
    """Programs, by the names that `machine.missing` knows."""

    support: ClassVar[SupportTable]
    """Where it may differ: a case may fail if it concerns what is approximate or missing here."""

    at_once: ClassVar[int] = 8
    """How many of it run at once."""

    cases_at_once: ClassVar[int] = 8
    """How many cases run at once on one of it; each has its own host."""

    most_listed: ClassVar[float] = 0.05
    """The largest share of all cases that may differ, whatever the support table lists."""

    validates_bodies: ClassVar[bool] = False
    """Where its table has E16 as approximate: whether responses with a body are validated."""

    added: ClassVar[Mapping[str, str]] = {}
    """Request headers that the platform adds on the way to an origin, each with the reason why it stays."""

    @abstractmethod
    def start(self, site: Site) -> str:
        """Serve, and return the address, such as ``"http://127.0.0.1:8080"``, once it answers.

        Raises:
            NotStarted: It does not serve these rules.
        """

    @abstractmethod
    def stop(self) -> None:
        """End everything that `start` began; also after a `start` that failed."""

    def purge(self, purge: Purge) -> None:
        """Remove stored responses; return when they are removed.

        Raises:
            CannotPurge: The engine has no such purge.
        """
        raise CannotPurge(f"{self.name} has no purge")

    @staticmethod
    def purge_by_command(purge: Purge, *where: str) -> None:
        """Remove stored responses with `prefetchrouter purge`.

        Args:
            purge: What is removed.
            where: The options that name the engine.

        Raises:
            CannotPurge: The command fails.
        """
        tags = [part for tag in purge.tags for part in ("--tag", tag)]
        urls = [part for url in purge.urls for part in ("--url", url)]
        command = [sys.executable, "-m", "prefetchrouter", "purge", *((tags + urls) or ["--all"]), *where]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode:
            raise CannotPurge(done.stderr)

    def states(self, headers: Fields) -> frozenset[State] | None:
        """Return how the cache can have handled a request, by its response, or None if that is unknown.

        The default reads `Cache-Status` (RFC 9211): whether the response was stored.
        """
        values = [text for name, text in headers if name == "cache-status"]
        if not values:
            return None
        own = values[-1].rpartition(",")[2]
        if ";hit" in own:
            return frozenset(("hit", "stale", "stale-error"))
        return frozenset(("miss", "coalesced", "pass", "revalidated", "stale-error"))


class ProgramEngine(Engine):
    """An engine that is a program: a subclass says how to prepare and start it.

    Example:
        >>> class Sleeper(ProgramEngine):
        ...     name = "sleeper"
        ...     support = SupportTable()
        ...     def command(self, site: Site, port: int) -> Sequence[str]:
        ...         (site.folder / "conf").write_text(f"listen {port}")
        ...         return ["sleeper", "--conf", str(site.folder / "conf")]
    """

    environment: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._log: Path | None = None

    @abstractmethod
    def command(self, site: Site, port: int) -> Sequence[str]:
        """Write what the program reads into ``site.folder``, and return the command that serves at a port.

        It stays in the foreground. An error of prefetchrouter about these rules may pass through.
        """

    def ready(self, port: int) -> bool:
        """Return whether it serves; by default, whether the port takes connections."""
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    def start(self, site: Site) -> str:
        port = free_port()
        command = self.command(site, port)
        self._log = site.folder / "engine.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=site.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while not self.ready(port):
            if self.process.poll() is not None:
                raise NotStarted(f"{self.name} ended with {self.process.returncode}:\n{self.log}")
            if time.monotonic() > end:
                raise NotStarted(f"{self.name} does not answer:\n{self.log}")
            time.sleep(0.01)
        return f"http://127.0.0.1:{port}"

    @property
    def log(self) -> str:
        """The end of what the program printed."""
        return self._log.read_text("utf-8", "replace")[-3000:] if self._log else ""

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        for how in (signal.SIGTERM, signal.SIGKILL):  # all of its group: workers outlive their master
            try:
                os.killpg(process.pid, how)
            except (ProcessLookupError, PermissionError):
                break
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                continue
        process.wait(PATIENCE)


def free_port() -> int:
    """Return a port that is free now, and that no system gives to those who want any port."""
    while True:
        port = random.randrange(*_PORTS)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
