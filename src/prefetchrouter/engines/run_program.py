"""Serves a site with an installed program: builds its target, starts it, and reloads it when rules change."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any, Final, TextIO

from prefetchrouter.authoring.loader import Routes
from prefetchrouter.edge.origins import Origins
from prefetchrouter.edge.running.loading_process import load_apart
from prefetchrouter.edge.running.preparing import given_origins, wanted_origins
from prefetchrouter.edge.running.reloading import watch
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.edge.running.signals import receive_signals
from prefetchrouter.engines.folder_origins import as_urls
from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.errors import Diagnostic, PrefetchRouterError, ServeError
from prefetchrouter.output.building import build, write
from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
from prefetchrouter.report.table import Style
from prefetchrouter.rules.rule_set import RuleSet

_START_SECONDS: Final = 60.0
"""How long a program may take until it listens."""
_STOP_SECONDS: Final = 10.0
_LISTEN_ON_ALL: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


async def serve(engine: Engine, settings: ServeSettings, out: TextIO) -> int:
    """Serve with a program until a signal ends this process; return 0.

    Args:
        engine: The engine.
        settings: The options of the command.
        out: Where messages and what the program prints go.

    Raises:
        ServeError: It cannot serve; it lists every reason.
    """
    engine.found()
    loaded = await load_apart(
        settings.routes, debug=settings.debug, unsupported_conditions=settings.unsupported_conditions
    )
    if loaded.error is not None:
        raise ServeError(*loaded.error.diagnostics)
    assert loaded.routes is not None
    if settings.strict and loaded.routes.warnings:
        raise ServeError(*loaded.routes.warnings)
    rules = loaded.routes.rule_set
    if problems := list(_problems(rules, settings)):
        raise ServeError(*problems)
    async with as_urls(given_origins(rules, settings.origins), settings.limits) as origins:
        with tempfile.TemporaryDirectory(prefix=f"prefetchrouter-{engine.name}-") as folder:
            run = _Run(engine, settings, _options(settings, origins), Path(folder), out)
            run.build(rules)
            with receive_signals(lambda: None) as received:
                await run.start()
                run.print_serving(loaded.routes)
                ending = asyncio.create_task(received.once.wait())
                watching = asyncio.create_task(
                    watch(
                        settings.routes, loaded, run, unsupported_conditions=settings.unsupported_conditions
                    )
                    if settings.reload
                    else received.once.wait()
                )
                try:
                    return await run.until(ending)
                finally:
                    ending.cancel()
                    watching.cancel()
                    await asyncio.gather(ending, watching, return_exceptions=True)
                    await run.stop()


def _problems(rules: RuleSet, settings: ServeSettings) -> list[Diagnostic]:
    """Return what is wrong with the origins of rules and options."""
    try:
        origins = Origins(rules.property, given_origins(rules, settings.origins), limits=settings.limits)
    except PrefetchRouterError as error:
        return list(error.diagnostics)
    found = []
    for name, source in wanted_origins(rules).items():
        for problem in origins.check([name]):
            message, _, hint = problem.rpartition("; ")
            found.append(Diagnostic("serve", message, source, hint=hint))
    if settings.https:
        found.append(
            Diagnostic(
                "serve", "--https with --engine", hint="end TLS in front of the engine; rules see --scheme"
            )
        )
    return found


def _options(settings: ServeSettings, origins: dict[str, str]) -> EngineOptions:
    return EngineOptions(
        origins=origins,
        listen=settings.listen,
        port=settings.port or _free_port(settings.listen),
        scheme=settings.scheme,
        host=settings.host,
        facts=settings.facts,
        cache_bytes=settings.limits.cache_bytes,
        cache_status=settings.cache_status,
        quiet=settings.quiet,
        purge_port=settings.pages_port,
        answer_seconds=ceil(settings.limits.answer_seconds),
    )


def _free_port(listen: str) -> int:
    """Return a port that is free now: most programs cannot say which one they were given."""
    with socket.socket(socket.AF_INET6 if ":" in listen else socket.AF_INET) as one:
        one.bind((listen, 0))
        port: int = one.getsockname()[1]
        return port


class _Run:
    """One program with its folder; it is notified of changed rules."""

    def __init__(
        self, engine: Engine, settings: ServeSettings, options: EngineOptions, folder: Path, out: TextIO
    ) -> None:
        self._engine, self._settings, self._options = engine, settings, options
        self._folder, self._out = folder, out
        self._process: Process | None = None
        self._warnings: tuple[Diagnostic, ...] = ()
        self._guard: Process | None = None
        self._ended = asyncio.Event()
        self._is_restarting = False
        self._reading: asyncio.Task[None] | None = None

    def build(self, rules: RuleSet) -> None:
        """Write the files of the target.

        Raises:
            PrefetchRouterError: The target cannot express the rules.
        """
        made = build(
            rules,
            targets=[self._engine.target(self._options)],
            navigation=self._settings.page_navigation(rules),
        )
        write(made, self._folder)
        self._warnings = made.warnings
        if made.warnings and self._process is None and self._settings.form != "json":
            self._print(diagnostics_text(made.warnings, Style.of(self._out)))

    async def start(self) -> None:
        """Start the program, and return once it listens.

        Raises:
            ServeError: It ended, or does not listen.
        """
        command = self._engine.command(self._folder, self._options)
        environment = {**os.environ, **self._engine.environment(self._options)}
        if _listens(self._options):
            port = self._options.port
            raise ServeError.of("serve", f"port {port} is in use", hint="--port 0 picks a free one")
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self._folder, env=environment, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._process = process
        self._guard = await _guard_of(process.pid)
        lines: list[str] = []
        self._reading = asyncio.create_task(self._read(process, lines))
        end = asyncio.get_running_loop().time() + _START_SECONDS
        while not _listens(self._options):
            late = asyncio.get_running_loop().time() > end
            if process.returncode is not None or late:
                await self.stop()
                what = "does not listen" if late else f"ended with {process.returncode}"
                said = "".join(f"\n  {line}" for line in lines[-10:])
                raise ServeError.of("serve", f"{self._engine.name} {what}{said}")
            await asyncio.sleep(0.02)

    async def _read(self, process: Process, lines: list[str]) -> None:
        """Print what the program prints; until it listens, keep it for the error."""
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            lines.append(line)
            del lines[:-100]
            if not self._settings.quiet:
                self._print(line)
        await process.wait()
        if process is self._process and not self._is_restarting:
            self._ended.set()

    async def until(self, ending: asyncio.Task[Any]) -> int:
        """Return 0 when a signal came.

        Raises:
            ServeError: The program ended by itself.
        """
        ended = asyncio.create_task(self._ended.wait())
        await asyncio.wait([ending, ended], return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not ending.done():
            code = self._process.returncode if self._process else None
            raise ServeError.of("serve", f"{self._engine.name} ended with {code}")
        return 0

    async def stop(self) -> None:
        """End the program with all its processes."""
        process, self._process = self._process, None
        guard, self._guard = self._guard, None
        if guard is not None:
            with suppress(ProcessLookupError):
                guard.kill()
            await guard.wait()
        if process is not None:
            for how in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, how)
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), _STOP_SECONDS)
                    break
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    async def changed(self, routes: Routes) -> None:
        """Serve changed rules; if the target cannot express them, the old ones stay."""
        try:
            self.build(routes.rule_set)
        except PrefetchRouterError as error:
            self.wrong(error)
            return
        assert self._process is not None
        if not await asyncio.to_thread(self._engine.reload, self._folder, self._process.pid):
            self._is_restarting = True
            await self.stop()
            await self.start()
            self._is_restarting = False
        if self._settings.form == "json":
            self._event("changed", rules=len(routes.rule_set.rules))
        else:
            self._print(f"{self._settings.routes} has changed: {len(routes.rule_set.rules)} rules")

    def wrong(self, error: PrefetchRouterError) -> None:
        """Report that the old rules stay, and why."""
        if self._settings.form == "json":
            self._event("wrong", errors=diagnostics_json(error.diagnostics))
        else:
            self._print(diagnostics_text(error.diagnostics, Style.of(self._out)))

    def slow(self, seconds: float) -> None:
        """Report that changed rules are still loading."""
        if self._settings.form != "json":
            self._print(f"{self._settings.routes} is still loading after {seconds:g} seconds")

    def print_serving(self, routes: Routes) -> None:
        """Print the address, the engine and the rules."""
        address = self._settings.address(self._options.port)
        count = len(routes.rule_set.rules)
        if self._settings.form == "json":
            self._event(
                "serving", address=address, port=self._options.port, rules=count, engine=self._engine.name,
                warnings=diagnostics_json(self._warnings),
            )  # fmt: skip
        else:
            self._print(f"{self._engine.name} serves {self._settings.routes} at {address}: {count} rules")

    def _event(self, name: str, **facts: Any) -> None:
        self._print(json.dumps({"event": name, **facts}, separators=(",", ":")))

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


async def _guard_of(group: int) -> Process:
    """Start what ends a process group once this process is gone, even if it is killed."""
    wait = "import os, signal, sys; sys.stdin.read(); os.killpg(int(sys.argv[1]), signal.SIGTERM)"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", "-c", wait, str(group),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _listens(options: EngineOptions) -> bool:
    host = _LISTEN_ON_ALL.get(options.listen, options.listen)
    try:
        socket.create_connection((host, options.port), 1).close()
    except OSError:
        return False
    return True
