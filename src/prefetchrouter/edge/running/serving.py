"""Serves a site under its rules, from the start to a clean shutdown."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, TextIO, TypeVar

from prefetchrouter.edge.clients.server import EdgeServer
from prefetchrouter.edge.descriptors import raise_limit
from prefetchrouter.edge.logging.access_log import AccessLog
from prefetchrouter.edge.logging.line_file import LineFile
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.running.app import App
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.folder_changes import folders_among, watch_folders
from prefetchrouter.edge.running.loading_process import Loaded, load_apart
from prefetchrouter.edge.running.preparing import certificate, origins_of, problems
from prefetchrouter.edge.running.reloading import watch
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.edge.running.signals import ReceivedSignals, receive_signals
from prefetchrouter.errors import Diagnostic, PrefetchRouterError, ServeError, shown
from prefetchrouter.http.message import Request
from prefetchrouter.regex import bounded
from prefetchrouter.rules.rule_set import RuleSet

_THIS_MACHINE = "127.0.0.1"
Opened = TypeVar("Opened", bound=LineFile)

INTERRUPTED = 130
"""The exit code when a second signal aborted open requests."""

_COLLECTED_AFTER = 20_000
"""The threshold of the cycle collector: requests leave hardly any reference cycles."""


async def serve(settings: ServeSettings, out: TextIO) -> int:
    """Serve until a signal ends the process; return 0, or 130 after a second signal.

    Args:
        settings: The options of the command.
        out: The stream for requests and messages.

    Raises:
        ServeError: The edge cannot serve; it lists every reason.
    """
    raise_limit()
    reporter = ConsoleReporter(settings, out)
    log: AccessLog | None = None
    beacons: LineFile | None = None
    try:
        loaded = await load_apart(
            settings.routes, debug=settings.debug, slow=reporter.slow,
            unsupported_conditions=settings.unsupported_conditions,
        )  # fmt: skip
        if settings.strict and loaded.routes is not None and loaded.routes.warnings:
            raise ServeError(*loaded.routes.warnings)
        log = _access_log(settings, reporter)
        beacons = _beacon_file(settings, reporter)
        app, server = await _opened(settings, loaded, reporter, log, beacons)
        try:
            pages = await _pages(settings, app)
        except ServeError:
            await _close(app, [server])
            raise
        gc.enable()
        gc.freeze()
        gc.set_threshold(_COLLECTED_AFTER)
        reporter.serving(server.port, app.rules, app.manifest_rules, pages.port if pages else None)
        reporter.warned(loaded.routes.warnings if loaded.routes else ())
        bounds = nullcontext() if settings.allow_slow_regexes else bounded()
        with bounds, receive_signals(lambda: _reopen(log, beacons)) as received:
            tasks = [
                asyncio.create_task(_watch(settings, loaded, app, reporter)),
                asyncio.create_task(_watch_folders(settings, app, reporter)),
                asyncio.create_task(_read_again(settings, app, received, reporter)),
            ]
            await received.once.wait()
            for task in tasks:
                task.cancel()
            is_clean = await _closed(app, [server, *([pages] if pages else [])], received, reporter)
            await asyncio.wait(tasks)
        reporter.ended(app.request_log.counters)
        return 0 if is_clean else INTERRUPTED
    finally:
        for file in (log, beacons):
            if file is not None and (left := await asyncio.to_thread(file.close)):
                reporter.trouble(f"{left:,} lines of {file.what} could not be written")
        reporter.close()


def _reopen(*files: LineFile | None) -> None:
    for file in files:
        if file is not None:
            file.reopen()


def _access_log(settings: ServeSettings, reporter: ConsoleReporter) -> AccessLog | None:
    path, form = settings.access_log, settings.access_log_format
    if path is None:
        return None
    failed = _in_loop(reporter)
    return _writable("--access-log", path, lambda: AccessLog(path, form, failed))


def _beacon_file(settings: ServeSettings, reporter: ConsoleReporter) -> LineFile | None:
    path = settings.beacons
    if path is None:
        return None
    failed = _in_loop(reporter)
    return _writable("--beacons", path, lambda: LineFile(path, "the file of beacons", failed))


def _in_loop(reporter: ConsoleReporter) -> Callable[[str], None]:
    """Return what reports trouble from the thread of a writer."""
    loop = asyncio.get_running_loop()

    def failed(text: str) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(reporter.trouble, text)

    return failed


def _writable(option: str, path: Path, opened: Callable[[], Opened]) -> Opened:
    try:
        return opened()
    except OSError as error:
        raise ServeError.of(
            "serve",
            f"{option} {shown(str(path))} cannot be written: {error.strerror}",
            hint="name a file in a folder that is there and that you may write to",
        ) from error


async def _pages(settings: ServeSettings, app: App) -> EdgeServer | None:
    """Return the listening server of the pages; None without pages.

    It listens on the loopback interface only, whatever the site does.
    """
    if not settings.pages:
        return None
    port = settings.pages_port
    usual = settings.port + 1 if 0 < settings.port < 65535 else 0
    for tried in (usual, 0) if port is None else (port,):
        server = EdgeServer(app.pages, host=_THIS_MACHINE, port=tried, limits=settings.limits)
        try:
            await server.start()
        except ServeError:
            if port is not None or tried == 0:
                raise
            continue
        app.pages_address = f"http://localhost:{server.port}"
        return server
    raise AssertionError("a free port is tried last")


async def _read_again(
    settings: ServeSettings, app: App, received: ReceivedSignals, reporter: ConsoleReporter
) -> None:
    """Reload the routes file on each signal for that."""
    while True:
        await received.again.wait()
        received.again.clear()
        found = await load_apart(settings.routes, debug=settings.debug, slow=reporter.slow)
        if found.error is not None:
            app.wrong(found.error)
        elif found.routes is not None:
            await app.changed(found.routes, is_requested=True)


async def _watch(settings: ServeSettings, loaded: Loaded, app: App, reporter: ConsoleReporter) -> None:
    """Watch the routes file; if that fails, report it and go on serving."""
    if not settings.reload:
        return
    try:
        await watch(settings.routes, loaded, app, unsupported_conditions=settings.unsupported_conditions)
    except* Exception as group:
        reporter.unwatched("; ".join(map(str, group.exceptions)))


async def _watch_folders(settings: ServeSettings, app: App, reporter: ConsoleReporter) -> None:
    """Watch the folders that are origins; if that fails, report it and go on serving."""
    folders = folders_among(settings.origins.values()) if settings.reload else ()
    try:
        if folders:
            await watch_folders(folders, app.files_changed)
    except* Exception as group:
        reporter.trouble(f"{', '.join(folders)}: changes are not seen: {group.exceptions[0]}")


async def _opened(
    settings: ServeSettings,
    loaded: Loaded,
    reporter: ConsoleReporter,
    log: AccessLog | None,
    beacons: LineFile | None,
) -> tuple[App, EdgeServer]:
    """Return the app and its listening server.

    Raises:
        ServeError: Everything that is wrong with rules, origins, certificate and address.
    """
    found: list[Diagnostic] = list(loaded.error.diagnostics) if loaded.error else []
    rules = loaded.routes.rule_set if loaded.routes else RuleSet(rules=())
    request_log = RequestLog()
    own, origins = None, None
    try:
        own = certificate(settings)
    except ServeError as error:
        found += error.diagnostics
    try:
        Request("/", facts=settings.facts)
    except PrefetchRouterError as error:
        found += error.within("--fact").diagnostics
    try:
        origins = origins_of(rules, settings, request_log)
    except PrefetchRouterError as error:
        found += error.diagnostics
    if loaded.routes is not None and origins is not None:
        found += problems(rules, origins, settings)
    if found or origins is None:
        found += await _problems_of_address(settings)
        raise ServeError(*found)
    await origins.start()
    app = App(rules, origins, settings, request_log, reporter, log, beacons)
    server = EdgeServer(
        app, host=settings.listen, port=settings.port, limits=settings.limits, certificate=own,
        on_refused=app.refused, on_shortage=reporter.short,
    )  # fmt: skip
    try:
        await server.start()
    except ServeError:
        await app.close()
        raise
    return app, server


async def _problems_of_address(settings: ServeSettings) -> tuple[Diagnostic, ...]:
    server = EdgeServer(_nobody, host=settings.listen, port=settings.port, limits=settings.limits)
    try:
        await server.start()
    except ServeError as error:
        return error.diagnostics
    await server.stop()
    return ()


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """Serve nothing: only to check that the address is available."""


async def _closed(
    app: App, servers: Sequence[EdgeServer], received: ReceivedSignals, reporter: ConsoleReporter
) -> bool:
    """Finish open requests; return False if a second signal aborted them."""
    ending = asyncio.create_task(_close(app, servers))
    impatient = asyncio.create_task(received.twice.wait())
    done, _ = await asyncio.wait([ending], timeout=_SOON_SECONDS)
    if not done:
        reporter.ending()
    await asyncio.wait([ending, impatient], return_when=asyncio.FIRST_COMPLETED)
    is_clean = ending.done()
    for task in (ending, impatient):
        task.cancel()
    await asyncio.gather(ending, impatient, return_exceptions=True)
    return is_clean


async def _close(app: App, servers: Sequence[EdgeServer]) -> None:
    await asyncio.gather(*(server.stop() for server in servers))
    await app.close()


_SOON_SECONDS = 0.3
"""After how long open requests are reported at shutdown."""
